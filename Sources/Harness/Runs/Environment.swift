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

  /// The model of the processor, or its architecture if the system does not tell the model.
  public static var processor: String {
    #if os(Linux)
    let lines = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
    // The files of ARM systems have no model name.
    if let line = lines.first(where: { $0.hasPrefix("model name") }), let colon = line.firstIndex(of: ":") {
      let model = line[colon...].dropFirst().split(separator: " ").joined(separator: " ")
      if !model.isEmpty { return model }
    }
    #elseif canImport(Darwin)
    var size = 0
    if sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 1 {
      var bytes = [UInt8](repeating: 0, count: size)
      if sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 {
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    #endif
    var system = utsname()
    uname(&system)
    return withUnsafeBytes(of: system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
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
