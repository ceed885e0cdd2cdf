public import GraftCore

/// How to compute.
public struct ComputeConfiguration: Codable, Sendable, Equatable {
  /// Who multiplies with frozen weights.
  public enum Library: String, Codable, Sendable, CaseIterable {
    /// The quickest one here.
    case automatic = "auto"
    /// This package's own loops over packed weights.
    case graft
    /// oneDNN; the build must have it.
    case oneDNN = "onednn"
    /// OpenBLAS.
    case openBLAS = "openblas"

    /// `nil`: as the build and the processor suggest.
    var named: FrozenProducts.Library? { FrozenProducts.Library(rawValue: rawValue) }
  }

  /// The numbers that products with frozen weights are made of; all else has 32 bits.
  public var precision = FrozenProducts.Precision.float32
  /// Who makes them.
  public var frozenProducts = Library.automatic

  enum CodingKeys: String, CodingKey {
    case precision
    case frozenProducts = "frozen_products"
  }

  /// The defaults.
  public init() {}

  /// Decodes and validates.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    precision = try options.choice(
      "precision", default: precision, "numbers that products with frozen weights are made of")
    frozenProducts = try options.choice(
      "frozen_products", default: frozenProducts, "library that makes these products")
    guard frozenProducts.named?.isAvailable ?? true else {
      throw options.error(
        "frozen_products",
        "expected auto, graft or openblas, for this program was built without oneDNN; install libdnnl-dev and run 'make build'"
      )
    }
    try options.finish()
  }

  /// The same for a base.
  public var products: FrozenProducts { FrozenProducts(precision, by: frozenProducts.named) }
}
