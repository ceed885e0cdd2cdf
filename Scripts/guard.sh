#!/usr/bin/env bash
# Counts the instructions of a training step, and fails when they are more than Benchmarks/instructions.txt allows: a guard
# against slower code that no clock is needed for. The model is a small one of the tests, so that what surrounds the products
# counts as much as they do. `guard.sh --record` writes the file anew.
set -euo pipefail
cd "$(dirname "$0")/.."
graft=.build/release/graft
record=Benchmarks/instructions.txt
tolerance=115 # per cent: compilers, libraries and processors differ a little

skip() {
  echo "Guard: skipped, $1."
  exit 0
}
command -v valgrind >/dev/null || skip "there is no valgrind to count instructions with"
grep -qw avx2 /proc/cpuinfo 2>/dev/null || skip "the recorded counts are those of loops for AVX2"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Valgrind stumbles over the debugging information of Swift programs.
strip -o "$folder/graft" "$graft"
mkdir "$folder/base"
cp Tests/TestSupport/Fixtures/bert/{config.json,model.safetensors} "$folder/base"
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' {a..z} >"$folder/base/vocab.txt"
awk 'BEGIN {
  print "text\tlabel"
  for (i = 0; i < 64; i++) {
    text = ""
    for (k = 0; k < 4 + i * 7 % 20; k++) text = text sprintf("%c ", 97 + (i * 5 + k * 3) % 26)
    print text "\t" i % 3
  }
}' >"$folder/data.tsv"

# Instructions of a whole training of $2 steps by method $1.
count() {
  cat >"$folder/config.yaml" <<YAML
base: $folder/base
task: custom
data: {path: $folder/data.tsv, held_out: 0.2}
method: {name: $1}
training: {max_steps: $2, batch_size: 16, workers: 1, eval_every: 0}
compute: {frozen_products: graft}
YAML
  SWIFT_DETERMINISTIC_HASHING=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    "$folder/graft" train "$folder/config.yaml" --output "$folder/run" >/dev/null 2>"$folder/log" ||
    skip "valgrind could not run the program: $(grep -v Collected "$folder/log" | tail -1)"
  awk '/Collected/ { print $NF }' "$folder/log"
}

failed=0
: >"$folder/record"
for method in lora houlsby prefix full; do
  few=$(count "$method" 2)
  many=$(count "$method" 12)
  [[ $few =~ ^[0-9]+$ && $many =~ ^[0-9]+$ ]] || skip "valgrind gave no count"
  step=$(((many - few) / 10))
  echo "$method $step" >>"$folder/record"
  allowed=$(awk -v method="$method" '$1 == method { print $2 }' "$record" 2>/dev/null || true)
  echo "Guard: $method, $step instructions a step (recorded: ${allowed:-none})"
  if [[ -n $allowed ]] && ((step * 100 > allowed * tolerance)); then failed=1; fi
done
if [[ ${1:-} == --record ]]; then
  cp "$folder/record" "$record"
elif ((failed)); then
  echo "Guard: more than $tolerance % of what $record has. Where it is meant: Scripts/guard.sh --record" >&2
  exit 1
fi
