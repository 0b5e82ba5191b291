#!/usr/bin/env bash
# Exports more and more sign-ins, every column to Parquet: CPU has to be linear, memory flat.
# Needs Python 3.11, and about 2.3 kB of memory for each row of the largest world.
#
# `benches/growth.sh [ROWS...] [--runs N]`; the default is 10,000, 100,000, 1,000,000 and 2,000,000 rows.
set -euo pipefail
# shellcheck source=benches/peers/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/peers/setup.sh"
python_packages check "$(grep '^pyarrow==' "$peers/requirements.txt")"
exec "$ENTRAQL_BENCH_HOME/check/bin/python" "$peers/growth.py" "$@"
