"""Parses strace's output: the system calls that the program makes after the loader and the libraries have started."""

import re
import subprocess

LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
UNFINISHED = " <unfinished ...>"
# The program begins by ignoring this signal; all earlier calls belong to the loader and to libraries.
BEGINS = "SIGPIPE, {sa_handler=SIG_IGN"


class Call:
    """One system call. `number` counts the calls with that name in that thread from its start, like strace's `when`."""

    def __init__(self, name, number, text):
        self.name = name
        self.number = number
        self.text = text


def every_call(log):
    """Yields each call in a log of `strace -f -y`, in the order in which they end, and whether the program had started."""
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
    """Returns the calls of the program itself, in order."""
    own_calls = [call for call, begun in every_call(log) if begun]
    if not own_calls:
        raise SystemExit("The trace does not show where the program starts.")
    return own_calls


def trace(command, log, **options):
    """Runs a command under strace and writes all calls to `log`."""
    return subprocess.run(["strace", "-f", "-y", "-s", "256", "-o", log, *command], capture_output=True, **options)


def injecting(name, number, effect, log="/dev/null"):
    """Returns the beginning of a command line that injects an effect into one call."""
    return [
        "strace", "-f", "-qq", "-y", "-s", "256", "-o", log, "-e", f"trace={name},rt_sigaction", "-e",
        f"inject={name}:{effect}:when={number}",
    ]
