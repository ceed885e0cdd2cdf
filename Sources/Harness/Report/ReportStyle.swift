/// The style sheet of the report, which is embedded in the page so that it needs no network.
package enum ReportStyle {
  /// The style sheet.
  static let css = """
    :root { color-scheme: light dark; \(variables(light)) }
    @media (prefers-color-scheme: dark) { :root { \(variables(dark)) } }
    \(page)
    \(tables)
    \(charts)
    \(classes)
    \(print)
    """

  /// The colors of the page, and of the methods. The latter have a contrast of at least 3 with the page, and differ as much as
  /// possible for readers with any color vision (Machado et al., 2009).
  package struct Palette {
    package let page: String, text: String, soft: String, rule: String, head: String, heat: String
    package let methods: [String]
  }

  package static let light = Palette(
    page: "#fcfcfa", text: "#1c1e21", soft: "#5a5e65", rule: "#dcdcd6", head: "#f1f1ec", heat: "0 114 178",
    methods: ["#0079f2", "#b27600", "#74008c", "#355923", "#f26079", "#0000d8", "#9d74b2", "#3f2934"])

  package static let dark = Palette(
    page: "#16181b", text: "#e8e8e4", soft: "#a0a4aa", rule: "#33373c", head: "#202327", heat: "50 130 200",
    methods: ["#5ba0e5", "#e5e516", "#bf7c9d", "#b9f29d", "#e57e16", "#7960f2", "#60f2f2", "#8c7b5b"])

  private static func variables(_ palette: Palette) -> String {
    let names = [
      ("page", palette.page), ("text", palette.text), ("soft", palette.soft), ("rule", palette.rule),
      ("head", palette.head), ("heat", palette.heat),
    ]
    let methods = palette.methods.enumerated().map { ("c\($0)", $1) }
    return (names + methods).map { "--\($0): \($1);" }.joined(separator: " ")
  }

  private static let page = """
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.2rem; max-width: 78rem; background: var(--page); color: var(--text);
      font: 16px/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: .2rem 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.3rem; margin: 1.6rem 0 .3rem; overflow-wrap: anywhere; }
    h3 { font-size: 1.1rem; margin: 1.6rem 0 .3rem; } h4 { font-size: 1rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
    p { margin: .4rem 0; overflow-wrap: anywhere; } .soft { color: var(--soft); } ul { margin: .4rem 0; padding-left: 1.2rem; }
    pre { overflow-x: auto; background: var(--head); padding: .8rem; font-size: .82rem; }
    details { margin: .4rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
    footer { margin-top: 2rem; border-top: 1px solid var(--rule); font-size: .9rem; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .off { display: none; }
    :focus-visible { outline: 2px solid var(--c0); outline-offset: 2px; }
    button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
    """

  private static let tables = """
    .wide { position: relative; overflow-x: auto; margin: .6rem 0; }
    table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
    .sortable { width: 100%; } caption { text-align: left; color: var(--soft); padding: .2rem 0; }
    th, td { padding: .35rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
    th { font-weight: 600; } tbody th, tfoot th { font-weight: 400; } thead th { background: var(--head); }
    th:first-child { text-align: left; position: sticky; left: 0; background: var(--page); }
    thead th:first-child { background: var(--head); }
    .sortable th:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 7rem; max-width: 18rem; }
    .sortable td:nth-child(2) { font-weight: 600; } tfoot th, tfoot td { color: var(--soft); }
    th button { font-weight: inherit; }
    th[aria-sort=ascending] button::after { content: " ↑"; } th[aria-sort=descending] button::after { content: " ↓"; }
    .clip { display: inline-block; max-width: 8rem; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; }
    .matrix td { text-align: center; } .matrix .clip { max-width: 6rem; } .matrix thead th:not(:first-child) { text-align: center; }
    \((1...8).map { ".h\($0) { background: rgb(var(--heat) / \($0 * 6)%); }" }.joined(separator: " "))
    """

  private static let charts = """
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: .6rem 1.6rem; }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--card)), 1fr)); gap: 1.4rem 1.6rem; }
    .card { min-width: 0; } .card table { font-size: .85rem; } .card th, .card td { padding: .3rem .4rem; } figure { margin: .4rem 0; min-width: 0; } figcaption { font-weight: 600; }
    .plot { position: relative; } .plot svg { width: 100%; height: auto; display: block; }
    .note { font-size: .85rem; color: var(--soft); margin: 0; } .values { font-size: .85rem; color: var(--soft); }
    svg text { fill: var(--soft); font: 12px system-ui, sans-serif; } svg .name { fill: var(--text); }
    .grid { stroke: var(--rule); } .axis, .tick { stroke: var(--soft); }
    .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
    .band { fill: currentColor; opacity: .14; } .shape { fill: currentColor; stroke: var(--page); stroke-width: .8; }
    .mark:not(.shape) { stroke: none; fill: none; } .leader { fill: none; stroke: currentColor; opacity: .5; stroke-width: .8; }
    .error { stroke: currentColor; stroke-width: 1.5; } .front { fill: none; stroke: var(--soft); stroke-dasharray: 5 4; }
    .cloud { stroke: currentColor; stroke-width: 4; stroke-linecap: round; opacity: .35; }
    .ring { fill: none; stroke: var(--text); stroke-width: 1.5; }
    .tip { position: absolute; z-index: 1; max-width: 16rem; padding: .2rem .5rem; border-radius: .3rem; pointer-events: none;
      background: var(--text); color: var(--page); font-size: .82rem; line-height: 1.35; overflow-wrap: anywhere; }
    .key { display: inline-block; width: 1.9em; height: .75em; margin-right: .5em; vertical-align: baseline; }
    .toggles { display: flex; flex-wrap: wrap; gap: .4rem; margin: .4rem 0 .8rem; } .toggles[hidden] { display: none; }
    .toggles button { border: 1px solid var(--soft); border-radius: 1rem; padding: .15rem .7rem; max-width: 100%;
      overflow-wrap: anywhere; }
    .toggles button[aria-pressed=false] { text-decoration: line-through; color: var(--soft); border-style: dashed; }
    """

  /// The colors and dash patterns of the methods.
  private static let classes: String = {
    let patterns = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 2", "7 3 2 3 2 3"]
    let colors = light.methods.indices.map { ".c\($0) { color: var(--c\($0)); }" }
    let dashes = patterns.enumerated().filter { !$1.isEmpty }.map { ".d\($0) .line { stroke-dasharray: \($1); }" }
    return (colors + dashes).joined(separator: " ")
  }()

  /// Light colors for paper, whatever the screen has.
  private static let print = """
    @media print {
      :root { color-scheme: light; \(variables(light)) --page: #ffffff; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      figure, .card, tr { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
      .wide { overflow: visible; } table { font-size: 8pt; } th, td { padding: .15rem .25rem; }
      .sortable { font-size: 7.5pt; } .sortable th { white-space: normal; } th:first-child { position: static; }
      .charts { grid-template-columns: 1fr 1fr; }
      .cards { grid-template-columns: repeat(auto-fill, minmax(min(100%, calc(var(--card) * .8)), 1fr)); }
      .toggles, .values, .tip, .ring { display: none; }
      .configurations { columns: 2; } details::details-content { content-visibility: visible; height: auto; }
      pre { font-size: 6.5pt; padding: .3rem; white-space: pre-wrap; overflow: visible; }
    }
    """
}
