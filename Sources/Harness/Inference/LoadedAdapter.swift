import Foundation
public import GraftCore

/// An adapter file on its base, ready to answer: what `graft predict`, `evaluate` and `verify` work with.
public struct LoadedAdapter {
  /// The file.
  public let file: AdapterFile
  /// The base it sits on.
  public let base: Base
  /// Its name on the base.
  public let id: AdapterID
  let workers = Workers(count: Workers.automaticCount)
  let methods: MethodRegistry

  /// Reads the file and puts it on a base, beside other adapters that may sit there: each answers as if it were alone.
  ///
  /// - Parameters:
  ///   - path: The adapter file.
  ///   - base: The base in memory.
  ///   - id: Its name on the base; the path unless given.
  ///   - methods: The methods that files may name.
  /// - Throws: Errors for people that name what differs.
  public init(file path: String, on base: Base, as id: AdapterID? = nil, methods: MethodRegistry) throws {
    file = try AdapterFile(path: path)
    (self.base, self.methods, self.id) = (base, methods, id ?? AdapterID(path))
    try file.attach(to: base, as: self.id, methods: methods, workers: workers)
  }

  /// Reads the file, finds its base and puts it on.
  ///
  /// - Parameters:
  ///   - path: The adapter file.
  ///   - name: Where to look for the base, in place of the name in the file; never what is accepted.
  ///   - methods: The methods that files may name.
  ///   - locator: Knows the cache.
  /// - Throws: Errors for people that name what differs.
  public init(
    file path: String, base name: String? = nil, methods: MethodRegistry, locator: BaseLocator = BaseLocator()
  ) throws {
    file = try AdapterFile(path: path)
    (self.methods, id) = (methods, AdapterID(path))
    base = try Base(
      name ?? file.metadata.base.name, classes: file.metadata.labels.count, seed: 0, locator: locator)
    try file.attach(to: base, as: id, methods: methods, workers: workers)
  }

  /// A file that sits on a base already.
  init(_ file: AdapterFile, on base: Base, as id: AdapterID, methods: MethodRegistry) {
    (self.file, self.base, self.id, self.methods) = (file, base, id, methods)
  }

  /// Takes the adapter off its base; afterwards it can't be asked any more.
  public func remove() throws { try base.model.base.remove(id) }

  /// Tokens of the longest sequence that the adapter was trained for and the base can take.
  var maxLength: Int { min(file.metadata.maxLength, base.model.longestSequence(with: id)) }

  /// What runs the model over examples.
  var evaluator: Evaluator {
    Evaluator(
      model: base.model, workers: workers, batchSize: TrainingConfiguration().evalBatchSize, active: [id])
  }
}
