#!/usr/bin/env bash
# Puts the Python packages that some tests hold our files to into .build/python. Without them these tests are skipped, so it
# is no error when they can't be had.
set -euo pipefail
place=.build/python
packages=(tensorboard==2.21.0 safetensors==0.8.0 numpy)
wanted="${packages[*]}"
[ "$(cat $place/packages 2>/dev/null)" = "$wanted" ] && exit 0
echo "Python: fetching $wanted"
if ! { python3 -m venv --clear $place && $place/bin/python3 -m pip install --quiet "${packages[@]}"; } >/dev/null 2>&1; then
  rm -rf $place
  echo "Python: they can't be had here; the tests that need them are skipped."
  exit 0
fi
echo "$wanted" >$place/packages
