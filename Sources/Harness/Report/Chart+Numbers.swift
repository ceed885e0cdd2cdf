import Foundation
import GraftObjectives

extension Chart {
  /// The largest number of examples that are drawn.
  private static let mostExamples = 1000

  /// Draws actual and predicted numbers of one method, and the line on which predictions are correct.
  func numbers(_ pairs: [EvaluationDetails.NumberPair], _ style: SeriesStyle) -> String {
    let usable = pairs.filter { abs($0.actual) < 1e30 && abs($0.predicted) < 1e30 }
    guard !usable.isEmpty else { return "" }
    let interval = (usable.count + Self.mostExamples - 1) / Self.mostExamples
    let drawn = stride(from: 0, to: usable.count, by: interval).map { usable[$0] }
    let area = Area(right: Self.width - 14, drawn.map(\.actual), .linear, drawn.flatMap { [$0.actual, $0.predicted] })
    let low = drawn.map(\.actual).min() ?? 0
    let high = drawn.map(\.actual).max() ?? 0
    let (start, end) = (area.place(low, low), area.place(high, high))
    let dots = drawn.map { pair in
      let place = area.place(pair.actual, pair.predicted)
      return "M\(short(place.x)) \(short(place.y))h0"
    }
    let parts = [
      "<path class=\"front\" d=\"M\(short(start.x)) \(short(start.y))L\(short(end.x)) \(short(end.y))\"/>",
      "<g class=\"\(style.classes)\"><path class=\"cloud\" d=\"\(dots.joined())\"/></g>",
    ]
    return figure(
      "Scatter chart", area, parts,
      notes: ["Dashed line: predicted = actual."]
        + (interval > 1 ? ["\(drawn.count) of \(usable.count) predictions are drawn."] : []), values: nil)
  }
}
