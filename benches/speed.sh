#!/bin/sh
# Times `valzer extract` and `valzer build` on one core over N articles made from corpus/dev: articles per second and
# peak memory, for 1,000 articles and for N.
#
#   benches/speed.sh [N]      10,000 by default
set -eu
cd "$(dirname "$0")/.."

n=${1:-10000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release --locked --quiet

timed() {
    # name, number of articles, command…
    python3 - "$@" <<'PY'
import resource, subprocess, sys, time
name, n, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
start = time.perf_counter()
code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{name:<8} {n:>8} articles  {seconds:7.2f} s  {n / seconds:8.0f} articles/s  {peak:7.1f} MiB at most  exit {code}")
PY
}

for size in 1000 "$n"; do
    python3 benches/make_corpus.py corpus/dev "$size" "$work/$size" >/dev/null
    timed ingest "$size" target/release/valzer ingest "$work/$size"
    timed extract "$size" target/release/valzer extract "$work/$size" --jobs 1
    timed build "$size" target/release/valzer build "$work/$size" -o "$work/out-$size" --jobs 1
done
