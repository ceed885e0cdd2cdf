import CZstd
import Foundation
import GraftCore

/// The program and the machine that it runs on, for reports.
public enum RunEnvironment {
  /// This program's version.
  public static let version = "0.1.0"

  /// Of the program and its libraries.
  public static var versions: [String: String] {
    var versions = [
      "graft": version, "openblas": Processor.openBLAS, "zstd": String(cString: ZSTD_versionString()),
    ]
    versions["onednn"] = Processor.oneDNN
    return versions
  }

  /// What `graft --version` shows: the program, its libraries, and what the processor is used for.
  public static var description: String {
    "\(version) (\(Processor.openBLAS); \(Processor.oneDNN.map { "\($0); " } ?? "")zstd \(String(cString: ZSTD_versionString())); loops for \(Processor.level))"
  }

  /// Begins to measure the largest resident size anew, where the system can.
  static func forgetPeakMemory() {
    #if os(Linux)
    Processor.releaseMemory()  // what an earlier training freed is not this one's
    // proc(5): 5 resets the peak to what is resident now.
    if let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") { try? file.write(contentsOf: Data("5".utf8)) }
    #endif
  }

  /// The largest resident size of this process so far, in bytes.
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
