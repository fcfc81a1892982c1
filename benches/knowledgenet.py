"""Measures positions against KnowledgeNet: who works for, leads or founded what, in sentences of English web pages.

    cargo build --release && python3 benches/knowledgenet.py knowledgenet.jsonl [target/release/valzer]

A line of the file is a document {id, text, passages: [{start, end, annotated}], facts: [{predicate, subject, object,
subject_uri, object_uri, subject_pronoun, object_pronoun}]}; places count code points. What is compared is the set of
(person, organisation) of each document and predicate. A person is right with a name of which one's words are among the
other's, an organisation with the same name, without article and legal form. Facts that need a pronoun are not asked for,
and finding them is no mistake. A wrong pair counts only where its sentence is annotated for the predicate.

EMPLOYEE_OR_MEMBER_OF is any position, CEO one with such a title, FOUNDED_BY a founder's title or a founding.
"""

import json
import re
import subprocess
import sys
import unicodedata

PREDICATES = ["EMPLOYEE_OR_MEMBER_OF", "CEO", "FOUNDED_BY"]
CEO = re.compile(r"\bceo\b|chief[ -]executive|amministratore delegato", re.I)
FOUNDER = re.compile(r"founder|founding|fondat", re.I)
LEGAL = set("inc incorporated ltd limited plc gmbh corp corporation co company llc llp lp sa ag nv spa".split())


def words(name):
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("'s ", " ")
    found = re.findall(r"\w+", plain)
    return found[1:] if found[:1] == ["the"] and len(found) > 1 else found


def firm(name):
    found = words(name)
    while len(found) > 1 and found[-1] in LEGAL:
        found.pop()
    return " ".join(found)


def is_person(name, forms):
    """Returns whether one of the forms is a name of the same person; of a pronoun without a name any may be one."""
    own = set(words(name))
    return not forms or any(own <= set(words(form)) or set(words(form)) <= own for form in forms)


def is_firm(name, forms):
    """Returns whether one of the forms is a name of the same organisation, as `is_person` does."""
    return not forms or firm(name) in {firm(form) for form in forms}


def gold_pairs(document):
    """Returns, by predicate, the names of person and organisation of each pair, and whether names alone tell it."""
    names = {}
    pairs = {predicate: {} for predicate in PREDICATES}
    for fact in document["facts"]:
        ends = []
        for end in ("subject", "object"):
            key = fact[end + "_uri"] or fact[end].casefold()
            if not fact[end + "_pronoun"]:
                names.setdefault(key, set()).add(fact[end])
            ends.append(key)
        person, organisation = ends if fact["predicate"] == PREDICATES[0] else reversed(ends)
        named = not fact["subject_pronoun"] and not fact["object_pronoun"]
        known = pairs[fact["predicate"]]
        known[person, organisation] = known.get((person, organisation), False) or named
    return {
        predicate: [(names.get(p, ()), names.get(o, ()), named) for (p, o), named in known.items()]
        for predicate, known in pairs.items()
    }


def found_pairs(claims):
    """Yields predicate, person, organisation and the start of the sentence of everything that the claims tell."""
    for position in claims["positions"]:
        if position["firm"]:
            start = min(e["start"] for e in position["evidence"] if e["slot"] == "sentence")
            row = position["person"], position["firm"], start
            yield (PREDICATES[0], *row)
            if CEO.search(position["role"] or ""):
                yield ("CEO", *row)
            if FOUNDER.search(position["role"] or ""):
                yield ("FOUNDED_BY", *row)
    for move in claims["moves"]:
        if move["kind"] == "founding" and move["status"] == "completed" and move["to_firm"]:
            start = min(e["start"] for e in move["evidence"] if e["slot"] == "sentence")
            yield ("FOUNDED_BY", move["person"], move["to_firm"], start)


def main():
    valzer = sys.argv[2] if len(sys.argv) > 2 else "target/release/valzer"
    with open(sys.argv[1], encoding="utf-8") as file:
        documents = [json.loads(line) for line in file]
    articles = "".join(
        json.dumps({"id": d["id"], "text": d["text"], "language": "en"}) + "\n" for d in documents
    )
    # It may leave out a copy or an empty text, and says so by its exit code.
    run = subprocess.run([valzer, "extract", "-"], input=articles.encode(), stdout=subprocess.PIPE, check=False)
    claims = {c["id"]: c for c in map(json.loads, run.stdout.splitlines())}
    counts = {predicate: [0, 0, 0] for predicate in PREDICATES}
    for document in documents:
        gold = gold_pairs(document)
        found = list(found_pairs(claims.get(document["id"], {"moves": [], "positions": []})))
        for predicate in PREDICATES:
            annotated = [p for p in document["passages"] if predicate in p["annotated"]]
            right, wrong = set(), set()
            for what, person, organisation, start in found:
                if what != predicate:
                    continue
                same = [
                    n
                    for n, (people, firms, _) in enumerate(gold[predicate])
                    if is_person(person, people) and is_firm(organisation, firms)
                ]
                right.update(same)
                if not same and any(p["start"] <= start < p["end"] for p in annotated):
                    wrong.add((person, organisation))
            asked = {n for n, pair in enumerate(gold[predicate]) if pair[2]}
            counts[predicate][0] += len(right & asked)
            counts[predicate][1] += len(wrong)
            counts[predicate][2] += len(asked - right)
    rows = [(p, *counts[p]) for p in PREDICATES]
    rows.append(("all", *(sum(column) for column in zip(*counts.values()))))
    print(f"{'predicate':<22} {'P':>6} {'R':>6} {'F1':>6}  right wrong missed")
    for name, right, wrong, missed in rows:
        p, r = right / max(right + wrong, 1), right / max(right + missed, 1)
        f = 2 * p * r / max(p + r, 1e-9)
        print(f"{name:<22} {p:6.3f} {r:6.3f} {f:6.3f}  {right:5} {wrong:5} {missed:6}")


if __name__ == "__main__":
    main()
