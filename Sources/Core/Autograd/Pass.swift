import CKernels
import COpenBLAS

#if OneDNN
import COneDNN
#endif

/// One worker's forward and backward pass: its arena and tape, its part of the batch, and its mode.
///
/// Ops are methods of the pass, each in its own file in `Ops`. A model is shared by all workers, whereas a pass belongs to one
/// thread. All state that changes during a step is stored here.
public final class Pass {
  /// The purpose of a pass.
  public enum Mode: Sendable, Equatable {
    /// Forward pass only, without dropout; nothing is recorded for a backward pass.
    case inference
    /// Forward and backward pass. Dropout masks are drawn from the key; without a key there is no dropout.
    case training(DropoutKey?)
    /// Forward pass only, independent of how products with frozen weights are configured: in float32, from the unrounded values.
    case exactInference

    /// Whether there is a backward pass.
    var trains: Bool { if case .training = self { true } else { false } }
  }

  /// Measures the time of each op; `nil` disables profiling.
  public var profile: PassProfile?
  /// Memory for the tensors of the current batch.
  public let arena = Arena()
  private let tape = Tape()
  private let pool: ArenaPool
  /// The bindings of each group of sequences in the batch; usually there is one group.
  private var groups = [ParameterBindings()]
  /// The bindings of the current group.
  private(set) var bindings = ParameterBindings()
  private(set) var mode = Mode.inference
  private var nextSite: UInt32 = 0
  private(set) var gradientMemory: UnsafeMutablePointer<Float>?
  private var gradientCount = 0
  /// The gradient slots of the trained parameters used so far in this batch, one per parameter.
  private var parameterSlots: [ObjectIdentifier: UnsafeMutablePointer<GradientSlot>] = [:]
  /// Keeps alive the objects that the batch's tensors point into; a tensor itself owns nothing.
  private var used: [AnyObject] = []
  #if OneDNN
  let oneDNN = OneDNNProducts()
  #endif
  /// The packed matrix of this pass's last product.
  var lastMultiplied: PackedFloats?
  /// Threads that share this pass's products when a batch has fewer sequences than there are workers.
  var helpers: ProductHelpers?

  /// The sequences that the pass processes: all of its part of the batch, or those of one group within ``byGroup(_:)``.
  public private(set) var batch = PackedBatch()

  /// Creates a pass with an empty arena.
  public init() {
    pool = ArenaPool(arena: arena)
    Self.useOneThreadPerProduct
  }

  deinit { gradientMemory?.deallocate() }

  /// Workers run in parallel, so OpenBLAS must use only the calling thread. Set once per process, and only if needed: the call
  /// would restart OpenBLAS threads that were ended.
  private static let useOneThreadPerProduct: Void = {
    if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
  }()

  /// Starts a part of a batch and discards the previous one.
  public func begin(_ batch: PackedBatch, mode: Mode, bindings: ParameterBindings) {
    begin(batch, mode: mode, groups: [bindings])
  }

  /// Starts a part of a batch with bindings for each group of sequences. A batch with several groups can't be used for training.
  public func begin(_ batch: PackedBatch, mode: Mode, groups: [ParameterBindings]) {
    precondition(batch.groups.last ?? 0 < groups.count, "every group must have bindings")
    precondition(!mode.trains || groups.count == 1, "a batch with several groups can't be used for training")
    isMixed = batch.groups.first != batch.groups.last
    self.groups = groups
    let bindings = groups[batch.groups.first ?? 0]
    arena.reset()
    pool.reset()
    tape.removeAll()
    used.removeAll(keepingCapacity: true)
    parameterSlots.removeAll(keepingCapacity: true)
    nextSite = 0
    lastMultiplied = nil
    profile?.begin()
    #if OneDNN
    // A setting of the calling thread, which runs the pass.
    graft_onednn_use_one_thread()
    #endif
    self.batch = batch
    self.mode = mode
    self.bindings = bindings
    guard mode.trains, gradientCount != bindings.trainedCount else { return }
    gradientMemory?.deallocate()
    gradientMemory = .allocate(capacity: bindings.trainedCount)
    gradientCount = bindings.trainedCount
  }

