import Foundation

/// A chart as SVG, in the colors of the page that contains it.
struct Chart {
  /// The chart's title.
  let title: String
  /// The axis titles: below the horizontal axis, and above the vertical one.
  let horizontal: String, vertical: String
  private let width = 460.0, height = 300.0
  private let left = 56.0, right = 444.0, top = 34.0, bottom = 250.0

  /// The values of one method during training, one list per seed.
  struct Line {
    let label: String
    let color: Int
    let seeds: [[(x: Double, y: Double)]]
  }

  /// A point that represents one method.
  struct Point {
    let label: String
    let color: Int
    let x: Double, y: Double
    /// The standard deviation of `y`.
    let deviation: Double?
  }

  /// Draws each method's mean over its seeds, with a band from the minimum to the maximum.
  func lines(_ lines: [Line]) -> String {
    let all = lines.flatMap { $0.seeds.flatMap { $0 } }
    guard !all.isEmpty else { return "" }
    let (x, y) = axes(all.map(\.x), .linear, all.map(\.y))
    var parts = [frame(x, y)]
    for line in lines {
      let bands = Self.bands(line.seeds)
      guard let last = bands.last else { continue }
      if line.seeds.count > 1 {
        let upper = bands.map { point(x.place($0.x), y.place($0.high)) }
        let lower = bands.reversed().map { point(x.place($0.x), y.place($0.low)) }
        parts.append("<polygon class=\"band c\(line.color)\" points=\"\((upper + lower).joined(separator: " "))\"/>")
      }
      let mean = bands.map { point(x.place($0.x), y.place($0.mean)) }.joined(separator: " ")
      parts.append(
        "<polyline class=\"line c\(line.color)\" points=\"\(mean)\"><title>\(escaped(line.label))</title></polyline>")
      parts.append(dot(x.place(last.x), y.place(last.mean), line.color, line.label))
    }
    return svg(parts)
  }

  /// Draws each method as a point, and a line along the Pareto front.
  func scatter(_ points: [Point]) -> String {
    guard !points.isEmpty else { return "" }
    let spread = points.flatMap { [$0.y - ($0.deviation ?? 0), $0.y + ($0.deviation ?? 0)] }
    let (x, y) = axes(points.map(\.x), .logarithmic, spread)
    var parts = [frame(x, y)]
    let front = Self.front(points)
    if front.count > 1 {
      let places = front.map { point(x.place($0.x), y.place($0.y)) }.joined(separator: " ")
      parts.append("<polyline class=\"front\" points=\"\(places)\"/>")
    }
    var occupied = points.map { Box(x: x.place($0.x) - 5, y: y.place($0.y) - 5, width: 10, height: 10) }
    for item in points {
      let (px, py) = (x.place(item.x), y.place(item.y))
      if let deviation = item.deviation {
        let (low, high) = (short(y.place(item.y - deviation)), short(y.place(item.y + deviation)))
        parts.append(
          "<line class=\"error c\(item.color)\" x1=\"\(short(px))\" y1=\"\(low)\" x2=\"\(short(px))\" y2=\"\(high)\"/>")
      }
      parts.append(dot(px, py, item.color, item.label))
      let box = label(item.label, beside: (px, py), avoiding: occupied)
      occupied.append(box)
      parts.append(
        "<text class=\"name\" x=\"\(short(box.x))\" y=\"\(short(box.y + 11))\">\(escaped(item.label))</text>")
    }
    return svg(parts)
  }

  /// Chooses the position of a label: the first of above, below, right, and left of its point that overlaps nothing; above if
  /// all of them overlap.
  private func label(_ text: String, beside point: (x: Double, y: Double), avoiding occupied: [Box]) -> Box {
    let (width, height) = (Double(text.count) * 6.8, 13.0)  // the approximate size of the text in the page's font
    let start = min(max(point.x - width / 2, left), right - width)
    let boxes = [
      (start, point.y - 22), (start, point.y + 9), (point.x + 9, point.y - 6), (point.x - 9 - width, point.y - 6),
    ].map { Box(x: $0, y: $1, width: width, height: height) }
    return boxes.first { box in
      box.x >= left && box.x + width <= self.width && !occupied.contains { $0.overlaps(box) }
    } ?? boxes[0]
  }

