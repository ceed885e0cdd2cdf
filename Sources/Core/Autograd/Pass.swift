import CKernels
import COpenBLAS

#if OneDNN
import COneDNN
#endif

/// One worker's way through the model: its arena and tape, the part of the batch it works on, and how it works.
///
/// Ops are methods of the pass, each in its own file in `Ops`. A model is shared by all workers, a pass belongs to one
/// thread; everything that a step changes lives here.
public final class Pass {
  /// What a pass is for.
  public enum Mode: Sendable, Equatable {
    /// Answers only: nothing is kept for a backward pass, nothing is dropped.
    case inference
    /// Gradients are wanted; dropouts draw from the key, or drop nothing without one.
    case training(DropoutKey?)
    /// Answers that don't depend on how the base's frozen weights are multiplied: in 32 bits, from the values as they are.
    case exactInference

    /// Whether there is a way back.
    var trains: Bool { if case .training = self { true } else { false } }
  }

  /// Measures the ops, where somebody wants to know.
  public var profile: PassProfile?
  /// Memory for the tensors of the current batch.
  public let arena = Arena()
  private let tape = Tape()
  private let pool: ArenaPool
  /// What each group of the batch's sequences sees; usually there is one.
  private var groups = [ParameterBindings()]
  /// What the group that is worked on sees.
  private(set) var bindings = ParameterBindings()
  private(set) var mode = Mode.inference
  private var nextSite: UInt32 = 0
  private(set) var gradientMemory: UnsafeMutablePointer<Float>?
  private var gradientCount = 0
  /// The slots of the trained parameters that the batch has met, one for each however often it is used.
  private var parameterSlots: [ObjectIdentifier: UnsafeMutablePointer<GradientSlot>] = [:]
  /// Keeps alive what the batch's tensors point into; a tensor itself owns nothing.
  private var used: [AnyObject] = []
  #if OneDNN
  let oneDNN = OneDNNProducts()
  #endif
  /// The packed matrix of its last product.
  var lastMultiplied: PackedFloats?
  /// Threads that share its products, where a batch has too few sequences for all workers.
  var helpers: ProductHelpers?

  /// The sequences that the pass works on: all, or within ``byGroup(_:)`` a group's.
  public private(set) var batch = PackedBatch()

  /// A pass with an empty arena.
  public init() {
    pool = ArenaPool(arena: arena)
    Self.useOneThreadPerProduct
  }

  deinit { gradientMemory?.deallocate() }

  /// Workers run side by side, so each product stays on its worker's thread. Set once for the process, and only where it is not
  /// so yet: to be told would wake threads that were ended.
  private static let useOneThreadPerProduct: Void = {
    if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
  }()

  /// Begins with a part of a batch, and forgets the last one.
  public func begin(_ batch: PackedBatch, mode: Mode, bindings: ParameterBindings) {
    begin(batch, mode: mode, groups: [bindings])
  }

