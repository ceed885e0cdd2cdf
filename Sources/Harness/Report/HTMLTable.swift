/// A table of the page, with what a screen reader needs: a caption, and heads of columns and rows.
struct HTMLTable {
  /// The caption.
  let caption: String
  /// The classes of the table element.
  var classes = ""
  /// Whether the caption is only for screen readers, because the text before the table says the same.
  var hidesCaption = false
  /// The heads of the columns.
  let head: [Cell]
  /// The rows; the first cell is the head of its row.
  let rows: [[Cell]]
  /// The rows that stay at the end if the table is sorted.
  var foot: [[Cell]] = []

  /// A cell.
  struct Cell {
    /// The content as HTML.
    let content: String
    /// Attributes of the element, with a leading space.
    var attributes = ""

    /// A cell with a text.
    init(_ text: String, attributes: String = "") { self.init(html: escaped(text), attributes: attributes) }

    /// A cell with markup.
    init(html: String, attributes: String = "") {
      content = html
      self.attributes = attributes
    }
  }

  /// The table in a box that scrolls sideways, also with the keyboard.
  var html: String {
    let head = head.map { "<th scope=\"col\"\($0.attributes)>\($0.content)</th>" }.joined()
    let feet = foot.isEmpty ? "" : "\n<tfoot>\(body(foot))</tfoot>"
    return """
      <div class="wide" role="group" aria-label="\(escaped(caption))" tabindex="0">
      <table class="\(classes)"><caption\(hidesCaption ? " class=\"unseen\"" : "")>\(escaped(caption))</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>\(body(rows))</tbody>\(feet)
      </table></div>
      """
  }

  private func body(_ rows: [[Cell]]) -> String {
    rows.map { row in
      let cells = row.enumerated().map { column, cell in
        column == 0
          ? "<th scope=\"row\"\(cell.attributes)>\(cell.content)</th>"
          : "<td\(cell.attributes)>\(cell.content)</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }.joined(separator: "\n")
  }
}
