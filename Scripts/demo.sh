#!/usr/bin/env bash
# The whole workflow: trains, evaluates and verifies an adapter, and compares the methods.
set -euo pipefail
graft=.build/release/graft
run=runs/demo
adapter=$run/adapter.safetensors.zst

step() { printf '\n== %s\n\n' "$1"; }

step "Train LoRA: graft train Configs/sst2-lora.yaml --output $run"
$graft train Configs/sst2-lora.yaml --output $run

step "Evaluate the adapter on the unchanged base: graft evaluate --adapter $adapter"
$graft evaluate --adapter $adapter

step "Load the adapter, remove it, and check the base: graft verify $adapter"
$graft verify $adapter

compare=runs/demo-compare
step "Compare the methods with one seed: graft compare Configs/compare-sst2.yaml --set 'seeds=[42]' --output $compare"
$graft compare Configs/compare-sst2.yaml --set 'seeds=[42]' --output $compare

printf '\nThe run folder is %s; the adapter has %s bytes.\n' "$run" "$(wc -c <$adapter | tr -d ' ')"