  /// The same with bindings for each group of the batch's sequences; more than one answer only, and don't train.
  public func begin(_ batch: PackedBatch, mode: Mode, groups: [ParameterBindings]) {
    precondition(batch.groups.last ?? 0 < groups.count, "a group without bindings")
    precondition(!mode.trains || groups.count == 1, "a mixed batch can't train")
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
    // On the thread that works from here on.
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

  /// Whether different adapters answer different sequences of the batch.
  private(set) var isMixed = false

  /// Whether all groups of the batch see one layer: the same, with the same values for its parameters.
  func groupsAgree(on layer: (ParameterBindings) -> Linear) -> Bool {
    let seen = Set(
      groups[(batch.groups.first ?? 0)...(batch.groups.last ?? 0)].map { bindings in
        let layer = layer(bindings)
        return [layer.weight, layer.bias].map { ObjectIdentifier(bindings.resolve($0)) }
      })
    return seen.count == 1
  }

  /// Works on a mixed batch's groups one after the other: within `body`, ``batch`` and the adapters are the group's.
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

  /// The same for one tensor: what the groups give, one behind the other. Costs nothing where all is one group.
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

  /// The trained parameters' gradients, laid out as the bindings say; filled by ``runBackwardPass()``.
  public var parameterGradients: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: gradientMemory, count: gradientCount)
  }

  /// Runs all recorded steps, last first. Parameters that none of them met have gradients of zeros.
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

  /// What an op does on the way back; dropped when its output does not train.
  public func record(_ step: some BackwardStep, output: Tensor) {
    if let slot = output.slot { tape.record(step, output: slot, in: arena) }
    profile?.end(type(of: step), isBackward: false)
  }

  /// A parameter as ops see it: an adapter's value where one has replaced it, with its gradient when it trains.
  public func tensor(_ parameter: Parameter) -> Tensor {
    let actual = bindings.resolve(parameter)
    used.append(actual)
    guard let values = actual.values.baseAddress else { preconditionFailure("\(actual.name) has no values") }
    return Tensor(rows: actual.rows, columns: actual.columns, values: values, slot: slot(of: actual))
  }

  /// A layer's weight as it stands ready, kept alive; `nil` where an adapter's own stands for it, it trains, or the pass is exact.
  func frozenWeight(of layer: Linear) -> FrozenWeight? {
    guard mode != .exactInference, bindings.resolve(layer.weight) === layer.weight,
      bindings.offset(of: layer.weight) == nil
    else {
      return nil
    }
    used.append(layer.frozenWeight)
    return layer.frozenWeight
  }

  /// A new tensor of any content; it gets a gradient (zero) when `trains`.
  public func makeTensor(rows: Int, columns: Int, trains: Bool, firstRow: Int) -> Tensor {
    Tensor(
      rows: rows, columns: columns, values: pool.take(rows * columns),
      slot: trains && mode.trains ? makeSlot(GradientSlot(count: rows * columns, pool: pool)) : nil,
      firstRow: firstRow)
  }

  /// The same values with a gradient of their own.
  func withGradient(_ y: Tensor) -> Tensor {
    Tensor(
      rows: y.rows, columns: y.columns, values: y.values,
      slot: makeSlot(GradientSlot(count: y.count, pool: pool)), firstRow: y.firstRow)
  }

  /// Gives back the memory of a tensor that was made by an op, and that the caller will not use again, for the tensors that come
  /// next. It stays where a recorded step points into it, or where `y`, which was made of it, is the same memory.
  public func discard(_ x: Tensor, after y: Tensor) {
    guard !x.overlaps(y), !tape.pointsInto(x) else { return }
    pool.give(x.values, x.count)
  }

  /// Calls `body` with ranges that make up `0..<count`: one, or where there are helpers and it is worth it, one for each thread.
  func share(_ count: Int, operations: Int, _ body: (Range<Int>) -> Void) {
    let threads = min(helpers?.threads ?? 1, count, operations / Self.operationsWorthSharing)
    guard let helpers, threads > 1 else { return body(0..<count) }
    helpers.share(threads) { body(count * $0 / threads..<count * ($0 + 1) / threads) }
  }

  /// A thread's share that takes longer than to hand it over: some microseconds.
  private static let operationsWorthSharing = 500_000

  private func makeSlot(_ slot: GradientSlot) -> UnsafeMutablePointer<GradientSlot> {
    let memory = arena.allocate(bytes: MemoryLayout<GradientSlot>.size).assumingMemoryBound(to: GradientSlot.self)
    memory.initialize(to: slot)
    return memory
  }

  /// Runs a part of the model. Without a way back nothing of it is needed again but its result: that moves to the
  /// part's beginning, and the memory behind it serves the next part.
  public func part(_ body: () -> Tensor) -> Tensor {
    guard !mode.trains else { return body() }
    let mark = arena.mark
    let result = body()
    arena.rewind(to: mark)
    pool.reset()
    let kept = makeTensor(rows: result.rows, columns: result.columns, trains: false, firstRow: result.firstRow)
    // The two may overlap: `update` moves.
    kept.values.update(from: result.values, count: result.count)
    return kept
  }

  /// The dropout of the next site in the order of the program, the same for all workers; none outside training.
  func nextDropout(probability: Float) -> graft_dropout {
    guard case .training(let key?) = mode, probability > 0 else { return .none }
    defer { nextSite += 1 }
    return key.dropout(probability: probability, site: nextSite)
  }

  private func slot(of parameter: Parameter) -> UnsafeMutablePointer<GradientSlot>? {
    guard mode.trains, let offset = bindings.offset(of: parameter), let memory = gradientMemory else { return nil }
    if let known = parameterSlots[ObjectIdentifier(parameter)] { return known }
    let slot = makeSlot(GradientSlot(count: parameter.count, pool: pool, reserved: memory + offset))
    parameterSlots[ObjectIdentifier(parameter)] = slot
    return slot
  }
}

/// Where the rows of one group of a mixed batch's sequences are.
public struct RowsOfGroup {
  /// Tokens, sequences, and how many tokens the whole batch has; `nil`: the group is the whole batch.
  let part: (tokens: Range<Int>, sequences: Range<Int>, allTokens: Int)?

  /// The group's rows of a tensor that has one for each token of the batch, or for each sequence.
  public func of(_ x: Tensor) -> Tensor {
    guard let part else { return x }
    return x[x.rows == part.allTokens ? part.tokens : part.sequences]
  }
}
