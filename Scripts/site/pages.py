#!/usr/bin/env python3
"""Writes the DocC catalog of the site: pages.py SYMBOL_GRAPHS OUTPUT [ROOT]

The pages are ordinary Markdown files that link to each other with relative links. Docs/README.md lists them in sections and
becomes the landing page. The table of targets in Docs/architecture.md provides the modules and their descriptions.
"""
import json
import re
import shutil
import sys
from pathlib import Path

LANDING = "guide"
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```$", re.M | re.S)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)


def fail(message):
    sys.exit(f"site: {message}")


def outside_code(text, change):
    """Returns the text with `change` applied to everything except fenced blocks and code spans."""
    kept = []

    def hide(match):
        kept.append(match.group(0))
        return f"\0{len(kept) - 1}\0"

    text = change(CODE.sub(hide, FENCE.sub(hide, text)))
    while "\0" in text:  # A code span may have been hidden within a block.
        text = re.sub("\0(\\d+)\0", lambda match: kept[int(match.group(1))], text)
    return text


def headings(text):
    """Returns the anchors of a page: GitHub's to DocC's."""
    anchors = {}
    for title in re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.M):
        plain = title.replace("`", "")
        github = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        anchors[github] = re.sub(r"[^\w\-.,]+", "-", plain).strip("-")
    return anchors


class Catalog:
    """The pages and their sections, as listed in Docs/README.md."""

    def __init__(self, root, output):
        self.root = root.resolve()
        self.output = output / "Graft.docc"
        self.landing = self.root / "Docs/README.md"
        if not self.landing.exists():
            fail("Docs/README.md is missing; it lists the pages of the site")
        self.sections = self.read_sections()
        self.slugs = {}
        for page in [page for pages in self.sections.values() for page in pages]:
            slug = page.stem.lower()
            if not page.exists():
                fail(f"Docs/README.md lists {self.name(page)}, which does not exist")
            if slug in self.slugs.values() or slug == LANDING:
                fail(f"two pages of the site are named {slug}, or one is listed twice: {self.name(page)}")
            self.slugs[page] = slug
        for page in sorted((self.root / "Docs").glob("*.md")):
            if page not in self.slugs and page != self.landing:
                fail(f"{self.name(page)} is not in the site; add it to one of the lists in Docs/README.md")
        self.texts = {page: page.read_text() for page in [*self.slugs, self.landing]}
        self.images = {}
        self.converted = {page: self.convert(page) for page in self.texts}

    def name(self, path):
        return str(path.relative_to(self.root))

    def read_sections(self):
        """Returns the pages of each section: the first link of each list entry."""
        sections = {}
        for part in re.split(r"^## ", self.landing.read_text(), flags=re.M)[1:]:
            title, _, body = part.partition("\n")
            links = re.findall(r"^- \[[^\]]*\]\(([^)#]+\.md)\)", body, re.M)
            if links:
                sections[title] = [(self.landing.parent / link).resolve() for link in links]
        return sections

    def link(self, page, text, target):
        """Returns a link of a page as DocC needs it. A link to a file that is not in the site becomes plain text."""
        if re.match(r"[a-z]+:", target):
            return f"[{text}]({target})"
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        if other == self.root / "README.md":
            other = self.landing
        if other not in self.texts:
            if not other.exists():
                fail(f"{self.name(page)}: the link to {target} leads nowhere")
            return text
        slug = self.slugs.get(other, LANDING)
        if not anchor:
            return f"[{text}](doc:{slug})"
        if anchor not in (anchors := headings(self.texts[other])):
            fail(f"{self.name(page)}: {self.name(other)} has no heading for the link to #{anchor}")
        return f"[{text}](doc:{slug}#{anchors[anchor]})"

    def image(self, page, text, target):
        source = (page.parent / target).resolve()
        if self.images.setdefault(source.name, source) != source:
            fail(f"two images of the site are named {source.name}")
        return f"![{text}]({source.name})"

    def convert(self, page):
        def change(text):
            if line := re.search(r"^ *@.*$", text, re.M):
                fail(f"{self.name(page)}: DocC takes this line for a directive: {line.group(0).strip()}")
            return LINK.sub(
                lambda match: (self.image if match[1] else self.link)(page, match[2], match[3]), text)

        return outside_code(self.texts[page], change).rstrip() + "\n"

    def write(self, modules):
        self.output.mkdir(parents=True)
        for page, slug in self.slugs.items():
            (self.output / f"{slug}.md").write_text(self.converted[page])
        for name, text in modules.items():
            (self.output / f"{name}.md").write_text(f"# ``{name}``\n\n{text}\n")
        (self.output / f"{LANDING}.md").write_text(self.landing_page(modules))
        for name, source in self.images.items():
            shutil.copy(source, self.output / name)

    def landing_page(self, modules):
        """The landing page shows its own lists; the hidden topics define the sidebar."""
        lines = [self.converted[self.landing]]
        if modules:
            lines.append("## Modules\n")
            lines += [f"- ``/{name}``: {text.splitlines()[0]}" for name, text in modules.items()]
        lines.append("\n## Topics")
        for title, pages in self.sections.items():
            lines.append(f"\n### {title}\n")
            lines += [f"- <doc:{self.slugs[page]}>" for page in pages]
        title, body = "\n".join(lines).split("\n", 1)
        options = "@Metadata {\n  @TechnologyRoot\n}\n@Options {\n  @TopicsVisualStyle(hidden)\n}\n"
        return f"{title}\n\n{options}{body}\n"


def targets(root):
    """Returns the public targets with their descriptions, in the order of the table in Docs/architecture.md."""
    table = (root / "Docs/architecture.md").read_text().partition("## Targets")[2].partition("\n## ")[0]
    found = {}
    for names, content in re.findall(r"^\| (`Graft.*?) \| (.*?) \|", table, re.M):
        for name in re.findall(r"`(\w+)`", names):
            found[name] = content[0].upper() + content[1:] + "."
    return found


def exported(root, name):
    """Returns a sentence about the modules that a module re-exports, or nothing."""
    sources = root / "Sources" / name.removeprefix("Graft") if name != "Graft" else root / "Sources/Graft"
    text = "".join(file.read_text() for file in sorted(sources.glob("*.swift")))
    names = re.findall(r"^@_exported public import (Graft\w+)$", text, re.M)
    return f"\n\nIt includes {', '.join(f'``/{name}``' for name in names)}." if names else ""


def copy_graphs(root, graphs, output):
    """Copies the symbol graphs of the public targets, and returns these targets with their descriptions."""
    output.mkdir(parents=True)
    modules = {}
    for name, content in targets(root).items():
        files = [graphs / f"{name}.symbols.json", *graphs.glob(f"{name}@*.symbols.json")]
        if not files[0].exists():
            if name != "GraftMain":  # The program has no interface.
                fail(f"there is no symbol graph of {name}, which Docs/architecture.md lists")
            continue
        more = exported(root, name)
        if not any(json.loads(file.read_text())["symbols"] for file in files) and not more:
            continue
        modules[name] = content + more
        for file in files:
            shutil.copy(file, output)
    return modules


if __name__ == "__main__":
    graphs, output = Path(sys.argv[1]), Path(sys.argv[2])
    root = Path(sys.argv[3] if len(sys.argv) > 3 else ".")
    catalog = Catalog(root, output)
    catalog.write(copy_graphs(root, graphs, output / "graphs"))