  private struct Box {
    let x: Double, y: Double, width: Double, height: Double

    func overlaps(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
    }
  }

  /// Returns the Pareto front: the points that no other point dominates by being at least as far left and as high, and strictly
  /// better in one of the two.
  static func front(_ points: [Point]) -> [Point] {
    points.filter { point in
      !points.contains { ($0.x < point.x && $0.y >= point.y) || ($0.x <= point.x && $0.y > point.y) }
    }.sorted { $0.x < $1.x }
  }

  /// Returns the mean, minimum, and maximum over the seeds at each step where all of them have a value.
  private static func bands(_ seeds: [[(x: Double, y: Double)]]) -> [(
    x: Double, mean: Double, low: Double, high: Double
  )] {
    let steps = Set(seeds.flatMap { $0.map(\.x) }).sorted()
    return steps.compactMap { step in
      let values = seeds.compactMap { $0.first { $0.x == step }?.y }
      guard values.count == seeds.count, let low = values.min(), let high = values.max() else { return nil }
      return (step, values.reduce(0, +) / Double(values.count), low, high)
    }
  }

  private func axes(_ xs: [Double], _ scale: ChartAxis.Scale, _ ys: [Double]) -> (x: ChartAxis, y: ChartAxis) {
    (ChartAxis(xs, scale: scale, over: left...right), ChartAxis(ys, over: top...bottom, isReversed: true))
  }

  private func frame(_ x: ChartAxis, _ y: ChartAxis) -> String {
    var parts: [String] = []
    for mark in y.marks {
      let place = short(y.place(mark.value))
      parts.append("<line class=\"grid\" x1=\"\(left)\" y1=\"\(place)\" x2=\"\(right)\" y2=\"\(place)\"/>")
      parts.append(
        "<text class=\"mark\" x=\"\(left - 6)\" y=\"\(short(y.place(mark.value) + 4))\" text-anchor=\"end\">\(mark.text)</text>"
      )
    }
    for mark in x.marks {
      let place = short(x.place(mark.value))
      parts.append("<line class=\"tick\" x1=\"\(place)\" y1=\"\(bottom)\" x2=\"\(place)\" y2=\"\(bottom + 4)\"/>")
      parts.append(
        "<text class=\"mark\" x=\"\(place)\" y=\"\(bottom + 17)\" text-anchor=\"middle\">\(mark.text)</text>")
    }
    parts.append("<line class=\"axis\" x1=\"\(left)\" y1=\"\(bottom)\" x2=\"\(right)\" y2=\"\(bottom)\"/>")
    parts.append(
      "<text class=\"axis-name\" x=\"\((left + right) / 2)\" y=\"\(bottom + 36)\" text-anchor=\"middle\">\(escaped(horizontal))</text>"
    )
    parts.append("<text class=\"axis-name\" x=\"\(left - 48)\" y=\"\(top - 16)\">\(escaped(vertical))</text>")
    return parts.joined(separator: "\n")
  }

  private func svg(_ parts: [String]) -> String {
    """
    <figure><figcaption>\(escaped(title))</figcaption>
    <svg viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(escaped(title))">
    \(parts.joined(separator: "\n"))
    </svg></figure>
    """
  }

  private func dot(_ x: Double, _ y: Double, _ color: Int, _ label: String) -> String {
    "<circle class=\"dot c\(color)\" cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"4\"><title>\(escaped(label))</title></circle>"
  }

  private func point(_ x: Double, _ y: Double) -> String { "\(short(x)),\(short(y))" }
  private func short(_ number: Double) -> String { String(format: "%.1f", number) }
}
