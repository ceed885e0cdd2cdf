import Foundation

/// Optional resources of the machine: real bases in the cache, and GLUE.
public enum RealBase {
  /// The folder of all-MiniLM-L6-v2, or `nil`.
  public static let folder = folder("all-MiniLM-L6-v2")

  /// Returns the folder of a base, or `nil` if it is not in the cache.
  public static func folder(_ name: String) -> String? {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["GRAFT_HOME"] ?? "\(environment["HOME"] ?? ".")/.cache/graft"
    let folder = "\(home)/bases/\(name)"
    return FileManager.default.fileExists(atPath: "\(folder)/model.safetensors") ? folder : nil
  }

  /// `$GLUE_DIR`, or `nil`.
  public static let glue: String? = ProcessInfo.processInfo.environment["GLUE_DIR"].flatMap { $0.isEmpty ? nil : $0 }
}
