import CKernels

#if OneDNN
import COneDNN
#endif

/// What is known of oneDNN before anything is multiplied: all a function of the build and the processor.
enum OneDNN {
  #if OneDNN
  /// Whether the package was built with it.
  static let isBuiltIn = true

  /// `oneDNN 2.6.3`
  static var version: String {
    guard let version = dnnl_version()?.pointee else { return "oneDNN" }
    return "oneDNN \(version.major).\(version.minor).\(version.patch)"
  }

  /// Whether its kernels for prepacked matrices run here: they need AVX-512.
  static var hasPackedKernels: Bool { processor.contains(dnnl_cpu_isa_avx512_core) }

  /// Whether products of bfloat16 numbers are quicker than those of floats. Intel's processors without AMX multiply them at
  /// half the rate of floats, AMD's at twice.
  static var multipliesBFloat16: Bool {
    processor.contains(dnnl_cpu_isa_avx512_core_amx)
      || graft_processor_is_amd() && processor.contains(dnnl_cpu_isa_avx512_core_bf16)
  }

  private static var processor: Features { Features(bits: dnnl_get_effective_cpu_isa().rawValue) }

  /// oneDNN's levels include each other bit by bit.
  private struct Features {
    let bits: UInt32
    func contains(_ level: dnnl_cpu_isa_t) -> Bool { bits & level.rawValue == level.rawValue }
  }
  #else
  /// Whether the package was built with it.
  static let isBuiltIn = false
  static let version = "oneDNN"
  static let hasPackedKernels = false
  static let multipliesBFloat16 = false
  #endif
}
