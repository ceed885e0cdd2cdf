import GraftCore
import GraftTestSupport
import Testing

/// A way to multiply with frozen weights, and how far from the libraries' numbers it may lead.
struct Mode: CustomTestStringConvertible, Sendable {
  let products: FrozenProducts
  /// Of a logit.
  let logits: Float
  /// Of a gradient, relative to its length.
  let gradients: Double
  /// Of a training's losses and values after twenty steps, relative.
  let trajectory: Double

  var testDescription: String { "\(products.precision) by \(products.library)" }

  /// All that this build has. The small models have wide weights: what bfloat16 does to them is more than it does to real ones.
  static let all: [Mode] = FrozenProducts.Library.allCases.filter(\.isAvailable).flatMap { library in
    [
      Mode(products: FrozenProducts(.float32, by: library), logits: 1e-5, gradients: 1e-5, trajectory: 1e-4),
      Mode(products: FrozenProducts(.bfloat16, by: library), logits: 1e-1, gradients: 2e-1, trajectory: 1e-1),
    ]
  }

  /// What is quickest here, in 32 bits.
  static let standard = Mode(products: FrozenProducts(), logits: 1e-5, gradients: 1e-5, trajectory: 1e-4)
}

/// A reference model in one of the modes.
struct ReferenceMode: CustomTestStringConvertible, Sendable {
  let reference: ReferenceModel
  let mode: Mode

  var testDescription: String { "\(reference), \(mode.testDescription)" }

  static let all = ReferenceModel.all.flatMap { reference in
    Mode.all.map { ReferenceMode(reference: reference, mode: $0) }
  }
}
