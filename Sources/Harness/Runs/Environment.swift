import CZstd
import Foundation
import GraftCore

/// The program and the machine that it runs on, for reports.
public enum RunEnvironment {
  /// This program's version.
  public static let version = "0.1.0"

  /// Of the program and its libraries.
  public static var versions: [String: String] {
    ["graft": version, "openblas": Processor.openBLAS, "zstd": String(cString: ZSTD_versionString())]
  }

  /// What `graft --version` shows: the program, its libraries, and what the processor is used for.
  public static var description: String {
    "\(version) (\(Processor.openBLAS); zstd \(String(cString: ZSTD_versionString())); loops for \(Processor.level))"
  }

  /// The largest resident size of this process so far, in bytes.
  public static var peakMemoryBytes: Int {
    var usage = rusage()
    #if canImport(Darwin)
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
    #else
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
    #endif
  }
}
