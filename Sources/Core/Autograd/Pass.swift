import CKernels

/// A forward pass through the model, and the backward pass if it trains, over one worker's part of a batch.
///
/// Ops are methods of the pass, each in its own file in `Ops`. The model is shared by all workers; a pass belongs to one
/// thread at a time, and everything that a step changes is stored in it.
public final class Pass {
  /// The purpose of a pass.
  public enum Mode: Sendable, Equatable {
    /// Logits only: nothing is recorded for a backward pass, and no dropout is applied.
    case inference
    /// Gradients are recorded. Dropout masks come from the key; without a key, nothing is dropped.
    case training(DropoutKey?)
    /// Logits only, computed in 32 bits with the unpacked weights: they don't depend on how frozen weights are multiplied.
    case exactInference

    /// Whether there is a backward pass.
    var trains: Bool { if case .training = self { true } else { false } }
  }

  /// Measures the time of each op, if set.
  public var profile: PassProfile?
  /// Memory for the tensors of the current batch.
  public let arena = Arena()
  private(set) var mode = Mode.inference
  /// The state of this worker's products with frozen weights.
  let kernels: ProductKernels
  /// The gradients of the trained parameters.
  let gradients = GradientStore()
  private let groups = BatchGroups()
  private let tape = Tape()
  private let pool: ArenaPool
  private var nextSite: UInt32 = 0
  /// Keeps the memory alive that the batch's tensors point to; a tensor owns nothing itself.
  private var used: [AnyObject] = []

  /// Creates a pass with an empty arena.
  public init() {
    pool = ArenaPool(arena: arena)
    kernels = ProductKernels(arena: arena)
  }

  // MARK: Batches

  /// Begins a part of a batch. Tensors of the previous batch become invalid.
  public func begin(_ batch: PackedBatch, mode: Mode, bindings: ParameterBindings) {
    begin(batch, mode: mode, groups: [bindings])
  }

  /// Begins a part of a batch whose groups of sequences have different bindings. A mixed batch can't train.
  public func begin(_ batch: PackedBatch, mode: Mode, groups: [ParameterBindings]) {
    self.groups.begin(batch, groups: groups)
    precondition(!mode.trains || groups.count == 1, "a mixed batch can't train")
    self.mode = mode
    arena.reset()
    pool.reset()
    tape.removeAll()
    used.removeAll(keepingCapacity: true)
    nextSite = 0
    if mode.trains { gradients.begin(count: bindings.trainedCount) } else { gradients.reset() }
    kernels.begin()
    profile?.begin()
  }

  /// Ends the work on a batch: the pass no longer keeps adapters, parameters, or packed weights alive.
  package func end() {
    groups.begin(PackedBatch(), groups: [ParameterBindings()])
    tape.removeAll()
    used.removeAll(keepingCapacity: true)
    gradients.reset()
    kernels.begin()
  }

  /// The sequences that the pass works on: the whole part, or one group within ``byGroup(_:)`` and ``eachGroup(_:)``.
  public var batch: PackedBatch { groups.batch }

  /// The bindings of the current group.
  var bindings: ParameterBindings { groups.bindings }

  /// Whether different adapters process different sequences of the batch.
  public var isMixed: Bool { groups.isMixed }

  /// Whether a layer is the same, with the same parameter values, for all groups of the batch.
  func groupsAgree(on layer: (ParameterBindings) -> Linear) -> Bool { groups.agree(on: layer) }

  /// Visits the groups of a mixed batch consecutively: within `body`, ``batch`` and the adapters are those of the group.
  public func eachGroup<Result>(_ body: (RowsOfGroup) -> Result) -> [Result] { groups.forEach(body) }

  /// Visits the groups consecutively, and concatenates their results. Costs nothing if there is one group.
  public func byGroup(_ body: (RowsOfGroup) -> Tensor) -> Tensor {
    isMixed ? concatenated(eachGroup(body)) : body(RowsOfGroup(part: nil))
  }

  private func concatenated(_ parts: [Tensor]) -> Tensor {
    let whole = makeTensor(
      rows: parts.reduce(0) { $0 + $1.rows }, columns: parts[0].columns, trains: false, firstRow: parts[0].firstRow)
    var row = 0
    for part in parts {
      (whole.values + row * whole.columns).update(from: part.values, count: part.count)
      row += part.rows
    }
    return whole
  }

  // MARK: Backward pass

