public import GraftTransformer

/// The objective of an adapter, as far as its file needs it: everything but the code.
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