  /// Whether different sequences of the batch use different adapters.
  private(set) var isMixed = false

  /// Returns whether all groups of the batch use the same layer, with the same values of its parameters.
  func groupsAgree(on layer: (ParameterBindings) -> Linear) -> Bool {
    let parameters = Set(
      groups[(batch.groups.first ?? 0)...(batch.groups.last ?? 0)].map { bindings in
        let layer = layer(bindings)
        return [layer.weight, layer.bias].map { ObjectIdentifier(bindings.resolve($0)) }
      })
    return parameters.count == 1
  }

  /// Calls `body` for each group of a mixed batch in turn; meanwhile, ``batch`` and the active adapters are those of the group.
  public func eachGroup<Result>(_ body: (RowsOfGroup) -> Result) -> [Result] {
    guard isMixed else { return [body(RowsOfGroup(part: nil))] }
    let (whole, first) = (batch, bindings)
    defer { (batch, bindings, isMixed) = (whole, first, true) }
    isMixed = false
    var results: [Result] = []
    var start = 0
    while start < whole.sequenceCount {
      let group = whole.groups[start]
      let end = start + whole.groups[start...].prefix { $0 == group }.count
      batch = whole[start..<end]
      bindings = groups[group]
      let tokens = whole.offsets[start]..<whole.offsets[end]
      results.append(body(RowsOfGroup(part: (tokens, start..<end, whole.tokenCount))))
      start = end
    }
    return results
  }

  /// Calls `body` for each group of a mixed batch and concatenates the results. Costs nothing when there is only one group.
  public func byGroup(_ body: (RowsOfGroup) -> Tensor) -> Tensor {
    isMixed ? joined(eachGroup(body)) : body(RowsOfGroup(part: nil))
  }

  private func joined(_ parts: [Tensor]) -> Tensor {
    let whole = makeTensor(
      rows: parts.reduce(0) { $0 + $1.rows }, columns: parts[0].columns, trains: false, firstRow: parts[0].firstRow)
    var row = 0
    for part in parts {
      (whole.values + row * whole.columns).update(from: part.values, count: part.count)
      row += part.rows
    }
    return whole
  }