  /// Runs the backward pass. Parameters that the forward pass has not used get gradients of zero.
  public func runBackwardPass() {
    tape.runBackwardPass(in: self)
    gradients.fillUnused(bindings)
  }

  /// The gradients of the trained parameters in the order of the bindings, after ``runBackwardPass()``.
  public var parameterGradients: UnsafeBufferPointer<Float> { gradients.values }

  /// Records an op's backward step; it is dropped if the op's output has no gradient.
  public func record(_ step: some BackwardStep, output: Tensor) {
    if let slot = output.slot { tape.record(step, output: slot, in: arena) }
    profile?.end(type(of: step), isBackward: false)
  }

  // MARK: Tensors

  /// Keeps an object alive whose memory the batch's steps point to.
  func keepAlive(_ object: AnyObject) { used.append(object) }

  /// A parameter as an op's input: the adapter's value if an adapter replaces it, with a gradient if it trains.
  public func tensor(_ parameter: Parameter) -> Tensor {
    let actual = bindings.resolve(parameter)
    used.append(actual)
    guard let values = actual.values.baseAddress else { preconditionFailure("\(actual.name) has no values") }
    return Tensor(rows: actual.rows, columns: actual.columns, values: values, slot: slot(of: actual))
  }

  /// A layer's weight, prepared for multiplication and kept alive; `nil` if an adapter replaces it, it trains, or the pass is
  /// exact.
  func frozenWeight(of layer: Linear) -> FrozenWeight? {
    guard mode != .exactInference, bindings.resolve(layer.weight) === layer.weight,
      bindings.offset(of: layer.weight) == nil
    else {
      return nil
    }
    used.append(layer.frozenWeight)
    return layer.frozenWeight
  }

  /// A new tensor with undefined content; it has a gradient if it `trains` and the pass does.
  public func makeTensor(rows: Int, columns: Int, trains: Bool, firstRow: Int) -> Tensor {
    Tensor(
      rows: rows, columns: columns, values: pool.take(rows * columns),
      slot: trains && mode.trains ? makeSlot(GradientSlot(count: rows * columns, pool: pool)) : nil,
      firstRow: firstRow)
  }

  /// The same values with a separate gradient.
  func withGradient(_ y: Tensor) -> Tensor {
    Tensor(
      rows: y.rows, columns: y.columns, values: y.values,
      slot: makeSlot(GradientSlot(count: y.count, pool: pool)), firstRow: y.firstRow)
  }

  /// Frees the memory of an op's output that the caller does not use again, so that the next tensors can use it.
  ///
  /// The memory is kept if a recorded step points into it, or if `y`, which was computed from it, shares it.
  public func discard(_ x: Tensor, after y: Tensor) {
    guard !x.overlaps(y), !tape.pointsInto(x) else { return }
    pool.give(x.values, x.count)
  }

  /// Runs a part of the model, such as a block. Without a backward pass, only the result is needed afterwards: it is moved to the
  /// start of the part's memory, and the rest is freed for the next part.
  public func part(_ body: () -> Tensor) -> Tensor {
    guard !mode.trains else { return body() }
    let mark = arena.mark
    let result = body()
    arena.rewind(to: mark)
    pool.reset()
    let kept = makeTensor(rows: result.rows, columns: result.columns, trains: false, firstRow: result.firstRow)
    // The two may overlap, which `update` allows.
    kept.values.update(from: result.values, count: result.count)
    return kept
  }

  /// The mask of the next dropout in program order, the same for all workers; it drops nothing outside training.
  func nextDropout(probability: Float) -> graft_dropout {
    guard case .training(let key?) = mode, probability > 0 else { return .none }
    defer { nextSite += 1 }
    return key.dropout(probability: probability, site: nextSite)
  }

  private func slot(of parameter: Parameter) -> UnsafeMutablePointer<GradientSlot>? {
    guard mode.trains else { return nil }
    return gradients.slot(of: parameter, bindings) { memory in
      makeSlot(GradientSlot(count: parameter.count, pool: pool, reserved: memory))
    }
  }

  private func makeSlot(_ slot: GradientSlot) -> UnsafeMutablePointer<GradientSlot> {
    let memory = arena.allocate(bytes: MemoryLayout<GradientSlot>.size).assumingMemoryBound(to: GradientSlot.self)
    memory.initialize(to: slot)
    return memory
  }
}
