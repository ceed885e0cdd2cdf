"""Runs fuzz-readers, and restarts it after every input that ends the process.

    python3 fuzz.py .build-asan/release/fuzz-readers [--inputs 2000000] [--seed 1]

Prints the counts of each reader, and every kind of failure with a command that reproduces one. Exits with code 1 if
there is any failure.
"""

import argparse
import collections
import os
import re
import struct
import subprocess
import tempfile
import time

# A reader that takes longer is killed; the tool itself reports readers that take more than a second.
PATIENCE = 60
SANITIZER = (
    "detect_leaks=0:quarantine_size_mb=16:allocator_may_return_null=0:max_allocation_size_mb=2048:detect_stack_use_after_return=0"
)
MAX_CRASHES = 200


def position(record):
    """Returns the number of the current input."""
    try:
        with open(record, "rb") as file:
            return struct.unpack("<q", file.read(8))[0]
    except (FileNotFoundError, struct.error):
        return None


def watch(process, record):
    """Waits for the end; kills a process that makes no progress. Returns whether it was killed."""
    last, since = None, time.monotonic()
    while True:
        try:
            process.wait(5)
            return False
        except subprocess.TimeoutExpired:
            now = position(record)
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                process.kill()
                process.wait()
                return True


def cause(text):
    """Returns the error message of a crashed process, without addresses."""
    for pattern in [r"ERROR: AddressSanitizer: [^\n]*", r"Fatal error: [^\n]*", r"Swift runtime failure: [^\n]*"]:
        found = re.search(pattern, text)
        if found:
            place = re.search(r" in (.{0,120}?/Sources/\S+?\.swift:\d+)", text)
            line = re.sub(r"0x[0-9a-f]+|\b\d{4,}\b", "…", found[0])
            return line + (f" at {place[1].rsplit(' ', 1)[-1]}" if place else "")
    return "ends without a message"


def report(options, readers, failures, rough, crashes, seconds):
    columns = ["inputs", "accepted", "refused", "failed", "rough", "µs each"]
    print(f"{'reader':<26}", *[f"{name:>9}" for name in columns])
    total = [0] * 5
    for name, *texts in readers:
        accepted, refused, failed, microseconds, unclean = counts = [int(text) for text in texts]
        inputs = accepted + refused + failed
        print(f"{name:<26}", *[f"{n:>9}" for n in [inputs, accepted, refused, failed, unclean, microseconds // max(inputs, 1)]])
        total = [a + b for a, b in zip(total, counts)]
    inputs = sum(total[:3])
    print(f"{'all':<26}", *[f"{n:>9}" for n in [inputs, *total[:3], total[4], total[3] // max(inputs, 1)]])
    print(f"{inputs + crashes} inputs in {seconds:.0f} s: {crashes} ended the process, {total[2]} failed otherwise.")
    tool = f"{options.tool} --seed {options.seed}"
    for (reader, _), found in sorted(failures.items(), key=lambda item: -len(item[1])):
        print(f"  {len(found)} x {reader}: {found[0][1][:300]}\n      {tool} --from {found[0][0]} --inputs 1 --keep .")
    if options.messages:
        print("Messages that the program must escape before printing them (it does):")
        for (reader, _), found in sorted(rough.items(), key=lambda item: -len(item[1])):
            print(f"  {len(found)} x {reader}: {found[0][1][:300]}\n      {tool} --from {found[0][0]} --inputs 1 --keep .")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("--inputs", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", action="store_true", help="also list messages with characters that control a terminal")
    options = parser.parse_args()
    failures, rough = collections.defaultdict(list), collections.defaultdict(list)
    begin = time.monotonic()
    start, crashes, readers = 0, 0, []
    environment = {**os.environ, "ASAN_OPTIONS": SANITIZER}
    with tempfile.TemporaryDirectory(prefix="graft-fuzz-") as folder:
        record = os.path.join(folder, "record")
        while start < options.inputs and crashes < MAX_CRASHES:
            with open(os.path.join(folder, "out"), "w+b") as out, open(os.path.join(folder, "err"), "w+b") as err:
                process = subprocess.Popen(
                    [
                        options.tool, "--seed", str(options.seed), "--from", str(start), "--inputs",
                        str(options.inputs - start), "--record", record,
                    ], stdout=out, stderr=err, env=environment)
                hung = watch(process, record)
                out.seek(0)
                err.seek(0)
                lines = out.read().decode(errors="replace").splitlines()
                errors = err.read().decode(errors="replace")
            for line in lines:
                kind, *fields = line.split("\t")
                if kind == "FAILED":
                    failures[fields[1], re.sub(r"[0-9]+|'[^']*'", "…", fields[2])[:90]].append((fields[0], fields[2]))
                if kind == "ROUGH":
                    rough[fields[1], fields[2].split(":")[0]].append((fields[0], fields[2]))
                if kind == "READER":
                    readers.append(fields)
            if process.returncode == 0:
                break
            number = position(record)
            if number is None or process.returncode == 2:
                raise SystemExit("\n".join(lines) + errors)
            crashes += 1
            failures["ends the process", "hangs" if hung else cause(errors)].append((str(number), errors[:300]))
            print(f"input {number}: {'hangs' if hung else cause(errors)}", flush=True)
            start = number + 1
    report(options, readers, failures, rough, crashes, time.monotonic() - begin)
    return bool(failures)


if __name__ == "__main__":
    raise SystemExit(main())