  /// The gradients of the trained parameters, in the layout of the bindings; computed by ``runBackwardPass()``.
  public var parameterGradients: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: gradientMemory, count: gradientCount)
  }

  /// Runs all recorded backward steps in reverse order. Parameters that no step used have zero gradients.
  public func runBackwardPass() {
    tape.runBackwardPass(in: self)
    guard let gradientMemory else { return }
    var offset = 0
    for parameter in bindings.trained {
      if parameterSlots[ObjectIdentifier(parameter)]?.pointee.values == nil {
        (gradientMemory + offset).initialize(repeating: 0, count: parameter.count)
      }
      offset += parameter.count
    }
  }

  /// Records the backward step of an op, unless the op's output does not train.
  public func record(_ step: some BackwardStep, output: Tensor) {
    if let slot = output.slot { tape.record(step, output: slot, in: arena) }
    profile?.end(type(of: step), isBackward: false)
  }

  /// Returns a parameter as a tensor: the adapter's value if an adapter replaces it, with its gradient if it trains.
  public func tensor(_ parameter: Parameter) -> Tensor {
    let actual = bindings.resolve(parameter)
    used.append(actual)
    guard let values = actual.values.baseAddress else { preconditionFailure("\(actual.name) has no values") }
    return Tensor(rows: actual.rows, columns: actual.columns, values: values, slot: slot(of: actual))
  }

  /// Returns the prepared weight of a layer and keeps it alive; `nil` if an adapter replaces it, it trains, or the pass is exact.
  func frozenWeight(of layer: Linear) -> FrozenWeight? {
    guard mode != .exactInference, bindings.resolve(layer.weight) === layer.weight,
      bindings.offset(of: layer.weight) == nil
    else {
      return nil
    }
    used.append(layer.frozenWeight)
    return layer.frozenWeight
  }

  /// Returns a new tensor with uninitialized values, and with a zero gradient if `trains`.
  public func makeTensor(rows: Int, columns: Int, trains: Bool, firstRow: Int) -> Tensor {
    Tensor(
      rows: rows, columns: columns, values: pool.take(rows * columns),
      slot: trains && mode.trains ? makeSlot(GradientSlot(count: rows * columns, pool: pool)) : nil,
      firstRow: firstRow)
  }

  /// Returns a tensor with the same values and a separate gradient.
  func withGradient(_ y: Tensor) -> Tensor {
    Tensor(
      rows: y.rows, columns: y.columns, values: y.values,
      slot: makeSlot(GradientSlot(count: y.count, pool: pool)), firstRow: y.firstRow)
  }

  /// Frees the memory of an op's output that the caller no longer needs, for reuse by later tensors. Nothing is freed if a
  /// recorded step points into the memory, or if `y`, which was computed from it, uses the same memory.
  public func discard(_ x: Tensor, after y: Tensor) {
    guard !x.overlaps(y), !tape.pointsInto(x) else { return }
    pool.give(x.values, x.count)
  }

  /// Calls `body` with ranges that together cover `0..<count`: one range per thread if there are helpers and enough work,
  /// otherwise a single range.
  func share(_ count: Int, operations: Int, _ body: (Range<Int>) -> Void) {
    let threads = min(helpers?.threads ?? 1, count, operations / Self.operationsWorthSharing)
    guard let helpers, threads > 1 else { return body(0..<count) }
    helpers.share(threads) { body(count * $0 / threads..<count * ($0 + 1) / threads) }
  }

  /// The smallest share that takes longer to compute than to hand over to another thread, which takes a few microseconds.
  private static let operationsWorthSharing = 500_000

  private func makeSlot(_ slot: GradientSlot) -> UnsafeMutablePointer<GradientSlot> {
    let memory = arena.allocate(bytes: MemoryLayout<GradientSlot>.size).assumingMemoryBound(to: GradientSlot.self)
    memory.initialize(to: slot)
    return memory
  }

  /// Runs a part of the model. Without a backward pass, only its result is needed afterwards: the result moves to the beginning
  /// of the part's memory, and the memory after it is reused by the next part.
  public func part(_ body: () -> Tensor) -> Tensor {
    guard !mode.trains else { return body() }
    let mark = arena.mark
    let result = body()
    arena.rewind(to: mark)
    pool.reset()
    let copy = makeTensor(rows: result.rows, columns: result.columns, trains: false, firstRow: result.firstRow)
    // The two may overlap, which `update` handles.
    copy.values.update(from: result.values, count: result.count)
    return copy
  }

  /// Returns the dropout of the next dropout site in program order, which is the same for all workers; none outside training.
  func nextDropout(probability: Float) -> graft_dropout {
    guard case .training(let key?) = mode, probability > 0 else { return .none }
    defer { nextSite += 1 }
    return key.dropout(probability: probability, site: nextSite)
  }

  private func slot(of parameter: Parameter) -> UnsafeMutablePointer<GradientSlot>? {
    guard mode.trains, let offset = bindings.offset(of: parameter), let memory = gradientMemory else { return nil }
    if let existing = parameterSlots[ObjectIdentifier(parameter)] { return existing }
    let slot = makeSlot(GradientSlot(count: parameter.count, pool: pool, reserved: memory + offset))
    parameterSlots[ObjectIdentifier(parameter)] = slot
    return slot
  }
}

/// The rows that belong to one group of sequences in a mixed batch.
public struct RowsOfGroup {
  /// The group's tokens and sequences, and the number of tokens in the whole batch; `nil` if the group is the whole batch.
  let part: (tokens: Range<Int>, sequences: Range<Int>, allTokens: Int)?

  /// Returns the group's rows of a tensor that has one row for each token or for each sequence of the batch.
  public func of(_ x: Tensor) -> Tensor {
    guard let part else { return x }
    return x[x.rows == part.allTokens ? part.tokens : part.sequences]
  }
}
