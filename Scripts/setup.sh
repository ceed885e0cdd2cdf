#!/usr/bin/env bash
# Installs missing dependencies of the build, or with `dist` those of the release files. Does nothing if all are present.
set -euo pipefail

fail() {
  echo "setup: $1" >&2
  exit 1
}

command -v swift >/dev/null || fail "no swift; install Swift 6.2 or later from https://www.swift.org/install"
command -v python3 >/dev/null || fail "no python3; install it (Debian: apt-get install python3 python3-pip)"

# The libraries of Homebrew are not on the compiler's search path; Swift finds them by the formulas in Package.swift.
if [[ $(uname -s) == Darwin ]]; then
  echo "Setup: Graft has not been tested on macOS; see Docs/installing.md for the libraries that it needs."
  exit 0
fi

# Whether a Debian package, or its header from another source, is installed.
has() {
  [[ $(dpkg-query --show --showformat '${Status}' "$1" 2>/dev/null) == *"ok installed" ]] ||
    printf '#include <%s>\n' "$2" | cc -E -x c - >/dev/null 2>&1
}

# oneDNN is optional; without it, the other libraries compute all products.
if ! has libdnnl-dev dnnl.h && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  echo "Setup: installing libdnnl-dev"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libdnnl-dev; } >/dev/null 2>&1 ||
    echo "Setup: libdnnl-dev cannot be installed here; Graft is built without oneDNN."
fi

missing=()
has libopenblas-dev cblas.h || missing+=(libopenblas-dev)
has libzstd-dev zstd.h || missing+=(libzstd-dev)
has zlib1g-dev zlib.h || missing+=(zlib1g-dev)
has libssl-dev openssl/evp.h || missing+=(libssl-dev)
if [[ ${1:-} == dist ]]; then
  has libcurl4-openssl-dev curl/curl.h || missing+=(libcurl4-openssl-dev)  # Foundation needs it when it is linked statically
fi
[ ${#missing[@]} -eq 0 ] && exit 0

command -v apt-get >/dev/null || fail "missing ${missing[*]}, and there is no apt-get; install OpenBLAS, zstd, zlib, and OpenSSL with their headers"
root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "missing ${missing[*]}; run as root: apt-get install ${missing[*]}"
  root=(sudo)
fi
echo "Setup: installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { "${root[@]}" apt-get update -qq && "${root[@]}" apt-get install -y -qq "${missing[@]}"; } >"$log" 2>&1; then
  fail "could not install ${missing[*]}: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")"
fi
