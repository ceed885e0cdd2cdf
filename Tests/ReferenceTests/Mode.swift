import GraftCore
import GraftTestSupport
import Testing

/// A way to compute products with frozen weights, and the tolerances of its results.
struct Mode: CustomTestStringConvertible, Sendable {
  let products: FrozenProducts
  /// The absolute tolerance of a logit.
  let logits: Float
  /// The tolerance of a gradient, relative to its norm.
  let gradients: Double
  /// The relative tolerance of the losses and the values after twenty training steps.
  let trajectory: Double

  var testDescription: String { "\(products.precision) by \(products.library)" }

  /// All modes of this build. The weights of the small models have a large variance, so bfloat16 affects them more than real
  /// ones.
  static let all: [Mode] = FrozenProducts.Library.allCases.filter(\.isAvailable).flatMap { library in
    [
      Mode(products: FrozenProducts(.float32, by: library), logits: 1e-5, gradients: 1e-5, trajectory: 1e-4),
      Mode(products: FrozenProducts(.bfloat16, by: library), logits: 1.5e-1, gradients: 2e-1, trajectory: 1e-1),
    ]
  }

  /// The fastest library on this machine, in float32.
  static let standard = Mode(products: FrozenProducts(), logits: 1e-5, gradients: 1e-5, trajectory: 1e-4)
}

/// A reference model in one of the modes.
struct ReferenceMode: CustomTestStringConvertible, Sendable {
  let reference: ReferenceModel
  let mode: Mode

  var testDescription: String { "\(reference), \(mode.testDescription)" }

  static let all = of(ReferenceModel.families + ReferenceModel.assembled)
  /// The models with goldens of every method.
  static let ofMethods = of(ReferenceModel.all)

  private static func of(_ models: [ReferenceModel]) -> [ReferenceMode] {
    models.flatMap { reference in Mode.all.map { ReferenceMode(reference: reference, mode: $0) } }
  }
}
