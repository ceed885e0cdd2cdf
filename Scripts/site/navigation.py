#!/usr/bin/env python3
"""Makes the modules part of the landing page's sidebar, and opens the landing page at the site's root: navigation.py SITE

DocC allows no module below another page, and its pages show only the part of the index below their own module. If a module
is a collection in the index, every page shows the whole index.
"""
import json
import sys
from pathlib import Path

from pages import LANDING, fail

ROOT = f"/documentation/{LANDING}"

site = Path(sys.argv[1])
index = site / "index/index.json"
content = json.loads(index.read_text())
nodes = content["interfaceLanguages"]["swift"]
landing = next((node for node in nodes if node["path"] == ROOT), None)
if landing is None or len(content["interfaceLanguages"]) != 1:
    fail("the index of the site is not as expected; has the format of DocC's index.json changed?")
modules = [node for node in nodes if node is not landing]
for module in modules:
    module["type"] = "collection"
landing["children"] += [{"type": "groupMarker", "title": "Modules"}, *modules]
content["interfaceLanguages"]["swift"] = [landing]
index.write_text(json.dumps(content))

(site / "index.html").write_text(f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Graft</title>
<meta http-equiv="refresh" content="0; url=.{ROOT}/">
<a href=".{ROOT}/">Graft's documentation</a>
</html>
""")
