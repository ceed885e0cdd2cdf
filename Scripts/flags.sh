#!/usr/bin/env bash
# Prints the options of every optimized build: no debug information, to save time and space, and the package traits whose
# libraries are installed.
set -euo pipefail
echo "-debug-info-format none"
if printf '#include <dnnl.h>\n' | cc -E -x c - >/dev/null 2>&1; then echo "--traits OneDNN"; fi
