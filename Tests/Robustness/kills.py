"""Kills the program at random times and at chosen system calls, and checks that no file is lost or damaged.

    python3 kills.py GRAFT [--count 500] [--seed 1] [--jobs 2]
    python3 kills.py GRAFT --case train@fsync#3+train@0.41 --keep FOLDER

A case is one or more kills of the same command in one work folder. A kill happens at a fraction of the command's usual time
(train@0.41) or when the command is about to make its n-th system call of a name (train@fsync#3). After each kill, every output
must be absent, the complete old one, or the complete new one, and inputs must be unchanged. After the case, the command runs
normally: it must succeed and leave no files that a run without kills would not leave.
"""

import argparse
import collections
import concurrent.futures
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import strace
import workspace

SHARES = {"train": 30, "compare": 14, "apply": 10, "remove": 10, "pack": 8, "import": 8, "export": 8, "get": 12}
# The calls that change the disk, and related ones.
CALLS = {
    "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "unlink",
    "unlinkat", "rmdir", "ftruncate", "fchmod", "chmod", "link", "linkat", "flock", "close", "openat", "lseek",
}


class Kills:
    def __init__(self, graft, scratch, seed):
        self.graft = graft
        self.scratch = scratch
        self.random = random.Random(seed)
        self.template = os.path.join(scratch, "template")
        workspace.make_template(graft, self.template)
        self.server, self.hub = workspace.start_hub(scratch, self.template)
        commands = [workspace.COMMANDS[name] for name in SHARES]
        self.reference = workspace.Reference(graft, self.template, commands, scratch, self.hub)
        self.seconds, self.calls = {}, {}
        for command in commands:
            self.measure(command)

    def measure(self, command):
        """Measures the duration of a command, and records the calls at which it can be killed."""
        folder = self.copy(f"measure-{command.name}")
        begin = time.monotonic()
        workspace.run_plainly(self.graft, command, folder, self.hub)
        self.seconds[command.name] = time.monotonic() - begin
        shutil.rmtree(folder)
        folder = self.copy(f"measure-{command.name}")
        log = os.path.join(self.scratch, f"{command.name}.trace")
        strace.trace([self.graft, *command.arguments], log, cwd=folder, env=workspace.environment(self.hub))
        self.calls[command.name] = [call for call in strace.calls(log) if call.name in CALLS]
        shutil.rmtree(folder)

    def copy(self, name):
        folder = os.path.join(self.scratch, name)
        shutil.copytree(self.template, folder, symlinks=True)
        return folder

    def draw(self):
        """Draws a random case: which command, how many kills, and when."""
        name = self.random.choices(list(SHARES), SHARES.values())[0]
        kills = []
        for _ in range(self.random.choices([1, 2, 3], [50, 35, 15])[0]):
            if self.random.random() < 0.5:
                kills.append(f"{name}@{self.random.random():.3f}")
            else:
                kind = self.random.choice(sorted({call.name for call in self.calls[name]}))
                call = self.random.choice([call for call in self.calls[name] if call.name == kind])
                kills.append(f"{name}@{call.name}#{call.number}")
        return "+".join(kills)

    def kill(self, command, kill_point, folder):
        """Runs a command and kills it. Returns whether it was still running."""
        arguments = [self.graft, *command.arguments]
        call, _, number = kill_point.partition("#")
        if number:
            arguments = strace.injecting(call, number, "signal=SIGKILL") + arguments
        process = subprocess.Popen(
            arguments, cwd=folder, env=workspace.environment(self.hub), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(60 if number else float(kill_point) * self.seconds[command.name])
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return process.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)

    def run(self, case, folder):
        """Runs a case. Returns the kills that hit a running command, and a list of problems."""
        kill_points = [kill.split("@") for kill in case.split("+")]
        command = workspace.COMMANDS[kill_points[0][0]]
        wrong, killed = [], []
        for name, kill_point in kill_points:
            if self.kill(command, kill_point, folder):
                killed.append(f"{name}@{kill_point}")
            elif command.kind == "folder" and os.path.isdir(os.path.join(folder, command.output)):
                # The command finished before the kill; the next one needs its output path.
                shutil.rmtree(os.path.join(folder, command.output))
            wrong += [f"after a kill: {text}" for text in self.reference.check(folder, command, finished=False)]
        output = os.path.join(folder, command.output)
        if command.kind == "folder" and command.name != "get" and os.path.isdir(output):
            shutil.rmtree(output)  # complete, as checked above
        try:
            done = workspace.run_plainly(self.graft, command, folder, self.hub)
            if done.returncode:
                wrong.append(f"the next run fails: {done.stderr.strip()}")
            else:
                wrong += [f"after the next run: {text}" for text in self.reference.check(folder, command, finished=True)]
        except subprocess.TimeoutExpired:
            wrong.append("the next run hangs")
        wrong += [f"left over: {name}" for name in self.reference.leftovers(folder, command)]
        return killed, wrong


