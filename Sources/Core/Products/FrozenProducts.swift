import CKernels

/// How products with frozen weights are computed: the precision and the library. A property of a base model.
///
/// A frozen weight never changes, so it can be packed once into the layout that a library's kernels read. Products of two
/// matrices that both change always use OpenBLAS in float32, independent of this setting.
public struct FrozenProducts: Sendable, Equatable {
  /// The precision of the factors; sums are always computed in float32.
  public enum Precision: String, Codable, Sendable, CaseIterable {
    /// 32-bit floating point.
    case float32
    /// Both factors are rounded to bfloat16, which keeps 8 significant bits; ties are rounded to even.
    case bfloat16
  }

  /// The library that computes the products.
  public enum Library: String, Codable, Sendable, CaseIterable {
    /// This package's own kernels for packed weights.
    case graft
    /// oneDNN, if the package is built with the trait `OneDNN`.
    case oneDNN = "onednn"
    /// OpenBLAS, which is always available.
    case openBLAS = "openblas"

    /// Whether this build includes the library.
    public var isAvailable: Bool { self != .oneDNN || OneDNN.isBuiltIn }

    /// Returns the fastest library, which depends on the build and the processor only. oneDNN uses the processor's bfloat16
    /// instructions; for float32 our own kernels are faster, because they prefetch a weight's next panel while computing.
    public static func automatic(_ precision: Precision) -> Library {
      if precision == .bfloat16 && OneDNN.multipliesBFloat16 { return .oneDNN }
      return graft_multiplies_packed_well() ? .graft : .openBLAS
    }
  }

  /// The precision of the factors.
  public let precision: Precision
  /// The library that computes the products.
  public let library: Library

  /// Creates a setting from a precision and a library.
  ///
  /// - Parameters:
  ///   - precision: The precision of the factors.
  ///   - library: The library, which must be available; `nil` selects the fastest one on this machine.
  public init(_ precision: Precision = .float32, by library: Library? = nil) {
    precondition(library?.isAvailable ?? true, "this build does not include \(library?.rawValue ?? "")")
    self.precision = precision
    self.library = library ?? .automatic(precision)
  }

  /// A description for reports: `Graft's own kernels (rounded to bfloat16, multiplied in float32)`.
  public var description: String {
    let name =
      switch library {
      case .graft: "Graft's own kernels"
      case .oneDNN: OneDNN.version
      case .openBLAS: "OpenBLAS"
      }
    return rounds ? "\(name) (rounded to bfloat16, multiplied in float32)" : name
  }

  /// Whether values are rounded to bfloat16 but multiplied in float32.
  private var rounds: Bool { precision == .bfloat16 && !(library == .oneDNN && OneDNN.multipliesBFloat16) }

  /// Returns a weight prepared for these products.
  func weight(_ weight: Parameter) -> FrozenWeight {
    if rounds {
      return RoundedWeight(weight) {
        library == .graft
          ? PackedWeight($0, rounded: true) : FrozenProducts(.float32, by: library).weight($0.roundedToBFloat16())
      }
    }
    switch library {
    case .graft: return PackedWeight(weight)
    case .openBLAS: return FrozenWeight(weight)
    case .oneDNN:
      #if OneDNN
      return OneDNNWeight(weight, precision)
      #else
      preconditionFailure("this build does not include oneDNN")
      #endif
    }
  }
}
