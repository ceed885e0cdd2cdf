#!/usr/bin/env python3
"""Checks that every link inside the site leads to a page and a heading, and every image and script to a file: links.py SITE"""
import json
import re
import sys
from pathlib import Path


def parts(value):
    """Yields every object within a JSON value."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from parts(part)


class Site:
    def __init__(self, folder):
        self.folder = folder
        self.pages = {
            "/" + str(file.relative_to(folder / "data").with_suffix("")): json.loads(file.read_text())
            for file in sorted((folder / "data").rglob("*.json"))
        }
        self.anchors = {
            path: {part["anchor"] for part in parts(page) if "anchor" in part} for path, page in self.pages.items()}
        self.count = 0
        self.broken = []

    def require(self, source, target, exists):
        self.count += 1
        if not exists:
            self.broken.append(f"{source}: {target}")

    def check_page(self, path, page):
        self.require(path, "its HTML file", (self.folder / path[1:] / "index.html").is_file())
        # Symbols of other packages are unresolvable and shown as text; DocC reports every other link that it cannot resolve.
        for reference in page.get("references", {}).values():
            if reference.get("type") in ("topic", "section"):
                target, _, anchor = reference["url"].partition("#")
                found = target in self.pages and (not anchor or anchor in self.anchors[target])
                self.require(path, reference["url"], found)
            for variant in reference.get("variants", []):
                self.require(path, variant["url"], (self.folder / variant["url"].lstrip("/")).is_file())
        for part in parts([page.get("primaryContentSections", []), page.get("abstract", [])]):
            if part.get("type") == "reference":
                self.require(path, part["identifier"], part["identifier"] in page["references"])

    def check_html(self, file, base):
        for target in re.findall(r'(?:src|href)="(/[^"]+|\.[^"]+)"', file.read_text()):
            place = file.parent / target if target.startswith(".") else self.folder / target.removeprefix(base).lstrip("/")
            exists = place.is_file() or (place / "index.html").is_file()
            self.require(str(file.relative_to(self.folder)), target, exists)

    def check_navigation(self):
        for node in parts(json.loads((self.folder / "index/index.json").read_text())):
            if "path" in node:
                self.require("the sidebar", node["path"], node["path"] in self.pages)

    def base(self):
        """Returns the path below which the site is hosted, from any page."""
        page = next(self.folder.glob("documentation/*/index.html")).read_text()
        return re.search(r'var baseUrl = "([^"]*)"', page).group(1)


site = Site(Path(sys.argv[1]))
for path, page in site.pages.items():
    site.check_page(path, page)
for file in sorted(site.folder.rglob("*.html")):
    site.check_html(file, site.base())
site.check_navigation()
if site.broken:
    first = "\n".join(sorted(set(site.broken))[:20])
    sys.exit(f"site: {len(set(site.broken))} links lead nowhere, for example:\n{first}")
print(f"Site: {len(site.pages)} pages, {site.count} links checked")
