import CKernels
import COpenBLAS

/// What the work runs on, for reports.
public enum Processor {
  /// The version of the BLAS in use, and the processor that it chose its kernels for.
  public static var openBLAS: String {
    String(cString: openblas_get_config()).split(separator: " ").joined(separator: " ")
  }

  /// The version of oneDNN, where this build has it.
  public static var oneDNN: String? { OneDNN.isBuiltIn ? OneDNN.version : nil }

  /// Gives memory that was freed back to the system, so that what is resident is what is in use.
  package static func releaseMemory() { graft_release_memory() }

  /// The level that this package's own loops were compiled for and run at: `x86-64-v4` …
  public static var level: String { String(cString: graft_processor_level()) }
}
