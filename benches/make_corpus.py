"""Writes N articles made from a gold folder, each with the names of its people and firms changed: a corpus of any size.

    python3 benches/make_corpus.py corpus/dev 10000 /tmp/articles

The same arguments give the same files. Names change by a syllable or two ("Neri" becomes "Neritova"), so that people and
firms of different copies are different, and a thousand files go into each folder.
"""

import json
import pathlib
import re
import sys

SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "zi", "co", "du", "ra"]


def suffix(n):
    """Returns a pronounceable ending for copy n; nothing for the first."""
    ending = ""
    while n:
        n, digit = divmod(n, len(SYLLABLES))
        ending += SYLLABLES[digit]
    return ending


def names(gold):
    """Returns the words to change: surnames, and the last long word of every firm's forms."""
    words = set()
    for row in gold["moves"] + gold["positions"]:
        words.add(row["person"].split()[-1])
        for slot in ("from_firm", "to_firm", "firm"):
            for form in row.get(slot) or []:
                words.update(w for w in (form or "").split()[:1] if len(w) > 3 and w[:1].isupper())
    return sorted(w for w in words if re.fullmatch(r"\w[\w'’-]*\w", w))


def main():
    folder, n, out = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    sources = []
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        text = path.with_suffix(".txt")
        if text.exists():
            gold = json.loads(path.read_text(encoding="utf-8"))
            pattern = re.compile(r"\b(?:%s)\b" % "|".join(map(re.escape, names(gold))) if names(gold) else r"(?!)")
            sources.append((path.stem, text.read_text(encoding="utf-8"), pattern))
    if not sources:
        sys.exit(f"no ID.json with ID.txt in {folder}")
    for i in range(n):
        copy, which = divmod(i, len(sources))
        stem, text, pattern = sources[which]
        ending = suffix(copy)
        part = out / f"{i // 1000:04}"
        part.mkdir(parents=True, exist_ok=True)
        # The number keeps articles without any name apart.
        text = pattern.sub(lambda m: m.group(0) + ending, text) + (f"\n\n({copy})\n" if copy else "")
        (part / f"{stem}-{copy}.txt").write_text(text, encoding="utf-8")
    print(f"{n} articles in {out}")


if __name__ == "__main__":
    main()
