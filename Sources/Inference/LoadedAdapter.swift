import Foundation
public import GraftAdapterFiles
public import GraftCore
public import GraftMethods
public import GraftObjectives
public import GraftSupport
public import GraftTransformer

/// An adapter attached to its base, ready for predictions. `graft predict`, `evaluate`, and `verify` use it.
///
/// It can be used from several tasks at the same time.
public struct LoadedAdapter: Sendable {
  /// The adapter file.
  public let file: AdapterFile
  /// The base that the adapter is attached to.
  public let base: PretrainedBase
  /// The adapter in memory.
  public let adapter: Adapter
  /// What the adapter has learned.
  public let objective: any Objective
  /// Whether it is used without being attached to the base.
  private let isDetached: Bool
  package let methods: MethodRegistry
  /// The length to which texts are truncated instead of the file's, or `nil`.
  private var lengthOverride: Int?

  /// The adapter's name on the base.
  public var id: AdapterID { adapter.id }

  /// Loads an adapter file and attaches it to a base. Other adapters may be attached to the base as well; they do not affect each
  /// other's predictions.
  ///
  /// - Parameters:
  ///   - path: The adapter file.
  ///   - base: The base in memory.
  ///   - id: The adapter's ID on the base; `nil`: the path.
  ///   - methods: The methods that the file may use.
  ///   - objectives: The objectives that the file may have.
  /// - Throws: A `UserError` that names what does not match.
  public init(
    file path: String, on base: PretrainedBase, as id: AdapterID? = nil, methods: MethodRegistry = .builtIn,
    objectives: ObjectiveRegistry = .builtIn
  ) throws {
    try self.init(
      AdapterFile(path: path), attachingTo: base, as: id ?? AdapterID(path), methods: methods, objectives: objectives)
  }

  private init(
    _ file: AdapterFile, attachingTo base: PretrainedBase, as id: AdapterID, methods: MethodRegistry,
    objectives: ObjectiveRegistry
  ) throws {
    self.base = base
    self.methods = methods
    isDetached = false
    objective = try objectives.objective(of: file)
    adapter = try base.workers.lend { try file.attach(to: base, as: id, methods: methods, workers: $0) }
    // The attached adapter has its own copy of the values.
    self.file = file.withoutContent
  }

  /// Loads an adapter file, finds and loads its base, and attaches the adapter to it.
  ///
  /// - Parameters:
  ///   - path: The adapter file.
  ///   - name: The name or folder of the base, instead of the name in the file. Its hashes must match those in the file.
  ///   - methods: The methods that the file may use.
  ///   - objectives: The objectives that the file may have.
  ///   - families: The families of encoders that the base may belong to.
  ///   - locator: Finds bases in the cache.
  /// - Throws: A `UserError` that names what does not match.
  public init(
    file path: String, base name: String? = nil, methods: MethodRegistry = .builtIn,
    objectives: ObjectiveRegistry = .builtIn, families: FamilyRegistry = .builtIn, locator: BaseLocator = BaseLocator()
  ) throws {
    let file = try AdapterFile(path: path)
    let base = try PretrainedBase(name ?? file.metadata.base.name, locator: locator, families: families)
    try self.init(file, attachingTo: base, as: AdapterID(path), methods: methods, objectives: objectives)
  }

  /// Returns the same adapter with other values from another file, without attaching it.
  func with(_ file: AdapterFile, detached adapter: Adapter) -> LoadedAdapter {
    LoadedAdapter(file, detached: adapter, like: self)
  }

  private init(_ file: AdapterFile, detached adapter: Adapter, like other: LoadedAdapter) {
    self.file = file
    self.adapter = adapter
    base = other.base
    objective = other.objective
    methods = other.methods
    isDetached = true
  }

  /// Removes the adapter from its base. Predictions that have begun finish; later ones throw.
  ///
  /// - Throws: `AdapterError.unknown` if it has already been removed, or `AdapterError.merged` if it is merged into the base.
  public func remove() throws { try base.model.adaptable.remove(adapter) }

  /// Returns the adapters attached to the base, including this one.
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

  /// The length to which texts are truncated, in tokens: the length in training or the one given to ``truncating(to:)``, but at
  /// most what the base supports with this adapter.
  public var maxLength: Int {
    min(lengthOverride ?? file.metadata.maxLength, base.model.longestSequence(with: adapter))
  }

  /// Returns the same adapter with a different length to which texts are truncated.
  ///
  /// - Parameter length: The length in tokens, including the special tokens.
  /// - Throws: ``LengthError`` if the base does not support sequences of that length.
  public func truncating(to length: Int) throws -> LoadedAdapter {
    let longest = base.model.longestSequence(with: adapter)
    guard (3...longest).contains(length) else { throw LengthError(length: length, longest: longest) }
    var adapter = self
    adapter.lengthOverride = length
    return adapter
  }

  /// Calls `body` with the bindings of a pass with this adapter alone, and with workers.
  ///
  /// - Throws: `AdapterError.unknown` if the adapter has been removed.
  package func withWorkers<Result>(_ body: (ParameterBindings, Workers) throws -> Result) throws -> Result {
    let bindings = try bindings()
    return try base.workers.lend { try body(bindings, $0) }
  }
}

/// The error for a length to which texts can't be truncated.
public struct LengthError: UserError, Equatable {
  /// The requested length.
  public let length: Int
  /// The longest sequence that the base supports with this adapter.
  public let longest: Int

  package init(length: Int, longest: Int) {
    self.length = length
    self.longest = longest
  }

  /// One line: the length and the expected range.
  public var description: String {
    "--max-length: \(length) is out of range; with this adapter, the base supports sequences of 3 to \(longest) tokens"
  }
}
