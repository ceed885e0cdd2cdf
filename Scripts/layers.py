#!/usr/bin/env python3
"""Checks that the folders of each target form layers: no folder may use one that uses it, directly or through others.

Reads declarations and uses as text. A folder uses another if it names a type or a function declared there, or calls a member
that an extension there adds to a type of another folder. `--list` prints what each folder uses, and where.
"""
import collections
import pathlib
import re
import sys

DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|final|nonisolated\(unsafe\)|indirect|fileprivate|private)\s+)*"
    r"(struct|class|enum|protocol|actor|typealias|func|extension|let|var)\s+([\w.]+)", re.M)
MEMBER = re.compile(
    r"^  (?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|static|mutating|consuming)\s+)*(?:func|var|let)\s+(\w+)", re.M)
ANY_MEMBER = re.compile(r"^ +[^=(]*?\b(?:func|var|let|case)\s+(\w+)", re.M)


def code(text):
    """Returns the text without comments and string literals."""
    text = re.sub(r"//.*", "", text)
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


def folder(path, target):
    parts = path.relative_to(target).parts
    return parts[0] if len(parts) > 1 else None


def scan(target):
    """Returns which folders declare each top-level name, which add each member to a type of another folder, and all code."""
    files = {path: (folder(path, target), code(path.read_text())) for path in sorted(target.rglob("*.swift"))}
    files = {path: entry for path, entry in files.items() if entry[0]}
    names, members, everywhere = {}, collections.defaultdict(set), collections.defaultdict(set)
    for place, text in files.values():
        for member in ANY_MEMBER.findall(text):
            everywhere[member].add(place)
        for match in DECLARATION.finditer(text):
            kind, name = match.groups()
            if kind != "extension" and "private" not in match.group(0):
                names.setdefault(name, set()).add(place)
    for place, text in files.values():
        for match in DECLARATION.finditer(text):
            kind, name = match.groups()
            if kind == "extension" and place not in names.get(name, {place}):
                body = text[match.end():]
                for member in MEMBER.findall(body[:body.find("\n}")]):
                    members[member].add(place)
    # A name that several folders declare does not show which folder is used.
    members = {member: places for member, places in members.items() if everywhere[member] == places}
    return names, members, files


def uses(target):
    """Returns, for each folder, the folders that it uses, with an example of each use."""
    names, members, files = scan(target)
    found = collections.defaultdict(dict)
    for path, (place, text) in files.items():
        for word in set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", text)):
            places = names.get(word, set())
            if len(places) == 1 and place not in places and (word[0].isupper() or re.search(rf"(?<![.\w]){word}\(", text)):
                found[place].setdefault(next(iter(places)), f"{path.name} uses {word}")
        for word in set(re.findall(r"\.(\w+)", text)):
            places = members.get(word, set())
            if len(places) == 1 and place not in places:
                found[place].setdefault(next(iter(places)), f"{path.name} uses .{word}")
    return found


def cycle(found):
    """Returns a cycle of folders, each of which uses the next, or `None`."""
    done, trail = set(), []

    def visit(place):
        if place in trail:
            return trail[trail.index(place):] + [place]
        if place in done:
            return None
        trail.append(place)
        for other in sorted(found.get(place, {})):
            if circle := visit(other):
                return circle
        done.add(trail.pop())
        return None

    for place in sorted(found):
        if circle := visit(place):
            return circle
    return None


def main():
    targets = [pathlib.Path(name) for name in sys.argv[1:] if not name.startswith("-")]
    failed = False
    for target in targets:
        found = uses(target)
        if "--list" in sys.argv:
            for place in sorted(found):
                for other, example in sorted(found[place].items()):
                    mark = "<->" if place in found.get(other, {}) else "->"
                    print(f"{target}: {place} {mark} {other}: {example}")
        if circle := cycle(found):
            failed = True
            print(f"{target}: folders that use each other: {' -> '.join(circle)}", file=sys.stderr)
            for place, other in zip(circle, circle[1:]):
                print(f"  {place}/{found[place][other]}, which {other} declares", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
