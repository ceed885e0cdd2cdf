"""Reads what strace writes: which system calls a run of the program makes, after the loader and the libraries' start."""

import re
import subprocess

LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
UNFINISHED = " <unfinished ...>"
# The program's first act is to ignore this signal; everything before it belongs to the loader and to libraries.
BEGINS = "SIGPIPE, {sa_handler=SIG_IGN"


class Call:
    """One system call. `number` counts the calls of that name by that thread, from its start, as strace's `when` does."""

    def __init__(self, name, number, text):
        self.name = name
        self.number = number
        self.text = text


def every_call(log):
    """All calls in a log of `strace -f -y`, in the order in which they end, each with whether the program had begun."""
    counts, halves, begun = {}, {}, False
    with open(log, encoding="utf-8", errors="replace") as file:
        for line in file:
            match, resumed = LINE.match(line), RESUMED.match(line)
            if match:
                thread, name, text = match.groups()
                counts[thread, name] = counts.get((thread, name), 0) + 1
                if text.endswith(UNFINISHED):
                    halves[thread] = text.removesuffix(UNFINISHED)
                    continue
            elif resumed:
                thread, name, text = resumed.groups()
                text = halves.pop(thread, "") + text
            else:
                continue
            begun = begun or (name == "rt_sigaction" and text.startswith(BEGINS))
            yield Call(name, counts[thread, name], text), begun


def calls(log):
    """The calls of the program itself, in order."""
    found = [call for call, begun in every_call(log) if begun]
    if not found:
        raise SystemExit("The trace does not show where the program begins.")
    return found


def trace(command, log, **options):
    """Runs a command under strace, all calls into `log`."""
    return subprocess.run(["strace", "-f", "-y", "-s", "256", "-o", log, *command], capture_output=True, **options)


def injecting(name, number, effect, log="/dev/null"):
    """The beginning of a command line that meddles with one call."""
    return [
        "strace", "-f", "-qq", "-y", "-s", "256", "-o", log, "-e", f"trace={name},rt_sigaction", "-e",
        f"inject={name}:{effect}:when={number}",
    ]
