#!/usr/bin/env bash
# Counts the instructions of a training step and fails if there are more than Benchmarks/instructions.txt allows. This detects
# slower code without measuring time. It uses a small model of the tests, so that the code around the products has as much
# weight as the products. `guard.sh --record` rewrites the file.
set -euo pipefail
cd "$(dirname "$0")/.."
graft=.build/release/graft
record=Benchmarks/instructions.txt
tolerance=115 # percent: compilers, libraries, and processors differ a little

skip() {
  echo "Guard: skipped, $1."
  exit 0
}
fail() {
  echo "Guard: $1" >&2
  exit 1
}
command -v valgrind >/dev/null || skip "valgrind is not installed"
grep -qw avx2 /proc/cpuinfo 2>/dev/null || skip "the recorded counts are for AVX2"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Valgrind cannot read the debug information of Swift programs.
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
cat >"$folder/config.yaml" <<'YAML'
base: base
task: custom
data: {path: data.tsv, held_out: 0.2}
method: {name: lora}
training: {max_steps: 2, batch_size: 16, workers: 1, eval_every: 0}
compute: {frozen_products: graft}
output: run
YAML
cd "$folder"
./graft train config.yaml >log 2>&1 || fail "training failed: $(tail -1 log)"

# Writes the number of instructions of $2 training steps with method $1 to the file `count`.
count() {
  SWIFT_DETERMINISTIC_HASHING=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    ./graft train config.yaml --set "method={name: $1}" --set "training.max_steps=$2" >/dev/null 2>log || return 1
  awk '/Collected/ { print $NF }' log >count
  grep -qE '^[0-9]+$' count
}

over=
for method in lora houlsby prefix full; do
  count "$method" 2 || skip "valgrind cannot run the program: $(tail -1 log)"
  few=$(<count)
  count "$method" 12 || skip "valgrind cannot run the program: $(tail -1 log)"
  step=$((($(<count) - few) / 10))
  echo "$method $step" >>counts
  if [[ ${1:-} == --record ]]; then
    echo "Guard: $method, $step instructions per step"
    continue
  fi
  allowed=$(awk -v method="$method" '$1 == method { print $2 }' "$OLDPWD/$record")
  [[ -n $allowed ]] || fail "$record has no count for $method; write it with Scripts/guard.sh --record"
  echo "Guard: $method, $step instructions per step, $((step * 100 / allowed)) % of the recorded count"
  if ((step * 100 > allowed * tolerance)); then over+=" $method"; fi
done
if [[ ${1:-} == --record ]]; then
  cp counts "$OLDPWD/$record"
elif [[ -n $over ]]; then
  fail "more than $tolerance % of the counts in $record:$over. If this is intended, run Scripts/guard.sh --record"
fi
