"""Makes system calls of the program fail, one at a time, and checks the program's behavior.

    python3 faults.py GRAFT [--commands train,apply,pack,import,predict] [--jobs 2]
    python3 faults.py GRAFT --case train:openat#91:EACCES --keep FOLDER

A clean run under strace shows every call of a command after the program itself has started (not those of the loader). Then,
for each call and each error that the call can return, the command runs with that one call failing. It must either succeed
with the same output as without the fault, or end with exit code 1 or 2 and exactly one line on stderr, with every output
absent, unchanged, or complete, and nothing left over. It must never be ended by a signal, hang, or fail without a message.

If memory, threads, or random numbers are refused, the language's runtime may end the process. This is counted but not
considered a failure; the files are checked in this case too. A limit on the file size ("limit") tests partial writes.
"""

import argparse
import collections
import concurrent.futures
import os
import resource
import shutil
import signal
import subprocess
import tempfile

import strace
import workspace

# The errors to inject for each call. With a plus, all later calls of the same name fail too.
ERRORS = {
    "openat": ["EACCES", "EMFILE", "EIO", "EINTR"],
    "read": ["EIO", "EINTR", "retval=0"],
    "pread64": ["EIO", "EINTR", "retval=0"],
    "write": ["ENOSPC", "EIO", "EINTR", "ENOSPC+"],
    "mmap": ["ENOMEM", "EACCES"],
    "newfstatat": ["EACCES", "EIO"],
    "fsync": ["EIO", "ENOSPC", "EINTR", "EIO+"],
    "rename": ["EACCES", "EIO", "ENOSPC", "EACCES+"],
    "mkdir": ["EACCES", "ENOSPC"],
    "unlink": ["EACCES", "EIO"],
    "close": ["EIO", "EINTR"],
    "flock": ["EAGAIN", "EINTR", "ENOLCK"],
    "getdents64": ["EIO"],
    "ftruncate": ["EIO"],
    "ioctl": ["EIO"],
    "clone3": ["EAGAIN"],
    "clone": ["EAGAIN"],
    "brk": ["ENOMEM"],
}
for alias, name in {
    "pwrite64": "write", "writev": "write", "readv": "read", "statx": "newfstatat", "stat": "newfstatat", "lstat": "newfstatat",
    "fstat": "newfstatat", "fdatasync": "fsync", "renameat": "rename", "renameat2": "rename", "mkdirat": "mkdir",
    "unlinkat": "unlink", "rmdir": "unlink", "access": "newfstatat", "readlink": "newfstatat", "open": "openat",
}.items():
    ERRORS[alias] = ERRORS[name]
OTHER = ["EPERM"]
# Calls that only end a process or return from a handler cannot fail.
SKIPPED = {"exit", "exit_group", "rt_sigreturn", "restart_syscall"}
# If these fail, the process may end before the program can report anything: memory, threads, signals, random numbers, and
# calls of the concurrency library.
RUNTIME = {
    "munmap", "mprotect", "mremap", "brk", "madvise", "mbind", "clone", "clone3", "futex", "rt_sigaction", "rt_sigprocmask",
    "sigaltstack", "getrandom", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "gettid", "tgkill",
    "epoll_create1", "epoll_ctl", "epoll_wait", "eventfd2", "timerfd_create", "timerfd_settime", "prctl", "setpriority",
}
LIMITS = [0, 1, 50, 500, 1000, 5000, 12000, 50000, 131000]
TIMEOUT = 30


