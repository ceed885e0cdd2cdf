public import GraftAdapterFiles
public import GraftCore
public import GraftTransformer

/// What a model learns: its outputs, targets, loss, metrics, and answers.
///
/// Training, evaluation, prediction, comparison, and exchange ask the objective for all of these and never depend on its kind. A
/// new objective is one type in one file and one line in a registry; see `Docs/adding-an-objective.md`. C is the number of outputs.
public protocol Objective: Sendable {
  /// The name in configurations and adapter files, such as `multi_label`.
  static var name: String { get }
  /// Whether targets are made of labels, which are collected from the training data if a task does not define them. Otherwise,
  /// ``labelNames`` has one name, that of the column.
  static var hasLabels: Bool { get }
  /// The allowed numbers of labels.
  static var labelCounts: ClosedRange<Int> { get }
  /// The value of `problem_type` in `config.json` for transformers, or `nil` if it has no such problem.
  static var problemType: String? { get }
  /// The value of `head_type` of AdapterHub's head for the objective, or `nil` if there is none.
  static var adapterHubHead: String? { get }

  /// Returns names for the labels of a head from elsewhere that has no names, or `nil` if the objective can't have this number of
  /// outputs.
  static func defaultLabelNames(outputs: Int) -> [String]?

  /// Creates the objective for labels from the user's own data or from an adapter file; their number is one of ``labelCounts``.
  init(labelNames: [String])

  /// The labels as they are written in files; empty without labels.
  var labels: [String] { get }
  /// The meaning of the labels in the same order, as stored in adapter files. Without labels, the meaning of the number.
  var labelNames: [String] { get }
  /// C, the number of outputs of the head.
  var outputCount: Int { get }
  /// The tokens for which the head computes outputs.
  var rows: EncoderRows { get }
  /// The metrics; runs are compared by the first one.
  var metrics: [Metric] { get }
  /// A readable name of the kind of target, such as `3 classes`.
  var summary: String { get }

  /// Returns the labels in a field of a table that has not been checked.
  ///
  /// - Throws: ``TargetError`` if the field can't be a target.
  static func labels(in field: TargetField) throws(TargetError) -> [String]

  /// Reads a target from a field of a table.
  ///
  /// - Throws: ``TargetError`` if the field is not a target of this objective.
  func target(_ field: TargetField) throws(TargetError) -> Target

  /// Checks a target that a program has created.
  ///
  /// - Throws: ``TargetError`` if it is not a target of this objective.
  func check(_ target: Target) throws(TargetError)

  /// Assigns the targets of a file to groups, each of which contributes the same fraction of its examples when some are held out.
  ///
  /// - Parameter targets: The distinct targets, each with the number of its examples.
  /// - Returns: The group of each target.
  func groups(_ targets: [(target: Target, count: Int)]) -> [Int]

  /// Computes the loss of outputs and adds its gradient to that of the outputs.
  ///
  /// - Parameters:
  ///   - outputs: `[S, C]`, or `[T, C]` if ``rows`` is `.all`.
  ///   - targets: The target of each sequence of the pass.
  ///   - weight: The weight of each sequence: with 1 / S of the whole batch, the workers' losses add up to the mean.
  ///   - pass: The current pass.
  /// - Returns: The sum over the sequences, times the weight.
  func loss(_ outputs: Tensor, _ targets: ArraySlice<Target>, weight: Float, in pass: Pass) -> Double

  /// Returns the loss of one text's outputs, in double precision, for evaluation.
  func loss(_ outputs: [Float], _ target: Target) -> Double

  /// Returns the answer for one text.
  func answer(_ outputs: [Float]) -> Answer

  /// Returns the answer for one text as the task's files write it.
  func written(_ outputs: [Float]) -> String

  /// Returns the best answer that does not depend on the text, which comparisons show next to the trained methods.
  ///
  /// - Parameter training: The targets of the training examples, at least one.
  func baseline(_ training: [Target]) -> Baseline

  /// Returns the details of an evaluation, such as the scores of each class.
  ///
  /// - Parameters:
  ///   - outputs: The model's outputs, one array per example.
  ///   - targets: The targets, one per example.
  func details(_ outputs: [[Float]], _ targets: [Target]) -> EvaluationDetails
}

/// The answer of a model for one text.
public struct Answer: Sendable, Equatable {
  /// The answer as text, on one line.
  public var text: String
  /// The labels of the answer; empty if it has none.
  public var labels: [String]
  /// The probabilities of the labels; empty if the objective has none.
  public var probabilities: [Double]
  /// The probability of the answer, or `nil` if the objective has none.
  public var probability: Double?
  /// The answer's members in the JSON object of a prediction.
  public var json: [String: JSONValue]

  /// Creates an answer.
  public init(
    text: String, labels: [String] = [], probabilities: [Double] = [], probability: Double? = nil,
    json: [String: JSONValue]
  ) {
    self.text = text
    self.labels = labels
    self.probabilities = probabilities
    self.probability = probability
    self.json = json
  }
}

/// Default implementations.
extension Objective {
  /// Targets are made of labels.
  public static var hasLabels: Bool { true }
  /// From 2 labels to the largest number that Graft supports.
  public static var labelCounts: ClosedRange<Int> { 2...maximumLabelCount }
  /// transformers has no such problem.
  public static var problemType: String? { nil }
  /// AdapterHub has no head for the objective.
  public static var adapterHubHead: String? { nil }
  /// The largest number of labels.
  public static var maximumLabelCount: Int { 1000 }

  /// `LABEL_0`, `LABEL_1`, …, one for each output.
  public static func defaultLabelNames(outputs: Int) -> [String]? {
    outputs < labelCounts.lowerBound ? nil : (0..<outputs).map { "LABEL_\($0)" }
  }

  /// One output per label.
  public var outputCount: Int { labelNames.count }
  /// The first token of each sequence.
  public var rows: EncoderRows { .firstTokens }

  /// Every distinct target is a group.
  public func groups(_ targets: [(target: Target, count: Int)]) -> [Int] { Array(targets.indices) }
  /// The answer's text.
  public func written(_ outputs: [Float]) -> String { answer(outputs).text }

  /// No details.
  public func details(_ outputs: [[Float]], _ targets: [Target]) -> EvaluationDetails { EvaluationDetails() }

  /// What a reader of an adapter file must know about the objective.
  public var reference: ObjectiveReference {
    ObjectiveReference(name: Self.name, outputCount: outputCount, rows: rows, problemType: Self.problemType)
  }
}
