import Foundation

/// A picture of numbers as SVG, in the colours of the page that it stands in.
struct Chart {
  /// What every chart has.
  let title: String
  /// Under the horizontal axis, and above the vertical one.
  let horizontal: String, vertical: String
  private let width = 460.0, height = 300.0
  private let left = 56.0, right = 444.0, top = 34.0, bottom = 250.0

  /// Values of one method along the training, a list a seed.
  struct Line {
    let label: String
    let colour: Int
    let seeds: [[(x: Double, y: Double)]]
  }

  /// One method as a point.
  struct Point {
    let label: String
    let colour: Int
    let x: Double, y: Double
    /// How far y lies from its mean, each way.
    let deviation: Double?
  }

  /// Each method's mean over its seeds, in a band from the lowest to the highest.
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
        parts.append("<polygon class=\"band c\(line.colour)\" points=\"\((upper + lower).joined(separator: " "))\"/>")
      }
      let mean = bands.map { point(x.place($0.x), y.place($0.mean)) }.joined(separator: " ")
      parts.append(
        "<polyline class=\"line c\(line.colour)\" points=\"\(mean)\"><title>\(escaped(line.label))</title></polyline>")
      parts.append(dot(x.place(last.x), y.place(last.mean), line.colour, line.label))
    }
    return svg(parts)
  }

  /// Each method as a point, and a line along those that no other beats in both directions.
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
    var taken = points.map { Box(x: x.place($0.x) - 5, y: y.place($0.y) - 5, width: 10, height: 10) }
    for one in points {
      let (px, py) = (x.place(one.x), y.place(one.y))
      if let deviation = one.deviation {
        let (low, high) = (short(y.place(one.y - deviation)), short(y.place(one.y + deviation)))
        parts.append(
          "<line class=\"error c\(one.colour)\" x1=\"\(short(px))\" y1=\"\(low)\" x2=\"\(short(px))\" y2=\"\(high)\"/>")
      }
      parts.append(dot(px, py, one.colour, one.label))
      let box = label(one.label, beside: (px, py), avoiding: taken)
      taken.append(box)
      parts.append(
        "<text class=\"name\" x=\"\(short(box.x))\" y=\"\(short(box.y + 11))\">\(escaped(one.label))</text>")
    }
    return svg(parts)
  }

  /// Where a label stands: above, below, right or left of its point, where it covers nothing; else above.
  private func label(_ text: String, beside point: (x: Double, y: Double), avoiding taken: [Box]) -> Box {
    let (width, height) = (Double(text.count) * 6.8, 13.0)  // about what the page's font takes
    let start = min(max(point.x - width / 2, left), right - width)
    let boxes = [
      (start, point.y - 22), (start, point.y + 9), (point.x + 9, point.y - 6), (point.x - 9 - width, point.y - 6),
    ].map { Box(x: $0, y: $1, width: width, height: height) }
    return boxes.first { box in
      box.x >= left && box.x + width <= self.width && !taken.contains { $0.touches(box) }
    } ?? boxes[0]
  }

  private struct Box {
    let x: Double, y: Double, width: Double, height: Double

    func touches(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
    }
  }

  /// Points that no other beats: none is as far left and as high.
  static func front(_ points: [Point]) -> [Point] {
    points.filter { one in
      !points.contains { ($0.x < one.x && $0.y >= one.y) || ($0.x <= one.x && $0.y > one.y) }
    }.sorted { $0.x < $1.x }
  }

  /// Mean, lowest and highest of the seeds at each place where all of them have a value.
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

  private func dot(_ x: Double, _ y: Double, _ colour: Int, _ label: String) -> String {
    "<circle class=\"dot c\(colour)\" cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"4\"><title>\(escaped(label))</title></circle>"
  }

  private func point(_ x: Double, _ y: Double) -> String { "\(short(x)),\(short(y))" }
  private func short(_ number: Double) -> String { String(format: "%.1f", number) }
}
