/// An evaluation metric; the names of the built-in ones are those of Hugging Face's `evaluate` or scikit-learn.
///
/// A metric that is undefined for some predictions, such as the correlation with a constant, is `nil`, not 0.
public struct Metric: Sendable {
  /// The name in JSON and configurations.
  public let name: String
  private let compute: @Sendable (_ outputs: [[Float]], _ targets: [Target]) -> Double?

  /// Creates a metric.
  ///
  /// - Parameters:
  ///   - name: The name in JSON; in tables, underscores are spaces.
  ///   - compute: Returns the value for at least one example from the outputs of the model, one array per example, and the targets.
  public init(name: String, _ compute: @escaping @Sendable (_ outputs: [[Float]], _ targets: [Target]) -> Double?) {
    self.name = name
    self.compute = compute
  }

  /// Returns the metric's value, or `nil` if it is undefined.
  ///
  /// - Parameters:
  ///   - outputs: The model's outputs, one array per example.
  ///   - targets: The targets, one per example.
  public func value(_ outputs: [[Float]], _ targets: [Target]) -> Double? {
    targets.isEmpty ? nil : compute(outputs, targets)
  }

  /// Returns a metric's title in tables: `accuracy`, `F1`, `Matthews`, `accuracy mismatched`.
  public static func title(of name: String) -> String {
    name.replacing("matthews_correlation", with: "Matthews").replacing("f1", with: "F1")
      .replacing("pearson", with: "Pearson").replacing("spearman", with: "Spearman").replacing("_", with: " ")
  }

  /// The metric's title in tables.
  public var title: String { Self.title(of: name) }
}

extension Metric: Hashable, Encodable {
  /// Metrics are equal if their names are.
  public static func == (a: Metric, b: Metric) -> Bool { a.name == b.name }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
  /// Encodes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