class Faults:
    def __init__(self, graft, scratch, names):
        self.graft = graft
        self.scratch = scratch
        self.template = os.path.join(scratch, "template")
        workspace.make_template(graft, self.template)
        self.commands = [workspace.COMMANDS[name] for name in names]
        self.reference = workspace.Reference(graft, self.template, self.commands, scratch)

    def copy(self, name):
        folder = os.path.join(self.scratch, name)
        shutil.copytree(self.template, folder, symlinks=True)
        return folder

    def cases(self, command):
        """Returns every call of a clean run with every error that it can return, and the limits."""
        folder = self.copy(f"trace-{command.name}")
        log = os.path.join(self.scratch, f"{command.name}.trace")
        with Input(command, folder) as stdin:
            strace.trace(
                [self.graft, *command.arguments], log, cwd=folder, env=workspace.environment(), stdin=stdin)
        shutil.rmtree(folder)
        cases = {}
        for call in strace.calls(log):
            if call.name not in SKIPPED:
                errors = ERRORS.get(call.name, OTHER)
                if call.text.startswith("1<"):
                    errors = [*errors, "EPIPE"]
                for error in errors:
                    cases[f"{command.name}:{call.name}#{call.number}:{error}"] = None
        return [*cases, *[f"{command.name}:limit:{limit}" for limit in LIMITS]]

    def run(self, case, folder):
        """Runs a case. Returns the call that failed, the outcome, and a list of problems."""
        name, call, error = case.split(":")
        command = workspace.COMMANDS[name]
        log = os.path.join(self.scratch, os.path.basename(folder) + ".log")
        arguments = [self.graft, *command.arguments]
        prepare = None
        if call == "limit":
            def prepare():
                resource.setrlimit(resource.RLIMIT_FSIZE, (int(error), int(error)))
        else:
            effect = error if error.startswith("retval=") else f"error={error.rstrip('+')}"
            kind, _, number = call.partition("#")
            number += "+" if error.endswith("+") else ""
            arguments = strace.injecting(kind, number, effect, log) + arguments
        with Input(command, folder) as stdin:
            process = subprocess.Popen(
                arguments, cwd=folder, env=workspace.environment(), stdin=stdin, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True, preexec_fn=prepare)
        try:
            stdout, stderr = process.communicate(timeout=TIMEOUT)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            code = None
        hit = injected(log) if call != "limit" else strace.Call("limit", 0, "")
        if os.path.exists(log):
            os.remove(log)
        if hit is None:
            return None, "not reached", []
        return self.judge(command, hit, error, folder, code, stdout, stderr)

    def judge(self, command, hit, error, folder, code, stdout, stderr):
        of_runtime = hit.name in RUNTIME or (hit.name == "mmap" and "MAP_ANONYMOUS" in hit.text)
        to_stderr = hit.text.startswith("2<") or (error.endswith("+") and hit.name in ("write", "writev"))
        to_stdout = hit.text.startswith("1<")
        expected = self.reference.stdout[command.name]
        wrong = []
        # strace ends like the program: with the same signal, or with 128 plus its number.
        killed = code is not None and (code < 0 or code >= 128)
        if code is None:
            wrong.append("hangs")
        elif killed and not of_runtime:
            wrong.append(f"is ended by signal {-code if code < 0 else code - 128}")
        elif not killed and code not in (0, 1, 2):
            wrong.append(f"ends with exit code {code}")
        lines = stderr.splitlines()
        if code in (1, 2) and not to_stderr and (len(lines) != 1 or not lines[0].startswith("graft: ")):
            wrong.append(f"{len(lines)} lines on stderr, expected one that begins with 'graft: '")
        # If a reader has closed the pipe, or the input has ended early, less output is expected.
        ended = (to_stdout and error == "EPIPE") or (hit.text.startswith("0<") and error == "retval=0")
        # OpenBLAS prints to stdout at exit if it cannot release memory.
        printed = stdout[: len(expected or "")] if of_runtime else stdout
        if code == 0 and not ended and expected is not None and printed != expected:
            wrong.append("succeeds, but with different text on stdout")
        wrong += self.reference.check(folder, command, finished=code == 0)
        if not killed:
            wrong += [f"left over: {name}" for name in self.reference.leftovers(folder, command, finished=code == 0)]
        if code is None or killed:
            outcome = "killed by the runtime" if of_runtime and not wrong else "died"
        else:
            outcome = "succeeded" if code == 0 else "refused"
        if code in (1, 2) and lines:
            wrong = [f"{text} ({lines[0][:160]})" for text in wrong]
        return hit, outcome, wrong


class Input:
    """A command's standard input."""

    def __init__(self, command, folder):
        self.file = open(os.path.join(folder, command.stdin) if command.stdin else os.devnull, "rb")

    def __enter__(self):
        return self.file

    def __exit__(self, *_):
        self.file.close()


def injected(log):
    """Returns the first call that was made to fail; `None` if it was one of the loader's, or there was none.

    strace counts calls per thread, so the third call of a worker cannot be distinguished from the main thread's third.
    """
    for call, begun in strace.every_call(log):
        if "(INJECTED)" in call.text:
            return call if begun else None
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graft", help="the program")
    parser.add_argument("--commands", default="train,apply,pack,import,predict,predict-pipe")
    parser.add_argument("--jobs", type=int, default=2, help="number of parallel runs")
    parser.add_argument("--case", help="a single case, as named in a failure")
    parser.add_argument("--keep", help="with --case: a work folder that is kept")
    options = parser.parse_args()
    graft = os.path.abspath(options.graft)
    names = [options.case.split(":")[0]] if options.case else options.commands.split(",")
    with tempfile.TemporaryDirectory(prefix="graft-faults-") as scratch:
        faults = Faults(graft, scratch, names)
        if options.case:
            folder = options.keep or os.path.join(scratch, "case")
            shutil.copytree(faults.template, folder, symlinks=True)
            hit, outcome, wrong = faults.run(options.case, folder)
            print(f"{outcome}: {hit.name}({hit.text}" if hit else outcome, *wrong, sep="\n  ")
            return bool(wrong)
        return run_all(faults, options)


def run_all(faults, options):
    totals, failures = collections.Counter(), collections.defaultdict(list)

    def one(job):
        number, case = job
        folder = faults.copy(f"case-{number}")
        result = faults.run(case, folder)
        shutil.rmtree(folder)
        return case, *result

    outcomes = ["succeeded", "refused", "killed by the runtime", "not reached", "failed"]
    print(f"{'command':<13} {'system call':<18} {'faults':>6}", *[f"{name:>12.12}" for name in outcomes])
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for command in faults.commands:
            counts = collections.defaultdict(collections.Counter)
            for case, hit, outcome, wrong in pool.map(one, enumerate(faults.cases(command))):
                row = counts[case.split(":")[1].split("#")[0]]
                row["faults"] += 1
                row["failed" if wrong else outcome] += 1
                for text in wrong:
                    failures[command.name, hit.name, text.split(" (")[0].split(".partial-")[0]].append((case, hit, text))
            for name, row in sorted(counts.items()):
                print(f"{command.name:<13} {name:<18} {row['faults']:>6}", *[f"{row[what]:>12}" for what in outcomes])
                totals.update(row)
    print(f"{'':<13} {'all':<18} {totals['faults']:>6}", *[f"{totals[what]:>12}" for what in outcomes])
    print(f"Faults: {totals['faults']}, of which {totals['failed']} failed.")
    for (command, call, _), found in sorted(failures.items(), key=lambda item: -len(item[1])):
        case, hit, text = found[0]
        errors = " ".join(sorted({case.split(":")[2] for case, _, _ in found}))
        print(f"  {len(found)} x {command}, {call} ({errors}): {text}")
        print(f"      {hit.name}({hit.text[:200]}\n      faults.py {options.graft} --case {case} --keep FOLDER")
    return bool(failures)


if __name__ == "__main__":
    raise SystemExit(main())
