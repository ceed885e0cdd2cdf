public import GraftCore

/// The precision and the library of matrix products with frozen weights.
public struct ComputeConfiguration: Codable, Sendable, Equatable {
  /// The library that multiplies by frozen weights.
  public enum Library: String, Codable, Sendable, CaseIterable {
    /// The library that suits the build and the processor best.
    case automatic = "auto"
    /// This package's own kernels over packed weights.
    case graft
    /// oneDNN; the program must be built with it.
    case oneDNN = "onednn"
    /// OpenBLAS.
    case openBLAS = "openblas"

    /// The chosen library; `nil` lets the build and the processor decide.
    var library: FrozenProducts.Library? { FrozenProducts.Library(rawValue: rawValue) }
  }

  /// The number format of products with frozen weights; everything else uses 32-bit floats.
  public var precision = FrozenProducts.Precision.float32
  /// The library that computes these products.
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
      "precision", default: precision, "number format of products with frozen weights")
    frozenProducts = try options.choice(
      "frozen_products", default: frozenProducts, "library that computes these products")
    guard frozenProducts.library?.isAvailable ?? true else {
      throw options.error(
        "frozen_products",
        "expected auto, graft or openblas, because this program was built without oneDNN; "
          + "install libdnnl-dev and run 'make build'"
      )
    }
    try options.finish()
  }

  /// These settings in the form that loading a base model expects.
  public var products: FrozenProducts { FrozenProducts(precision, by: frozenProducts.library) }
}
