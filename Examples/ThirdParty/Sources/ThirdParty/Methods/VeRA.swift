import GraftCore

/// Vector-based random matrix adaptation: `y = W x + b + s_b ⊙ B (s_d ⊙ A x)` with random A `[R, in]` and B `[out, R]`, which are
/// frozen and shared by all projections of the same widths, and trained vectors s_d `[R]` and s_b `[out]` for each projection.
///
/// Kopiczko et al., "VeRA: vector-based random matrix adaptation", 2024, equation 2 and section 3.2. s_b is initialized with zeros,
/// so that a new adapter has no effect.
public struct VeRA: ParameterEfficientMethod {
  /// The name in configurations.
  public static let name = "vera"
  /// The name in prose.
  public static let title = "VeRA"
  /// One line about what it does, with its source.
  public static let summary =
    "scales shared, frozen, random low-rank matrices by trained vectors (Kopiczko et al., 2024)"
  /// The options of this instance.
  public let configuration: VeRAConfiguration
  /// Creates the method with its options.
  public init(_ configuration: VeRAConfiguration) { self.configuration = configuration }

  /// Attaches two vectors to every target, and plans one A for each input width and one B for each output width.
  public func plan(_ plan: inout InjectionPlan) throws {
    let rank = configuration.rank
    var downs: [Int: Parameter] = [:]
    var ups: [Int: Parameter] = [:]
    for slot in try plan.projections(configuration.targets) {
      let width = (input: slot.inputWidth, output: slot.outputWidth)
      let a = downs[width.input] ?? matrix(&plan, "A_\(width.input)", shape: [rank, width.input])
      let b = ups[width.output] ?? matrix(&plan, "B_\(width.output)", shape: [width.output, rank])
      downs[width.input] = a
      ups[width.output] = b
      let inner = plan.makeParameter(
        "vera_d", of: slot.path, shape: [rank], .constant(Float(configuration.initial)))
      let outer = plan.makeParameter("vera_b", of: slot.path, shape: [width.output], .zeros)
      plan.attach(ScaledUpdate(a: a, b: b, inner: inner, outer: outer), to: slot)
    }
  }

  /// Plans a frozen matrix with the initialization of He et al., uniform within `±sqrt(3 / fan-in)`: derived from the seed in the
  /// options, or random and stored.
  private func matrix(_ plan: inout InjectionPlan, _ name: String, shape: [Int]) -> Parameter {
    let initializer = Initializer.uniform(bound: (3 / Float(shape[1])).squareRoot())
    guard let seed = configuration.projectionSeed else {
      return plan.makeParameter(name, of: "vera", shape: shape, initializer, trains: false)
    }
    return plan.makeDerivedParameter(name, of: "vera", shape: shape, initializer, seed: seed)
  }
}

/// `y += s_b ⊙ B (s_d ⊙ A x)`.
struct ScaledUpdate: MergeableAttachment {
  /// `[R, in]`, frozen.
  let a: Parameter
  /// `[out, R]`, frozen.
  let b: Parameter
  /// s_d, `[R]`
  let inner: Parameter
  /// s_b, `[out]`
  let outer: Parameter

  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor {
    let low = pass.scaleColumns(pass.linear(x, weight: pass.tensor(a), bias: nil), by: pass.tensor(inner))
    let high = pass.linear(low, weight: pass.tensor(b), bias: nil)
    return pass.add(y, pass.scaleColumns(high, by: pass.tensor(outer)))
  }

  func apply(to change: inout LayerChange, mergeConstants: [Float]) {
    let scaled = a.copy()
    for i in scaled.values.indices { scaled.values[i] *= inner.values[i / scaled.columns] }
    change.addProduct(b, scaled, scale: 1, rowScales: Array(outer.values))
  }
}
