#!/usr/bin/env bash
# Builds the documentation of the library's public interface into .build/docs; warnings are errors.
set -euo pipefail
swift package -c release $(Scripts/flags.sh) dump-symbol-graph --minimum-access-level public --skip-synthesized-members >/dev/null 2>&1 ||
  { echo "docs: cannot create the symbol graphs; does the package build?" >&2; exit 1; }
graphs=$(swift build -c release --show-bin-path)/../symbolgraph
docc=$(dirname "$(command -v swift)")/docc
[ -x "$docc" ] || docc=docc
rm -rf .build/docs
mkdir -p .build/docs
for target in Support Core Safetensors Tokenizers Transformer Hub TensorBoard LoRA Houlsby Prefix Baselines Methods AdapterFiles Inference \
  Exchange Harness; do
  mkdir -p ".build/docs/graphs/$target"
  cp "$graphs/Graft$target.symbols.json" ".build/docs/graphs/$target"
  "$docc" convert --fallback-display-name "Graft$target" --fallback-bundle-identifier "graft.Graft$target" \
    --additional-symbol-graph-dir ".build/docs/graphs/$target" --output-dir ".build/docs/Graft$target.doccarchive" \
    --warnings-as-errors >.build/docs/docc.log || { cat .build/docs/docc.log >&2; exit 1; }
  echo "Docs: .build/docs/Graft$target.doccarchive"
done