def without_numbers(text):
    """Returns the kind of a failure, without random names and times, which differ between cases."""
    for word in text.split():
        for mark in (".partial-", ".events.", "-partial-", ".tmp-"):
            if mark in word:
                text = text.replace(word, word[: word.index(mark) + len(mark)] + "…")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graft", help="the program")
    parser.add_argument("--count", type=int, default=500, help="number of kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="number of parallel cases")
    parser.add_argument("--case", help="a single case, as named in a failure")
    parser.add_argument("--keep", help="with --case: a work folder that is kept")
    options = parser.parse_args()
    graft = os.path.abspath(options.graft)
    with tempfile.TemporaryDirectory(prefix="graft-kills-") as scratch:
        kills = Kills(graft, scratch, options.seed)
        try:
            if options.case:
                folder = options.keep or os.path.join(scratch, "case")
                shutil.copytree(kills.template, folder, symlinks=True)
                killed, wrong = kills.run(options.case, folder)
                print(f"Killed: {', '.join(killed) or 'never'}", *wrong, sep="\n  ")
                return bool(wrong)
            return run_many(kills, options)
        finally:
            kills.server.terminate()


def run_many(kills, options):
    lock, number = threading.Lock(), iter(range(10**9))
    counts, failures, cases = collections.Counter(), collections.defaultdict(list), 0

    def one():
        nonlocal cases
        while True:
            with lock:
                if sum(count for (what, _), count in counts.items() if what == "kills") >= options.count:
                    return
                case = kills.draw()
                folder = kills.copy(f"case-{next(number)}")
            killed, wrong = kills.run(case, folder)
            shutil.rmtree(folder)
            with lock:
                cases += 1
                for kill in killed:
                    name, kill_point = kill.split("@")
                    counts["kills", name] += 1
                    counts["calls" if "#" in kill_point else "times", name] += 1
                counts["failed", case.split("@")[0]] += bool(wrong)
                for text in {without_numbers(text) for text in wrong}:
                    failures[text].append(case)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for job in [pool.submit(one) for _ in range(options.jobs)]:
            job.result()
    print(f"{'command':<10} {'kills':>6} {'at calls':>9} {'at times':>9} {'cases failed':>13}")
    for name in SHARES:
        row = [counts[what, name] for what in ("kills", "calls", "times", "failed")]
        print(f"{name:<10} {row[0]:>6} {row[1]:>9} {row[2]:>9} {row[3]:>13}")
    total = {what: sum(counts[what, name] for name in SHARES) for what in ("kills", "failed")}
    print(f"Kills: {total['kills']} in {cases} cases, of which {total['failed']} failed.")
    for text, found in sorted(failures.items(), key=lambda item: -len(item[1])):
        shortest = min(found, key=lambda case: (case.count("+"), len(case)))
        print(f"  {len(found)} x {text}\n      kills.py {options.graft} --case {shortest} --keep FOLDER")
    return bool(failures)


if __name__ == "__main__":
    raise SystemExit(main())
