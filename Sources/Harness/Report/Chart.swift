import Foundation

/// A chart as SVG, in the colors of the page that contains it, with its values as a table.
struct Chart {
  /// The chart's title.
  let title: String
  /// The axis titles: below the horizontal axis, and above the vertical one.
  let horizontal: String, vertical: String

  /// The width of the picture, and the left and top borders of the plot.
  static let width = 400.0, left = 50.0, top = 34.0

  /// The area between the axes.
  struct Area {
    var right = Chart.width - 14
    var bottom = 240.0
    let x: ChartAxis, y: ChartAxis

    /// Creates an area for values.
    init(right: Double, bottom: Double = 240, _ xs: [Double], _ scale: ChartAxis.Scale, _ ys: [Double]) {
      self.right = right
      self.bottom = bottom
      x = ChartAxis(xs, scale: scale, over: Chart.left...right)
      y = ChartAxis(ys, over: Chart.top...bottom, isReversed: true)
    }

    /// Returns the position of a value.
    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) { (self.x.place(x), self.y.place(y)) }
  }

  /// Returns the figure.
  ///
  /// - Parameters:
  ///   - kind: What the picture is, such as `Line chart`.
  ///   - area: The area.
  ///   - parts: The elements of the picture.
  ///   - notes: What the picture shows in addition to lines and points with names.
  ///   - values: The table of the values, for readers who don't see the picture.
  func figure(_ kind: String, _ area: Area, _ parts: [String], notes: [String], values: HTMLTable?) -> String {
    let table = values.map {
      "<details class=\"values\"><summary>Values of “\(escaped(title))”</summary>\($0.html)</details>"
    }
    let note = notes.isEmpty ? "" : "<p class=\"note\">\(notes.map(escaped).joined(separator: " "))</p>\n"
    let description = "\(kind): \(title)." + (values == nil ? "" : " The table after it has the values.")
    return """
      <figure><figcaption>\(escaped(title))</figcaption>
      <div class="plot" data-name="\(escaped(title))">\
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(area.bottom) + 44)" role="img" aria-label="\(escaped(description))">
      \(([frame(area)] + parts).joined(separator: "\n"))
      </svg></div>
      \(note)\(table ?? "")</figure>
      """
  }

  /// The axes with their marks and titles, and the grid.
  private func frame(_ area: Area) -> String {
    let (left, right, bottom) = (short(Self.left), short(area.right), short(area.bottom))
    var parts: [String] = []
    for mark in area.y.marks {
      let y = area.y.place(mark.value)
      parts.append("<path class=\"grid\" d=\"M\(left) \(short(y))H\(right)\"/>")
      parts.append(text("mark-text", Self.left - 6, y + 4, mark.text, anchor: "end"))
    }
    for mark in area.x.marks {
      let x = area.x.place(mark.value)
      parts.append("<path class=\"tick\" d=\"M\(short(x)) \(bottom)v4\"/>")
      parts.append(text("mark-text", x, area.bottom + 17, mark.text, anchor: "middle"))
    }
    parts.append("<path class=\"axis\" d=\"M\(left) \(bottom)H\(right)\"/>")
    parts.append(
      text("axis-name", (Self.left + area.right) / 2, area.bottom + 36, horizontal, anchor: "middle"))
    parts.append(text("axis-name", Self.left - 46, Self.top - 16, vertical))
    return parts.joined(separator: "\n")
  }

  /// Returns a text.
  func text(_ name: String, _ x: Double, _ y: Double, _ text: String, anchor: String = "start") -> String {
    "<text class=\"\(name)\" x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\">\(escaped(text))</text>"
  }

  /// Returns a point with the method's shape, and the text that is shown near it.
  ///
  /// - Parameter isVisible: Whether the shape is drawn; otherwise, the point only has a text.
  func mark(_ style: SeriesStyle, _ x: Double, _ y: Double, _ title: String, isVisible: Bool = true) -> String {
    let path = isVisible ? style.path(x, y) : "M\(short(x)) \(short(y))h0"
    return "<path class=\"mark\(isVisible ? " shape" : "")\" d=\"\(path)\"><title>\(escaped(title))</title></path>"
  }

  /// Returns the elements of one method, which can be hidden together.
  func series(_ style: SeriesStyle, _ parts: [String]) -> String {
    "<g class=\"series \(style.classes)\" data-method=\"\(style.index)\">\n\(parts.joined(separator: "\n"))\n</g>"
  }

  /// Returns a value for a table or a text: four decimals, or three digits if it is large or small.
  static func text(_ value: Double) -> String {
    let size = abs(value)
    return String(format: size == 0 || (1e-3..<1e6).contains(size) ? "%.4f" : "%.3g", value)
  }

  /// Returns the beginning of a name, short enough for a label in a picture.
  static func label(_ name: String) -> String {
    let text = name.replacing("\n", with: " ")
    return text.count > 18 ? text.prefix(17) + "…" : text
  }

  /// Returns the approximate width of a label in the page's font.
  static func width(of label: String) -> Double { Double(label.count) * 7.3 }
}
