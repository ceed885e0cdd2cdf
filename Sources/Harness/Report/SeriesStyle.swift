import Foundation

/// The look of one method in every chart and table: a color, a dash pattern, and a shape, so that methods can be told apart without
/// colors.
struct SeriesStyle: Equatable {
  /// The number of colors, of dash patterns, and of shapes.
  static let count = 8

  /// The position of the method on the page.
  let index: Int

  /// The classes of the color and the dash pattern. After eight methods, colors are combined with other patterns and shapes.
  var classes: String { "c\(index % Self.count) d\(shape)" }

  private var shape: Int { (index + index / Self.count) % Self.count }

  /// Returns the path of the shape around a point.
  func path(_ x: Double, _ y: Double) -> String {
    let corners: [(Double, Double)] =
      switch shape {
      case 1: [(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)]
      case 2: [(0, -4.6), (4.4, 3.4), (-4.4, 3.4)]
      case 3: [(0, -5), (5, 0), (0, 5), (-5, 0)]
      case 4: [(0, 4.6), (4.4, -3.4), (-4.4, -3.4)]
      case 5:
        [
          (-4.4, -1.5), (-1.5, -1.5), (-1.5, -4.4), (1.5, -4.4), (1.5, -1.5), (4.4, -1.5), (4.4, 1.5), (1.5, 1.5),
          (1.5, 4.4), (-1.5, 4.4), (-1.5, 1.5), (-4.4, 1.5),
        ]
      case 6: [(-5, -2), (5, -2), (5, 2), (-5, 2)]
      case 7: [(-2, -5), (2, -5), (2, 5), (-2, 5)]
      default: []
      }
    guard !corners.isEmpty else {
      return "M\(short(x - 4)) \(short(y))a4 4 0 1 0 8 0a4 4 0 1 0 -8 0"
    }
    return "M" + corners.map { "\(short(x + $0)) \(short(y + $1))" }.joined(separator: "L") + "Z"
  }

  /// A line with the shape, to be shown next to the method's name.
  var key: String {
    """
    <svg class="key" viewBox="0 0 30 12" aria-hidden="true"><g class="\(classes)"><path class="line" d="M0 6h30"/>\
    <path class="shape" d="\(path(15, 6))"/></g></svg>
    """
  }
}

/// Returns a coordinate with one decimal.
func short(_ number: Double) -> String { String(format: "%.1f", number) }
