# Read by the scripts that measure: where things are kept, and what they need from the registries.
# Everything is outside the repository, in $ENTRAQL_BENCH_HOME.
peers=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$peers/../.." && pwd)
export ENTRAQL_BENCH_HOME="${ENTRAQL_BENCH_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/entraql-bench}"
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$ENTRAQL_BENCH_HOME"

# $ENTRAQL_BIN is measured, or else a release build of this repository.
if [ -z "${ENTRAQL_BIN:-}" ]; then
  (cd "$repository" && cargo build --release --locked)
  export ENTRAQL_BIN="${CARGO_TARGET_DIR:-$repository/target}/release/entraql"
fi

# python_packages FOLDER REQUIREMENT...: a virtual environment, made once for each list.
python_packages() {
  local folder="$ENTRAQL_BENCH_HOME/$1" wanted
  shift
  wanted=$(sha256sum <<<"$*")
  if [ "$(cat "$folder/ready" 2>/dev/null)" != "$wanted" ]; then
    python3 -m venv --clear "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
    echo "$wanted" >"$folder/ready"
  fi
}

node_packages() {
  local folder="$ENTRAQL_BENCH_HOME/node"
  mkdir -p "$folder"
  if ! cmp --quiet "$peers/package.json" "$folder/package.json"; then
    cp "$peers/package.json" "$folder/"
    (cd "$folder" && npm install --no-audit --no-fund --no-package-lock --loglevel=error)
  fi
}

# A certificate for localhost, which nobody else has and nobody else trusts.
certificate() {
  local folder="$ENTRAQL_BENCH_HOME/tls"
  mkdir -p "$folder"
  [ -f "$folder/cert.pem" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 365 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
}
