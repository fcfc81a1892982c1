#!/bin/sh
# Kills a build at random instants and looks whether the next one ends in the same bytes.
#
#   benches/kill.sh VALZER ARTICLES [ROUNDS]
#
# Each round: build into a new folder, kill -9 at a random instant, `check`, build again, compare the CSV files and a
# dump of the dataset with those of a build that nobody disturbed. Prints one line a round; fails on the first
# difference. Needs sqlite3.
set -eu

valzer=$1
articles=$2
rounds=${3:-50}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

dump() {
    for table in people person_names firms firm_names roles role_names positions moves move_evidence \
        position_evidence move_history claims evidence mentions article_sources; do
        echo "== $table"
        sqlite3 "$1" "select * from $table" | sort
    done
}

milliseconds() { date +%s%3N; }

start=$(milliseconds)
"$valzer" build "$articles" -o "$place/whole" >/dev/null
took=$(($(milliseconds) - start))
dump "$place/whole/valzer.sqlite" >"$place/whole.dump"
echo "an undisturbed build takes $took ms"

round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    out=$place/round
    rm -rf "$out"
    after=$(($(od -An -N4 -tu4 /dev/urandom) % (took + took / 10 + 1)))
    "$valzer" build "$articles" -o "$out" >/dev/null 2>&1 &
    pid=$!
    sleep "$(awk "BEGIN { print $after / 1000 }")"
    ended=killed
    kill -9 "$pid" 2>/dev/null || ended='ended by itself'
    wait "$pid" 2>/dev/null || true
    state='no database yet'
    if [ -e "$out/valzer.sqlite" ]; then
        "$valzer" check --db "$out" >"$place/check.txt" || { cat "$place/check.txt"; exit 1; }
        state="check passed, $(sqlite3 "$out/valzer.sqlite" 'select count(*) from articles') articles stored"
    fi
    "$valzer" build "$articles" -o "$out" >/dev/null
    dump "$out/valzer.sqlite" >"$place/round.dump"
    cmp "$place/whole.dump" "$place/round.dump"
    for file in "$place"/whole/*.csv; do
        cmp "$file" "$out/$(basename "$file")"
    done
    left=$(find "$out" -type f ! -name '*.csv' ! -name valzer.sqlite)
    [ -z "$left" ] || { echo "left behind: $left"; exit 1; }
    echo "round $round: $ended after $after ms, $state, then the same bytes"
done
