#!/usr/bin/env bash
# Whole-process figures of the release build against a simulator in another process:
# CPU per row, peak memory, time to first row, start-up. Needs GNU time and curl.
#
# `benches/run.sh [SIGN_INS...]`; the default is 10,000 and 100,000 rows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -gt 0 ] || set -- 10000 100000
cargo build --release --locked
entraql="${CARGO_TARGET_DIR:-target}/release/entraql"
scratch=$(mktemp -d)
simulator=
trap 'kill $simulator 2>/dev/null || true; rm -rf "$scratch"' EXIT

start() {
  [ -z "$simulator" ] || kill "$simulator"
  "$entraql" simulate --world "bulk:$1" >"$scratch/env" &
  simulator=$!
  until grep -q ENTRAQL_GRAPH_URL "$scratch/env"; do :; done
  # shellcheck disable=SC1091
  source <(grep '^export' "$scratch/env")
}

# measure NAME ROWS ARGUMENTS...: prints microseconds of CPU per row, seconds, and peak memory.
measure() {
  local name=$1 rows=$2
  shift 2
  /usr/bin/time -o "$scratch/time" -f '%U %S %e %M' "$entraql" -q "$@" >/dev/null
  awk -v name="$name" -v rows="$rows" '{
    printf "%-34s %9d rows  %7.2f us CPU/row  %6.2f s  %5.0f MB\n",
      name, rows, ($1 + $2) * 1e6 / rows, $3, $4 / 1024 }' "$scratch/time"
}

five='id, created_date_time, user_principal_name, ip_address, app_display_name'
for rows in "$@"; do
  start "$rows"
  # The first pass makes the simulator build its pages.
  "$entraql" -q -c 'SELECT count(*) FROM non_interactive_sign_ins' >/dev/null
  measure 'every column to Parquet' "$rows" -c 'SELECT * FROM sign_ins' -o "$scratch/all.parquet"
  measure 'five columns to Parquet' "$rows" -c "SELECT $five FROM sign_ins" -o "$scratch/five.parquet"
  measure 'five columns to CSV' "$rows" -c "SELECT $five FROM sign_ins" --format csv
  # The OCSF events read the beta shape: all of its columns, in memory and as text, stand beside.
  kind="event_type = 'interactiveUser'"
  measure 'beta columns, decoded only' "$rows" -c "CREATE TABLE t AS SELECT * FROM all_sign_ins WHERE $kind"
  measure 'beta columns to NDJSON' "$rows" --format ndjson -c "SELECT * FROM all_sign_ins WHERE $kind"
  measure 'OCSF events to NDJSON' "$rows" --format ndjson \
    -c "SELECT * FROM ocsf.authentication WHERE logon_type = 'interactiveUser'"
  measure 'OCSF, five attributes to NDJSON' "$rows" --format ndjson \
    -c "SELECT time, user.name, src_endpoint.ip, status, actor.app_name
          FROM ocsf.authentication WHERE logon_type = 'interactiveUser'"
  measure 'no column (count)' "$rows" -c 'SELECT count(*) FROM sign_ins'
  measure 'first row' 1 -c 'SELECT id FROM sign_ins LIMIT 1'
done
measure 'start-up (--version)' 1 --version
measure 'start-up (SELECT 1)' 1 -c 'SELECT 1'
