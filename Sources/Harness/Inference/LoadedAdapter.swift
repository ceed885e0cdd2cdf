import Foundation
public import GraftCore

/// An adapter file on its base, ready to answer: what `graft predict`, `evaluate` and `verify` work with.
public struct LoadedAdapter {
  /// The file.
  public let file: AdapterFile
  /// The base it sits on.
  public let base: Base
  let workers = Workers(count: Workers.automaticCount)
  let methods: MethodRegistry
  static let id: AdapterID = "loaded"

  /// Reads the file, finds its base and puts it on.
  ///
  /// - Parameters:
  ///   - path: The adapter file.
  ///   - name: Where to look for the base, in place of the name in the file; never what is accepted.
  /// - Throws: Errors for people that name what differs.
  public init(
    file path: String, base name: String? = nil, methods: MethodRegistry, locator: BaseLocator = BaseLocator()
  ) throws {
    file = try AdapterFile(path: path)
    self.methods = methods
    base = try Base(
      name ?? file.metadata.base.name, classes: file.metadata.labels.count, seed: 0, locator: locator)
    try file.attach(to: base, as: Self.id, methods: methods, workers: workers)
  }

  /// Tokens of the longest sequence that the adapter was trained for and the base can take.
  var maxLength: Int { min(file.metadata.maxLength, base.model.configuration.longestSequence) }

  /// What runs the model over examples.
  var evaluator: Evaluator {
    Evaluator(model: base.model, workers: workers, batchSize: TrainingConfiguration().evalBatchSize)
  }
}
