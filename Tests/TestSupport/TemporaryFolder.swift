import Foundation

/// A folder that is gone with the last reference.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Makes an empty one.
  public init() throws {
    path = NSTemporaryDirectory() + "graft-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names of what is in it.
  public var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// The path of something in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and the folders that it stands in.
  public func write(_ bytes: some Collection<UInt8>, to name: String) throws {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Writes a text.
  public func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// A file's bytes.
  public func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

  /// A file's text.
  public func read(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
}
