import CZstd
import Foundation
import GraftCore

/// The versions and resources of the running program, for reports.
public enum RunEnvironment {
  /// This program's version.
  public static let version = "0.2.0"

  /// The versions of the program and its libraries.
  public static var versions: [String: String] {
    var versions = [
      "graft": version, "openblas": Processor.openBLAS, "zstd": String(cString: ZSTD_versionString()),
    ]
    versions["onednn"] = Processor.oneDNN
    return versions
  }

  /// The output of `graft --version`: the versions of the program and its libraries, and the instruction set in use.
  public static var description: String {
    "\(version) (\(Processor.openBLAS); \(Processor.oneDNN.map { "\($0); " } ?? "")zstd \(String(cString: ZSTD_versionString())); kernels for \(Processor.level))"
  }

  /// Resets the peak resident memory, if the system supports it.
  static func resetPeakMemory() {
    #if os(Linux)
    Processor.releaseMemory()  // memory that an earlier run freed must not count
    // proc(5): writing 5 resets the peak to the current resident size.
    if let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") { try? file.write(contentsOf: Data("5".utf8)) }
    #endif
  }

  /// The peak resident memory of this process so far, in bytes.
  public static var peakMemoryBytes: Int {
    #if os(Linux)
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    if let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap({ Int($0) })
    {
      return kilobytes * 1024
    }
    #endif
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
