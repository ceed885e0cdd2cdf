#!/usr/bin/env bash
# The whole way in one go: train, evaluate the file over the untouched base, take it off, compare the methods.
set -euo pipefail
graft=.build/release/graft
run=runs/demo
adapter=$run/adapter.safetensors.zst

step() { printf '\n== %s\n\n' "$1"; }

step "Train LoRA: graft train Configs/sst2-lora.yaml --output $run"
$graft train Configs/sst2-lora.yaml --output $run

step "Evaluate the file over the untouched base: graft evaluate --adapter $adapter"
$graft evaluate --adapter $adapter

step "Put it on, take it off, compare: graft verify $adapter"
$graft verify $adapter

compare=runs/demo-compare
step "Compare the methods, one seed each: graft compare Configs/compare-sst2.yaml --set 'seeds=[42]' --output $compare"
$graft compare Configs/compare-sst2.yaml --set 'seeds=[42]' --output $compare

printf '\nThe run is in %s; the adapter takes %s bytes.\n' "$run" "$(wc -c <$adapter | tr -d ' ')"
