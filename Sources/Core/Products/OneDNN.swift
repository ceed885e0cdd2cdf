import CKernels

#if OneDNN
import COneDNN
#endif

/// The features of oneDNN in this process, which depend on the build and the processor only.
enum OneDNN {
  #if OneDNN
  /// Whether the package was built with oneDNN.
  static let isBuiltIn = true

  /// `oneDNN 2.6.3`
  static var version: String {
    guard let version = dnnl_version()?.pointee else { return "oneDNN" }
    return "oneDNN \(version.major).\(version.minor).\(version.patch)"
  }

  /// Whether its kernels for packed matrices are available; they require AVX-512.
  static var hasPackedKernels: Bool { processor.contains(dnnl_cpu_isa_avx512_core) }

  /// Whether bfloat16 products are faster than float32 products. Intel processors without AMX multiply bfloat16 at half the rate
  /// of float32, AMD processors at twice the rate.
  static var multipliesBFloat16: Bool {
    processor.contains(dnnl_cpu_isa_avx512_core_amx)
      || graft_processor_is_amd() && processor.contains(dnnl_cpu_isa_avx512_core_bf16)
  }

  private static var processor: Features { Features(bits: dnnl_get_effective_cpu_isa().rawValue) }

  /// A set of features; in oneDNN, each level's bits include those of lower levels.
  private struct Features {
    let bits: UInt32
    func contains(_ level: dnnl_cpu_isa_t) -> Bool { bits & level.rawValue == level.rawValue }
  }
  #else
  /// Whether the package was built with oneDNN.
  static let isBuiltIn = false
  static let version = "oneDNN"
  static let hasPackedKernels = false
  static let multipliesBFloat16 = false
  #endif
}
