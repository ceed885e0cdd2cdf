#!/usr/bin/env python3
"""Prints the manual page graft(1), from the description of the commands that the program prints.

    graft --experimental-dump-help | Scripts/manual.py VERSION DATE > graft.1
"""
import json
import re
import sys
import textwrap

DESCRIPTION = """\
Graft trains small adapters for pretrained text encoders on ordinary CPUs. The weights of the base model do not change. A \
configuration file in YAML describes a training run; the result is an adapter file, which identifies its base and stores a few \
of its logits, so that loading it on another base or with another tokenizer is an error.

An adapter can be given as a file or as the run folder that contains it. A base is a folder in Hugging Face layout, or the name \
of one in the cache.

All commands accept --help; all commands that print a result accept --json."""

EXIT_STATUS = [
    ("0", "Success."),
    ("1", "A bug in Graft."),
    ("2", "An error in the arguments, the configuration, or a file. One line on standard error says what to do."),
    ("130", "The command was interrupted, for example with Ctrl-C. A training run that was interrupted once leaves a complete \
run folder."),
]

ENVIRONMENT = [
    ("GRAFT_HOME", "The cache folder; by default ~/.cache/graft."),
    ("GLUE_DIR", "A folder with the data of GLUE tasks, such as SST-2/train.tsv. It takes precedence over the cache."),
    ("HF_ENDPOINT", "The address of the hub that 'graft get base' uses; by default https://huggingface.co."),
    ("HF_TOKEN", "An access token for the hub. It is sent only to the address in HF_ENDPOINT."),
    ("GLUE_ENDPOINT", "The address that 'graft get task' uses instead of the official site of GLUE."),
    ("OPENBLAS_CORETYPE", "The kernels that OpenBLAS uses. By default, Graft corrects a choice that is too slow."),
]

FILES = [
    ("~/.cache/graft/bases/", "The bases that 'graft get base' has fetched."),
    ("~/.cache/graft/tasks/", "The data that 'graft get task' has fetched."),
    ("RUN/adapter.safetensors.zst", "The adapter of a training run."),
    ("RUN/config.yaml", "The configuration of the run, with all defaults."),
    ("RUN/metrics.jsonl, RUN/summary.json", "The metrics during the run, and its results."),
    ("RUN/previous, RUN/previous-unfinished",
     "The files of the last finished run in the same folder, and of the last run that stopped early."),
]


def verbatim(text):
    """Escapes one line for roff, so that it is shown, and can be copied, exactly as it is."""
    for character, name in {"\\": "(rs", "-": "-", "'": "(aq", "`": "(ga", "^": "(ha", "~": "(ti"}.items():
        text = text.replace(character, f"\\{name}")
    text = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)
    return "\\&" + text if text.startswith(".") else text


def fill(text):
    """Escapes prose and wraps it. Hyphens between words are typographic; those of options are not, so that they can be found."""
    def word(text):
        return verbatim(text) if "--" in text or text.startswith("-") else verbatim(text).replace("\\-", "-")

    lines = textwrap.wrap(text, 72, break_long_words=False, break_on_hyphens=False)
    return [" ".join(word(text) for text in line.split()) for line in lines]


def bold(text):
    return f"\\fB{verbatim(text)}\\fR"


def italic(text):
    return f"\\fI{verbatim(text.upper())}\\fR"


def prose(text):
    """Formats paragraphs. Indented lines, such as examples, are shown verbatim."""
    lines = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        lines.append(".PP")
        for block in re.findall(r"(?:^[ \t]+\S.*\n?)+|(?:^\S.*\n?)+", paragraph, re.MULTILINE):
            if block[0] in " \t":
                example = textwrap.dedent(block).splitlines()
                lines += [".RS 4", ".EX"] + [verbatim(line) for line in example] + [".EE", ".RE"]
            else:
                lines += fill(block)
    return lines


def spelling(argument):
    """An option with its short and long names and its value, or the name of a positional argument."""
    value = italic(argument["valueName"])
    if argument["kind"] == "positional":
        return value
    names = [("--" if name["kind"] == "long" else "-") + name["name"] for name in argument["names"]]
    text = ", ".join(bold(name) for name in names)
    return f"{text} {value}" if argument["kind"] == "option" else text


def usage(argument):
    """An argument in a synopsis: optional ones in brackets, repeatable ones with dots."""
    text = spelling(argument) if argument["kind"] == "positional" else spelling(
        dict(argument, names=[argument["preferredName"]]))
    text += " ..." if argument["isRepeating"] else ""
    return f"[{text}]" if argument["isOptional"] else text


def shown(command):
    """The arguments of a command, without --help and --version, which all commands have."""
    return [argument for argument in command.get("arguments", [])
            if argument["shouldDisplay"] and argument["valueName"] not in ("help", "version")]


def section(command):
    """The section of one command, or those of its subcommands."""
    if command.get("subcommands"):
        return [line for subcommand in command["subcommands"] for line in section(subcommand)]
    name = " ".join(command["superCommands"] + [command["commandName"]])
    arguments = shown(command)
    lines = [f".SS {verbatim(name)}", " ".join([bold(name)] + [usage(argument) for argument in arguments])]
    lines += prose(command["abstract"])
    if discussion := command.get("discussion"):
        lines += prose(discussion)
    title = None
    for argument in arguments:
        if argument.get("sectionTitle") != title:
            title = argument.get("sectionTitle")
            lines += prose(title) if title else []
        text = argument.get("abstract", "")
        if values := argument.get("allValues"):
            text += f" Values: {', '.join(values)}."
        if default := argument.get("defaultValue"):
            text += f" Default: {default}."
        lines += [".TP", spelling(argument)] + fill(text)
    return lines


def table(rows, style):
    return [line for name, text in rows for line in [".TP", style(name)] + fill(text)]


def page(program, version, date):
    lines = [f'.TH GRAFT 1 "{date}" "Graft {version}" "User Commands"', ".nh", ".ad l"]
    lines += [".SH NAME", "graft \\- " + " ".join(fill(program["abstract"].rstrip(".")))]
    lines += [".SH SYNOPSIS", f"{bold('graft')} {italic('command')} [{italic('arguments')}]"]
    lines += [".br", f"{bold('graft help')} [{italic('command')}]", ".br", bold("graft --version")]
    lines += [".SH DESCRIPTION"] + prose(DESCRIPTION)[1:]
    lines.append(".SH COMMANDS")
    for command in program["subcommands"]:
        if command["commandName"] != "help":
            lines += section(command)
    lines += [".SH EXIT STATUS"] + table(EXIT_STATUS, bold)
    lines += [".SH ENVIRONMENT"] + table(ENVIRONMENT, bold)
    lines += [".SH FILES"] + table(FILES, lambda name: f"\\fI{verbatim(name)}\\fR")
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.stdout.write(page(json.load(sys.stdin)["command"], sys.argv[1], sys.argv[2]))


if __name__ == "__main__":
    main()
