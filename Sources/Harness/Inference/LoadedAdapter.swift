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
    try self.init(AdapterFile(path: path), attachingTo: base, as: id ?? AdapterID(path), methods: methods)
  }

  private init(_ file: AdapterFile, attachingTo base: Base, as id: AdapterID, methods: MethodRegistry) throws {
    (self.base, self.methods, self.id) = (base, methods, id)
    _ = try base.workers.lend { try file.attach(to: base, as: id, methods: methods, workers: $0) }
    // The values are the adapter's now.
    self.file = file.withoutContent
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
    let file = try AdapterFile(path: path)
    let base = try Base(
      name ?? file.metadata.base.name, classes: file.metadata.labels.count, seed: 0, locator: locator)
    try self.init(file, attachingTo: base, as: AdapterID(path), methods: methods)
  }

  /// A file that sits on a base already.
  init(_ file: AdapterFile, on base: Base, as id: AdapterID, methods: MethodRegistry) {
    (self.file, self.base, self.id, self.methods) = (file, base, id, methods)
  }

  /// Takes the adapter off its base; afterwards it can't be asked any more.
  public func remove() throws { try base.model.base.remove(id) }

  /// Tokens of the longest sequence that the adapter was trained for and the base can take.
  var maxLength: Int { min(file.metadata.maxLength, base.model.longestSequence(with: id)) }

  /// Calls `body` with what runs the model over examples.
  func evaluating<Result>(_ body: (Evaluator) throws -> Result) rethrows -> Result {
    try base.workers.lend { workers in
      try body(
        Evaluator(
          model: base.model, workers: workers, batchSize: TrainingConfiguration().evalBatchSize, active: [id]))
    }
  }
}
