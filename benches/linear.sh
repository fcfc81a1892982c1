#!/bin/sh
# How the work of extracting one article grows with its length: instructions, which no other load on the machine changes.
#
#     cargo build --release && benches/linear.sh [en|it]
#
# Joins 26, 52, 104 and 208 articles of corpus/dev, each copy with names of its own, into one text. Needs valgrind and python3.
set -eu
cd "$(dirname "$0")/.."
language=${1:-en}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 benches/make_corpus.py corpus/dev 416 "$place/news" >"$place/log"
before=0
for n in 26 52 104 208; do
    (
        cd "$place/news"
        find . -name "$language-*.txt" | sort -t- -k3n -k2n | head -n "$n" | while read -r file; do
            cat "$file"
            echo
        done
    ) >"$place/long.txt"
    count=$(valgrind --tool=callgrind --callgrind-out-file="$place/profile" \
        target/release/valzer extract "$place/long.txt" --jobs 1 2>&1 >"$place/claims" |
        sed -n 's/.*Collected : //p')
    echo "$(wc -w <"$place/long.txt") words: $count instructions$([ "$before" = 0 ] ||
        echo ", $((count * 100 / before)) % of the line before")"
    before=$count
done
