/// The style sheet and the script of the report, which are embedded in the page so that it needs no network.
enum ReportStyle {
  /// The style sheet. Its colors are distinguishable with color blindness, for a light and a dark page.
  static let css = """
    :root { --page: #fcfcfa; --text: #1c1e21; --soft: #63676e; --rule: #dcdcd6; --head: #f1f1ec;
      --c0: #0072b2; --c1: #c4501b; --c2: #007a5c; --c3: #a2528a; --c4: #8a6d00; --c5: #2f88c0; --c6: #55575b; --c7: #7a3b12; }
    @media (prefers-color-scheme: dark) { :root { --page: #16181b; --text: #e8e8e4; --soft: #a0a4aa; --rule: #33373c;
      --head: #202327; --c0: #58aee8; --c1: #f08a55; --c2: #38c69c; --c3: #df94c8; --c4: #e2c14a; --c5: #9ad0f5; --c6: #b9bcc1; --c7: #d9a37a; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.5rem; max-width: 70rem; background: var(--page); color: var(--text);
      font: 16px/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; } h2 { font-size: 1.25rem; margin: 2.2rem 0 .4rem; }
    p { margin: .4rem 0; } .soft { color: var(--soft); }
    .wide { overflow-x: auto; margin: .8rem 0; }
    table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .4rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
    th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--page); }
    th { background: var(--head); font-weight: 600; } th:first-child { background: var(--head); }
    th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid var(--c0); }
    th[aria-sort=ascending] button::after { content: " ↑"; } th[aria-sort=descending] button::after { content: " ↓"; }
    .key { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .5em; }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem 1.5rem; }
    figure { margin: .6rem 0; } figcaption { font-weight: 600; } svg { width: 100%; height: auto; display: block; }
    svg text { fill: var(--soft); font: 12px system-ui, sans-serif; } svg .name { fill: var(--text); }
    .grid { stroke: var(--rule); } .axis, .tick { stroke: var(--soft); }
    .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
    .band { fill: currentColor; opacity: .15; } .dot { fill: currentColor; } .error { stroke: currentColor; stroke-width: 1.5; opacity: .6; }
    .front { fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 5 4; }
    .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .4rem 0; padding: 0; list-style: none; }
    ul { padding-left: 1.2rem; } pre { overflow-x: auto; background: var(--head); padding: .8rem; font-size: .82rem; white-space: pre; }
    details { margin: .5rem 0; } summary { cursor: pointer; }
    .c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
    .c4 { color: var(--c4); } .c5 { color: var(--c5); } .c6 { color: var(--c6); } .c7 { color: var(--c7); }
    @media print { body { max-width: none; padding: 0; font-size: 11pt; } figure, table { break-inside: avoid; }
      .wide { overflow: visible; } table { font-size: 8pt; } th, td { padding: .2rem .3rem; } details:not([open]) { display: none; } }
    """

  /// The script that sorts a table by the column whose header is clicked, using `data-value` as the sort key.
  static let script = """
    for (const table of document.querySelectorAll("table.sortable")) {
      const heads = [...table.querySelectorAll("th")];
      heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") !== "descending";
        heads.forEach(other => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = row => row.cells[column].dataset.value ?? "";
        const rows = [...table.tBodies[0].rows].sort((a, b) => {
          const [x, y] = [value(a), value(b)];
          const order = x === "" || y === "" || isNaN(x) || isNaN(y) ? String(x).localeCompare(y) : x - y;
          return down ? -order : order;
        });
        table.tBodies[0].append(...rows);
      }));
    }
    """
}
