import Foundation

/// An adapter file with the name by which it is taken out again.
public struct NamedAdapter: Sendable {
  /// The run folder's name, or the file's without its endings.
  public let name: String
  /// The file.
  public let file: AdapterFile

  /// Reads a file, or the one in a run's folder.
  ///
  /// - Throws: As `AdapterFile` does, or ``PatchError/badName(_:file:)``.
  public init(path: String) throws {
    file = try AdapterFile(path: path)
    let parts = URL(fileURLWithPath: file.path).standardizedFileURL.path.split(separator: "/").map(String.init)
    let isRun = parts.last == RunFolder.adapterName && parts.count > 1
    let last = (isRun ? parts[parts.count - 2] : parts.last) ?? "adapter"
    name = [".zst", ".safetensors"].reduce(last) { $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
    guard Self.isName(name) else { throw PatchError.badName(name, file: file.path) }
  }

  /// What can be a file's name in an undo record.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0")
  }

  init(name: String, file: AdapterFile) { (self.name, self.file) = (name, file) }

  static func requireDifferentNames(_ adapters: [NamedAdapter]) throws {
    for (index, adapter) in adapters.enumerated() where adapters[..<index].contains(where: { $0.name == adapter.name })
    {
      throw PatchError.sameName(adapter.name)
    }
  }
}
