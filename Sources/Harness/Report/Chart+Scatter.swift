import Foundation

extension Chart {
  /// A point that represents one method.
  struct Point {
    let label: String
    let style: SeriesStyle
    let x: Double, y: Double
    /// The standard deviation of `y`.
    let deviation: Double?
    /// The texts of both values, for tables.
    let texts: (x: String, y: String)
  }

  /// Draws each method as a point with its name, and a line along the Pareto front if it has several points.
  func scatter(_ points: [Point]) -> String {
    guard !points.isEmpty else { return "" }
    let range = points.flatMap { [$0.y - ($0.deviation ?? 0), $0.y + ($0.deviation ?? 0)] }
    let area = Area(right: Self.width - 14, points.map(\.x), .logarithmic, range)
    var parts: [String] = []
    let front = Self.front(points)
    if front.count > 1 {
      let places = front.map { "\(short(area.x.place($0.x))),\(short(area.y.place($0.y)))" }
      parts.append("<polyline class=\"front\" points=\"\(places.joined(separator: " "))\"/>")
    }
    // The shapes, and the bars of the deviations.
    var occupied = points.map { item in
      let place = area.place(item.x, item.y)
      return Box(x: place.x - 6, y: place.y - 6, width: 12, height: 12)
    }
    for item in points {
      guard let deviation = item.deviation else { continue }
      let top = area.place(item.x, item.y + deviation)
      occupied.append(Box(x: top.x - 2, y: top.y, width: 4, height: 2 * (area.y.place(item.y) - top.y)))
    }
    for item in points {
      let place = area.place(item.x, item.y)
      var elements: [String] = []
      if let deviation = item.deviation {
        let (low, high) = (area.y.place(item.y - deviation), area.y.place(item.y + deviation))
        elements.append("<path class=\"error\" d=\"M\(short(place.x)) \(short(low))V\(short(high))\"/>")
      }
      elements.append(
        mark(item.style, place.x, place.y, "\(item.label): \(vertical) \(item.texts.y), \(horizontal) \(item.texts.x)"))
      let name = Self.label(item.label)
      let box = label(name, beside: place, avoiding: occupied, area)
      occupied.append(box)
      parts.append(series(item.style, elements + [text("name", box.x, box.y + 11, name)]))
    }
    let notes =
      (points.contains { $0.deviation ?? 0 > 0 } ? ["Bars: one standard deviation over the seeds."] : [])
      + (front.count > 1 ? ["Dashed line: Pareto front."] : [])
    return figure(
      "Scatter chart", area, parts, notes: notes,
      values: HTMLTable(
        caption: title, classes: "data", hidesCaption: true,
        head: ["method", horizontal, vertical].map { .init($0) },
        rows: points.map { [.init($0.label), .init($0.texts.x), .init($0.texts.y)] }))
  }

  /// Chooses the position of a label: the first of above, below, right, and left of its point that overlaps nothing; above if
  /// all of them overlap.
  private func label(
    _ text: String, beside point: (x: Double, y: Double), avoiding occupied: [Box], _ area: Area
  ) -> Box {
    let (width, height) = (Self.width(of: text), 13.0)
    let start = min(max(point.x - width / 2, Self.left), area.right - width)
    let boxes = [
      (start, point.y - 23), (start, point.y + 9), (point.x + 10, point.y - 6), (point.x - 10 - width, point.y - 6),
      (start, point.y - 36), (start, point.y + 22),
    ].map { Box(x: $0, y: $1, width: width, height: height) }
    return boxes.first { box in
      box.x >= Self.left && box.x + width <= Self.width && box.y + height <= area.bottom
        && !occupied.contains { $0.overlaps(box) }
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
}
