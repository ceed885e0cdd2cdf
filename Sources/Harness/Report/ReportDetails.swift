import GraftObjectives
import GraftSupport

/// The details of each method on one task: scores per class, confusion matrix, or predicted numbers, as far as the objective has
/// them.
struct ReportDetails {
  let task: ComparisonResults.TaskResults
  let methods: [(row: ComparisonResults.Row, style: SeriesStyle)]

  /// The largest number of classes that are listed, and for which there is a matrix.
  private static let mostClasses = 20, mostMatrixClasses = 10
  /// The number of confusions that are listed if there is no matrix.
  private static let mostConfusions = 10

  /// The details of all methods; empty if the objective has none.
  var html: String {
    let cards = methods.compactMap { method -> String? in
      let parts = parts(of: method.row.details, method.row.label, method.style)
      guard !parts.isEmpty else { return nil }
      return """
        <section class="card" data-method="\(method.style.index)">
        <h4>\(method.style.key)\(escaped(method.row.label))</h4>
        \(parts.joined(separator: "\n"))
        </section>
        """
    }
    guard !cards.isEmpty else { return "" }
    return """
      <h3>Predictions</h3>
      <p class="soft">\(notes.map(escaped).joined(separator: " "))</p>
      <div class="cards" style="--card: \(width)rem">
      \(cards.joined(separator: "\n"))
      </div>
      """
  }

  /// The smallest width of a card in which a matrix is not cut off.
  private var width: Int {
    let columns = methods.map { $0.row.details.confusions.isEmpty ? 0 : $0.row.details.classes.count }.max() ?? 0
    return columns > Self.mostMatrixClasses ? 23 : max(23, 12 + 6 * columns)
  }

  private var notes: [String] {
    let seeds = methods.map(\.row.runs).max() ?? 1
    let details = methods.map(\.row.details)
    let classes = details.map(\.classes.count).max() ?? 0
    var notes: [String] = []
    if seeds > 1 { notes.append("All \(seeds) seeds together: each evaluation example counts once per seed.") }
    if classes > Self.mostClasses {
      notes.append("The \(Self.mostClasses) most frequent of \(classes) classes are listed.")
    }
    if details.contains(where: { !$0.confusions.isEmpty }), classes <= Self.mostMatrixClasses {
      notes.append("In the matrices, the shade of a cell is its share of the row.")
    }
    return notes
  }

  private func parts(
    of details: EvaluationDetails, _ label: String, _ style: SeriesStyle
  ) -> [String] {
    var parts: [String] = []
    if !details.classes.isEmpty { parts.append(scores(details.classes, label).html) }
    if !details.confusions.isEmpty {
      let isSmall = details.classes.count <= Self.mostMatrixClasses
      parts.append((isSmall ? matrix(details, label) : confusions(details, label)).html)
    }
    if !details.numbers.isEmpty {
      parts.append(errors(details.numbers, label).html)
      parts.append(
        Chart(title: "Predictions of \(label)", horizontal: "actual", vertical: "predicted")
          .numbers(details.numbers, style))
    }
    return parts
  }

  private func scores(_ classes: [EvaluationDetails.ClassScores], _ label: String) -> HTMLTable {
    let order = classes.indices.sorted { (-classes[$0].support, $0) < (-classes[$1].support, $1) }
    let listed = classes.count <= Self.mostClasses ? Array(classes.indices) : Array(order.prefix(Self.mostClasses))
    func text(_ score: Double?) -> HTMLTable.Cell { .init(score.map(Chart.text) ?? "undefined") }
    return HTMLTable(
      caption: "Scores per class of \(label)", classes: "data", hidesCaption: true,
      head: ["class", "precision", "recall", "F1", "support"].map { .init($0) },
      rows: listed.map { index in
        let scores = classes[index]
        return [
          name(scores.label), text(scores.precision), text(scores.recall), text(scores.f1),
          .init(grouped(scores.support)),
        ]
      })
  }

  private func matrix(_ details: EvaluationDetails, _ label: String) -> HTMLTable {
    var counts: [[Int]: Int] = [:]
    for confusion in details.confusions { counts[[confusion.actual, confusion.predicted]] = confusion.count }
    return HTMLTable(
      caption: "Confusion matrix: rows are actual, columns predicted classes", classes: "matrix",
      head: [.init("actual \\ predicted")] + details.classes.map { name($0.label) },
      rows: details.classes.enumerated().map { actual, scores in
        [name(scores.label)]
          + details.classes.indices.map { predicted in
            let count = counts[[actual, predicted]] ?? 0
            let level = count == 0 ? 0 : 1 + count * 7 / max(1, scores.support)
            return .init(grouped(count), attributes: " class=\"h\(min(level, 8))\"")
          }
      })
  }

  private func confusions(_ details: EvaluationDetails, _ label: String) -> HTMLTable {
    let wrong = details.confusions.filter { $0.actual != $0.predicted }.sorted {
      ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted)
    }
    return HTMLTable(
      caption: "Most frequent confusions", classes: "data",
      head: ["actual class", "predicted class", "examples"].map { .init($0) },
      rows: wrong.prefix(Self.mostConfusions).map { confusion in
        [
          name(details.classes[confusion.actual].label), name(details.classes[confusion.predicted].label),
          .init(grouped(confusion.count)),
        ]
      })
  }

  private func errors(_ pairs: [EvaluationDetails.NumberPair], _ label: String) -> HTMLTable {
    let errors = pairs.map { $0.predicted - $0.actual }
    func mean(_ value: (Double) -> Double) -> Double { errors.reduce(0) { $0 + value($1) } / Double(errors.count) }
    let rows = [
      ("mean absolute error", mean { abs($0) }), ("root mean squared error", mean { $0 * $0 }.squareRoot()),
      ("mean error", mean { $0 }),
    ]
    return HTMLTable(
      caption: "Errors of \(label)", classes: "data", hidesCaption: true, head: ["error", "value"].map { .init($0) },
      rows: rows.map { [.init($0.0), .init(Chart.text($0.1))] })
  }

  /// A cell with the name of a class, which is shortened on the page if it is long.
  private func name(_ label: String) -> HTMLTable.Cell {
    .init(html: "<span class=\"clip\">\(escaped(label.isEmpty ? "(empty)" : label))</span>")
  }
}
