import CKernels
import COpenBLAS

/// The processor and the libraries in use, for reports.
public enum Processor {
  /// The version of OpenBLAS, and the processor for which it selected its kernels.
  public static var openBLAS: String {
    String(cString: openblas_get_config()).split(separator: " ").joined(separator: " ")
  }

  /// The version of oneDNN, if this build includes it.
  public static var oneDNN: String? { OneDNN.isBuiltIn ? OneDNN.version : nil }

  /// Returns freed memory to the system, so that the resident memory is the memory in use.
  package static func releaseMemory() { graft_release_memory() }

  /// The instruction set level at which this package's own kernels run, such as `x86-64-v4`.
  public static var level: String { String(cString: graft_processor_level()) }
}
