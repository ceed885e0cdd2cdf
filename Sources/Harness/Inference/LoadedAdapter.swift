import Foundation
public import GraftCore
public import GraftSupport

/// An adapter file on its base, ready to answer: what `graft predict`, `evaluate` and `verify` work with.
public struct LoadedAdapter: Sendable {
  /// The file.
  public let file: AdapterFile
  /// The base it sits on.
  public let base: PretrainedBase
  /// The adapter in memory.
  public let adapter: Adapter
  /// Whether it is used without being attached to the base.
  private let isDetached: Bool
  let methods: MethodRegistry
  /// The length at which texts are cut in place of the file's, or `nil`.
  private var lengthOverride: Int?

  /// The adapter's name on the base.
  public var id: AdapterID { adapter.id }

  /// Reads the file and puts it on a base, beside other adapters that may sit there: each answers as if it were alone.
  ///
  /// - Parameters:
  ///   - path: The adapter file.
  ///   - base: The base in memory.
  ///   - id: Its name on the base; the path unless given.
  ///   - methods: The methods that files may name.
  /// - Throws: Errors for people that name what differs.
  public init(file path: String, on base: PretrainedBase, as id: AdapterID? = nil, methods: MethodRegistry) throws {
    try self.init(AdapterFile(path: path), attachingTo: base, as: id ?? AdapterID(path), methods: methods)
  }

  private init(_ file: AdapterFile, attachingTo base: PretrainedBase, as id: AdapterID, methods: MethodRegistry) throws
  {
    self.base = base
    self.methods = methods
    isDetached = false
    adapter = try base.workers.lend { try file.attach(to: base, as: id, methods: methods, workers: $0) }
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
    let base = try PretrainedBase(name ?? file.metadata.base.name, locator: locator)
    try self.init(file, attachingTo: base, as: AdapterID(path), methods: methods)
  }

  /// An adapter that is used without being attached.
  init(_ file: AdapterFile, on base: PretrainedBase, detached adapter: Adapter, methods: MethodRegistry) {
    self.file = file
    self.base = base
    self.adapter = adapter
    self.methods = methods
    isDetached = true
  }

  /// Removes the adapter from its base. Predictions that have begun finish; later ones throw.
  ///
  /// - Throws: `AdapterError.unknown` if it has been removed already.
  public func remove() throws { try base.model.adaptable.remove(adapter) }

  /// The adapters on the base, among them this one.
  ///
  /// - Throws: `AdapterError.unknown` if it has been removed.
  func attachedSet() throws -> AdapterSet {
    let adapters = base.model.adaptable.adapterSet
    try adapters.require(adapter)
    return adapters
  }

  /// The bindings of a pass with this adapter alone.
  ///
  /// - Throws: `AdapterError.unknown` if it has been removed.
  func bindings() throws -> ParameterBindings {
    isDetached ? base.model.adaptable.bindings(ofOnly: [adapter]) : try attachedSet().bindings(active: [id])
  }

  /// Tokens of the longest sequence: that of the training, or what ``cutting(at:)`` says, and never more than the base takes.
  public var maxLength: Int { min(lengthOverride ?? file.metadata.maxLength, base.model.longestSequence(with: adapter)) }

  /// The same adapter with another length at which texts are cut.
  ///
  /// - Parameter length: In tokens, with the special ones.
  /// - Throws: ``LengthError`` when the base can't take such sequences.
  public func cutting(at length: Int) throws -> LoadedAdapter {
    let longest = base.model.longestSequence(with: adapter)
    guard (3...longest).contains(length) else { throw LengthError(length: length, longest: longest) }
    var adapter = self
    adapter.lengthOverride = length
    return adapter
  }

  /// Calls `body` with what runs the model over examples.
  func evaluating<Result>(_ body: (Evaluator) throws -> Result) throws -> Result {
    let bindings = try bindings()
    return try base.workers.lend { workers in
      try body(
        Evaluator(
          model: base.model, workers: workers, batchSize: TrainingConfiguration().evalBatchSize, bindings: bindings))
    }
  }
}

/// A length at which texts can't be cut.
public struct LengthError: UserError, Equatable {
  /// What was asked for.
  public let length: Int
  /// What the base takes.
  public let longest: Int

  /// One line: what was expected.
  public var description: String {
    "--max-length: \(length) is out of range; with this adapter the base takes sequences of 3 to \(longest) tokens"
  }
}
