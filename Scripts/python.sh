#!/usr/bin/env bash
# Installs into .build/python the Python packages that some tests compare Graft with. Without them, these tests are skipped,
# so it is not an error if they cannot be installed.
set -euo pipefail
place=.build/python
packages=(tensorboard==2.21.0 safetensors==0.8.0 numpy)
wanted="${packages[*]}"
[ "$(cat $place/packages 2>/dev/null)" = "$wanted" ] && exit 0
echo "Python: fetching $wanted"
if ! { python3 -m venv --clear $place && $place/bin/python3 -m pip install --quiet "${packages[@]}"; } >/dev/null 2>&1; then
  rm -rf $place
  echo "Python: these packages cannot be installed here; the tests that need them are skipped."
  exit 0
fi
echo "$wanted" >$place/packages
