#!/usr/bin/env bash
# Prints the package traits to build with: those whose libraries are installed.
set -euo pipefail
if printf '#include <dnnl.h>\n' | cc -E -x c - >/dev/null 2>&1; then echo "--traits OneDNN"; fi
