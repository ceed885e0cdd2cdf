#!/usr/bin/env bash
# Builds the documentation site into .build/site: the pages listed in Docs/README.md and the API of every target, as static
# files. Warnings and links without a target are errors. SITE_BASE is the path below which the site is hosted; the default
# is the root of a domain.
set -euo pipefail
work=.build/site-work
rm -rf "$work"
mkdir -p "$work"

graphs=$(swift build -c release --show-bin-path)/../symbolgraph
rm -rf "$graphs"
swift package -c release $(Scripts/flags.sh) dump-symbol-graph --minimum-access-level public --skip-synthesized-members >"$work/swift.log" 2>&1 ||
  { cat "$work/swift.log" >&2; echo "site: cannot create the symbol graphs; does the package build?" >&2; exit 1; }

python3 Scripts/site/pages.py "$graphs" "$work"

docc=$(dirname "$(command -v swift)")/docc
[ -x "$docc" ] || docc=docc
"$docc" convert "$work/Graft.docc" --additional-symbol-graph-dir "$work/graphs" --output-dir "$work/site" \
  --fallback-display-name Guide --fallback-bundle-identifier graft --fallback-default-module-kind Module \
  --hosting-base-path "${SITE_BASE:-/}" \
  --warnings-as-errors >"$work/docc.log" 2>&1 || { cat "$work/docc.log" >&2; exit 1; }

python3 Scripts/site/navigation.py "$work/site"
python3 Scripts/site/links.py "$work/site"
rm -rf .build/site
mv "$work/site" .build/site
echo "Site: .build/site; to view it, run 'python3 -m http.server -d .build/site' and open http://localhost:8000"
