import Foundation

extension Chart {
  /// The values of one method during training, one list per seed.
  struct Line {
    let label: String
    let style: SeriesStyle
    let seeds: [[(x: Double, y: Double)]]
  }

  /// The values of all seeds at one step.
  private struct Band {
    let x: Double
    let mean: Double, low: Double, high: Double
  }

  /// The largest number of points of a line; a longer one is averaged.
  static let mostPoints = 60
  /// The distance between the baselines of two labels.
  private static let lineHeight = 14.0

  /// Draws each method's mean over its seeds with its name at the end, and a band from the minimum to the maximum of several seeds.
  /// Without a line of at least two points, there is no chart.
  func lines(_ lines: [Line]) -> String {
    let sets = lines.compactMap { line in
      let bands = Self.bands(line.seeds)
      return bands.isEmpty ? nil : (line: line, bands: bands)
    }
    guard sets.contains(where: { $0.bands.count > 1 }) else { return "" }
    let perPoint = sets.map { ($0.bands.count + Self.mostPoints - 1) / Self.mostPoints }.max() ?? 1
    let drawn = sets.map { (line: $0.line, bands: Self.averaged($0.bands, by: perPoint)) }
    let labels = drawn.map { Self.label($0.line.label) }
    let all = drawn.flatMap(\.bands)
    let area = Area(
      right: Self.width - 27 - (labels.map(Self.width).max() ?? 0),
      bottom: max(240, Self.top + Self.lineHeight * Double(drawn.count)), all.map(\.x), .linear,
      all.flatMap { [$0.low, $0.high] })
    let ends = Self.spread(
      drawn.map { area.y.place($0.bands[$0.bands.count - 1].mean) }, within: Self.top...area.bottom)
    let parts = drawn.indices.map { index in
      let (line, bands) = drawn[index]
      return series(
        line.style, picture(line, bands, area) + [endLabel(labels[index], line.style, bands, area, ends[index])])
    }
    return figure(
      "Line chart", area, parts, notes: notes(drawn.map(\.line), drawn.map(\.bands), perPoint),
      values: values(drawn.map { ($0.line.label, $0.bands) }))
  }

  private func picture(_ line: Line, _ bands: [Band], _ area: Area) -> [String] {
    func points(_ value: (Band) -> Double, _ bands: [Band]) -> String {
      bands.map { "\(short(area.x.place($0.x))),\(short(area.y.place(value($0))))" }.joined(separator: " ")
    }
    var parts: [String] = []
    if line.seeds.count > 1 {
      let outline = points(\.high, bands) + " " + points(\.low, bands.reversed())
      parts.append("<polygon class=\"band\" points=\"\(outline)\"/>")
    }
    parts.append("<polyline class=\"line\" points=\"\(points(\.mean, bands))\"/>")
    // A shape at every point would hide the dash patterns of a line with many.
    let interval = max(1, (bands.count + 5) / 6)
    for (index, band) in bands.enumerated() {
      let (x, y) = area.place(band.x, band.mean)
      let range =
        line.seeds.count > 1 ? ", seeds from \(Self.text(band.low)) to \(Self.text(band.high))" : ""
      parts.append(
        mark(
          line.style, x, y,
          "\(line.label), \(horizontal) \(Self.step(band.x)): \(vertical) \(Self.text(band.mean))\(range)",
          isVisible: (bands.count - 1 - index) % interval == 0))
    }
    return parts
  }

  /// Returns the name of a line at its end, connected with it.
  private func endLabel(_ label: String, _ style: SeriesStyle, _ bands: [Band], _ area: Area, _ y: Double) -> String {
    guard let last = bands.last else { return "" }
    let end = area.place(last.x, last.mean)
    let x = area.right + 10
    let leader = "<path class=\"leader\" d=\"M\(short(end.x + 5)) \(short(end.y))L\(short(x)) \(short(y))\"/>"
    return leader + "<path class=\"shape\" d=\"\(style.path(x + 4, y))\"/>" + text("name", x + 13, y + 4, label)
  }

  private func notes(_ lines: [Line], _ bands: [[Band]], _ perPoint: Int) -> [String] {
    let hasBand = zip(lines, bands).contains { $0.seeds.count > 1 && $1.count > 1 && $1.contains { $0.low < $0.high } }
    return (hasBand ? ["Lines: means over the seeds; bands: from the lowest to the highest seed."] : [])
      + (perPoint > 1 ? ["Each point is the mean of up to \(perPoint) consecutive values."] : [])
  }

  private func values(_ lines: [(label: String, bands: [Band])]) -> HTMLTable {
    let steps = Set(lines.flatMap { $0.bands.map(\.x) }).sorted()
    let columns = lines.map { line in
      Dictionary(line.bands.map { ($0.x, $0.mean) }) { first, _ in first }
    }
    return HTMLTable(
      caption: title, classes: "data", hidesCaption: true, head: ([horizontal] + lines.map(\.label)).map { .init($0) },
      rows: steps.map { step in
        [.init(Self.step(step))] + columns.map { .init($0[step].map(Self.text) ?? "–") }
      })
  }

  private static func step(_ x: Double) -> String { String(format: "%g", x) }

  /// Returns the mean, minimum, and maximum over the seeds at each step where all of them have a value.
  private static func bands(_ seeds: [[(x: Double, y: Double)]]) -> [Band] {
    var values: [Double: [Double]] = [:]
    for seed in seeds {
      for (x, y) in Dictionary(seed.map { ($0.x, $0.y) }, uniquingKeysWith: { first, _ in first }) {
        values[x, default: []].append(y)
      }
    }
    return values.filter { $0.value.count == seeds.count }.sorted { $0.key < $1.key }.map { x, values in
      Band(
        x: x, mean: values.reduce(0, +) / Double(values.count), low: values.min() ?? 0, high: values.max() ?? 0)
    }
  }

  /// Returns the means of consecutive values, each at the step of the last one.
  private static func averaged(_ bands: [Band], by count: Int) -> [Band] {
    stride(from: 0, to: bands.count, by: count).map { start in
      let part = bands[start..<min(start + count, bands.count)]
      func mean(_ value: (Band) -> Double) -> Double { part.reduce(0) { $0 + value($1) } / Double(part.count) }
      return Band(x: part.last?.x ?? 0, mean: mean(\.mean), low: mean(\.low), high: mean(\.high))
    }
  }

  /// Moves positions apart so that labels at them don't overlap, and keeps their order.
  static func spread(_ positions: [Double], within range: ClosedRange<Double>) -> [Double] {
    let room = range.upperBound - range.lowerBound
    let gap = min(lineHeight, room / Double(max(1, positions.count)))
    let order = positions.indices.sorted { positions[$0] < positions[$1] }
    var result = positions
    var lowest = range.lowerBound
    for index in order {
      result[index] = max(positions[index], lowest)
      lowest = result[index] + gap
    }
    var highest = range.upperBound
    for index in order.reversed() {
      result[index] = min(result[index], highest)
      highest = result[index] - gap
    }
    return result
  }
}
