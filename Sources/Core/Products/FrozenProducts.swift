import CKernels

/// How products with frozen weights are made: of which numbers, and by which library. A property of a base.
///
/// A frozen weight never changes, so it can be laid out once in the order that a library's kernels read it. Products of two
/// changing matrices are OpenBLAS's in 32 bits, whatever is said here.
public struct FrozenProducts: Sendable, Equatable {
  /// The numbers that are multiplied; sums always have 32 bits.
  public enum Precision: String, Codable, Sendable, CaseIterable {
    /// 32-bit floating point.
    case float32
    /// Both factors are rounded to bfloat16, the 8 leading bits of a float's mantissa, halves to even.
    case bfloat16
  }

  /// Who multiplies.
  public enum Library: String, Codable, Sendable, CaseIterable {
    /// This package's own loops over packed weights.
    case graft
    /// oneDNN, where the package is built with its trait `OneDNN`.
    case oneDNN = "onednn"
    /// OpenBLAS, always there.
    case openBLAS = "openblas"

    /// Whether this build has it.
    public var isAvailable: Bool { self != .oneDNN || OneDNN.isBuiltIn }

    /// The quickest one here: a function of the build and the processor. oneDNN has instructions for bfloat16; for floats our own
    /// loops are quicker, because they fetch the next panel of a weight while they work on this one.
    public static func automatic(_ precision: Precision) -> Library {
      if precision == .bfloat16 && OneDNN.multipliesBFloat16 { return .oneDNN }
      return graft_multiplies_packed_well() ? .graft : .openBLAS
    }
  }

  /// The numbers.
  public let precision: Precision
  /// The library.
  public let library: Library

  /// Products of these numbers by this library.
  ///
  /// - Parameters:
  ///   - precision: The numbers.
  ///   - library: Who multiplies; it must be available. `nil`: the quickest one here.
  public init(_ precision: Precision = .float32, by library: Library? = nil) {
    precondition(library?.isAvailable ?? true, "this build has no \(library?.rawValue ?? "")")
    self.precision = precision
    self.library = library ?? .automatic(precision)
  }

  /// For people: `Graft's own loops (rounded to bfloat16, multiplied in float32)`.
  public var description: String {
    let name =
      switch library {
      case .graft: "Graft's own loops"
      case .oneDNN: OneDNN.version
      case .openBLAS: "OpenBLAS"
      }
    return rounds ? "\(name) (rounded to bfloat16, multiplied in float32)" : name
  }

  /// Whether bfloat16 numbers are multiplied as floats.
  private var rounds: Bool { precision == .bfloat16 && !(library == .oneDNN && OneDNN.multipliesBFloat16) }

  /// A weight that is multiplied like this.
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
      preconditionFailure("this build has no oneDNN")
      #endif
    }
  }
}
