import GraftSupport
public import GraftTransformer

/// The description of an adapter's objective in its file: what a reader needs to know without the objective's code.
public struct ObjectiveReference: Sendable, Equatable, Codable {
  /// The name under which the objective is registered.
  public let name: String
  /// C, the number of outputs of the head.
  public let outputCount: Int
  /// The tokens for which the head computes outputs.
  public let rows: EncoderRows
  /// The value of `problem_type` in `config.json`, or `nil`.
  public let problemType: String?

  private enum CodingKeys: String, CodingKey {
    case name, rows
    case outputCount = "outputs"
    case problemType = "problem_type"
  }

  /// Creates a reference.
  public init(name: String, outputCount: Int, rows: EncoderRows, problemType: String?) {
    self.name = name
    self.outputCount = outputCount
    self.rows = rows
    self.problemType = problemType
  }

  /// The values of `problem_type` in transformers.
  private static let problemTypes = ["regression", "single_label_classification", "multi_label_classification"]

  /// The reason why a reference read from a file is invalid, or `nil` if it is valid.
  var explanation: String? {
    if name.isEmpty { return "has an empty name" }
    if !(1...AdapterMetadata.maximumLabels).contains(outputCount) {
      return "has \(outputCount) outputs, expected 1 to \(AdapterMetadata.maximumLabels)"
    }
    if let problemType, !Self.problemTypes.contains(problemType) {
      return "has the problem type \(quoted(problemType)), expected \(Self.problemTypes.joined(separator: ", "))"
    }
    return nil
  }

  /// The objective of a file without one: files were written for classification and regression before there were others, and are
  /// still readable by programs from that time.
  public static func implied(by labels: [String]) -> ObjectiveReference {
    labels.count == 1
      ? ObjectiveReference(name: "regression", outputCount: 1, rows: .firstTokens, problemType: "regression")
      : ObjectiveReference(
        name: "classification", outputCount: labels.count, rows: .firstTokens,
        problemType: "single_label_classification")
  }
}
