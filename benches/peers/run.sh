#!/usr/bin/env bash
# entraql and its peers against the same simulated Graph: CPU, wall clock, memory, requests.
# Needs Python 3.11, Node 20, npm and openssl; see benches/README.md.
#
# `benches/peers/run.sh [ROWS] [--runs N] [--scenario TEXT] [--client TEXT]`; the default is 20,000 rows.
set -euo pipefail
# shellcheck source=benches/peers/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
mapfile -t wanted <"$peers/requirements.txt"
python_packages venv "${wanted[@]}"
node_packages
certificate
exec "$ENTRAQL_BENCH_HOME/venv/bin/python" "$peers/run.py" "$@"
