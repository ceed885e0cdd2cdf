import Foundation
import GraftObjectives
import GraftSupport

/// A commented configuration file to start from, with values chosen by the amount of data and the size of the base.
public struct StarterConfiguration: Sendable {
  /// The base.
  public let base: String
  /// The method's name.
  public let method: String
  /// The passes over the training examples.
  public let epochs: Int
  /// The peak learning rate.
  public let learningRate: Double
  /// The number of training steps.
  public let steps: Int
  /// Steps between evaluations.
  public let evalEvery: Int
  /// The maximum length in tokens.
  public let maxLength: Int
  /// The run's folder.
  public let output: String
  private let path: String
  private let roles: DataRoles
  private let report: DataReport

  private static let batchSize = 16
  /// The number of steps after which small adapters have usually converged.
  private static let targetSteps = 250
  /// The number of evaluations, which is enough to see when the validation loss begins to rise.
  private static let evaluations = 8

  /// Chooses the values.
  ///
  /// - Parameters:
  ///   - inspection: The data.
  ///   - report: What was found in it.
  ///   - roles: The roles of its columns.
  ///   - base: The base.
  ///   - width: D, the hidden width of the base, if it is known.
  ///   - method: The method's name.
  ///   - name: The name of the run's folder.
  public init(
    _ inspection: DataInspection, report: DataReport, roles: DataRoles, base: String, width: Int?, method: String,
    name: String
  ) {
    let examples = report.evaluationRows == nil ? report.rows - report.rows / 10 : report.rows
    let stepsPerEpoch = (examples + Self.batchSize - 1) / Self.batchSize
    epochs = min(max((Self.targetSteps + stepsPerEpoch - 1) / max(stepsPerEpoch, 1), 2), 20)
    steps = stepsPerEpoch * epochs
    evalEvery = max((steps + Self.evaluations - 1) / Self.evaluations, 10)
    learningRate = Self.learningRate(method, width: width)
    maxLength = report.longTexts * 100 > report.rows ? 512 : 256
    output = "runs/\(folderName(for: name))"
    self.base = base
    self.method = method
    self.roles = roles
    self.report = report
    path = inspection.path
  }

  /// Rates that work well on all-MiniLM-L6-v2. Wider bases need lower ones.
  private static func learningRate(_ method: String, width: Int?) -> Double {
    let isWide = width ?? 768 > 512
    return switch method {
    case "full": 5e-5
    case "head": 1e-2
    case "prefix": isWide ? 1e-2 : 3e-2
    case "houlsby": isWide ? 5e-4 : 1e-3
    default: isWide ? 5e-4 : 2e-3
    }
  }

  /// The file's text.
  public var text: String {
    var lines = [Line]()
    func add(_ text: String, _ comment: String = "") { lines.append(Line(text: text, comment: comment)) }
    let labels = !report.hasLabels ? "a number" : "\(report.labels.count) labels"
    let rows =
      report.evaluationRows.map { "\(grouped(report.rows)) training and \(grouped($0)) evaluation rows" }
      ?? "\(grouped(report.rows)) rows; a tenth is held out for evaluation"
    add("base: \(yamlText(base))", "the pretrained model; 'graft get base NAME' fetches others")
    add("task: custom", "your own data")
    add("objective: \(yamlText(roles.objective))", "\(labels) in the column \(visible(roles.label))")
    add("data:")
    add("  path: \(yamlText(path))", rows)
    add("  text: \(yamlText(roles.text))")
    if let pair = roles.textPair { add("  text_pair: \(yamlText(pair))") }
    add("  label: \(yamlText(roles.label))")
    add("method:", "'graft methods' lists the others, 'graft methods \(method)' the options")
    add("  name: \(yamlText(method))")
    if method == "lora" { for option in ["rank: 8", "alpha: 16", "dropout: 0.05"] { add("  \(option)") } }
    add("training:")
    add("  epochs: \(epochs)", "about \(grouped(steps)) steps of \(Self.batchSize) examples")
    add("  learning_rate: \(Self.written(learningRate))", "the first value to change if the loss does not fall")
    add("  eval_every: \(evalEvery)", "steps between evaluations")
    // The main metric of numbers is a correlation, which can be high although the scale is still wrong.
    if report.hasLabels { add("  keep: best", "save the checkpoint with the best evaluation") }
    add("  max_length: \(maxLength)", "tokens; longer texts are truncated")
    add("output: \(yamlText(output))")
    let width = min(lines.map(\.text.count).max() ?? 0, 36)
    let body = lines.map { $0.aligned(to: width) }
    return "# Written by 'graft init'. Every key is explained in Docs/configuration.md.\n"
      + body.joined(separator: "\n") + "\n"
  }

  /// A line with a comment, which may be empty.
  private struct Line {
    let text: String
    let comment: String

    func aligned(to width: Int) -> String {
      guard !comment.isEmpty else { return text }
      return text + String(repeating: " ", count: max(0, width - text.count)) + "  # \(comment)"
    }
  }

  private static func written(_ rate: Double) -> String { String(format: "%.1e", rate).replacing("e-0", with: "e-") }
}
