import Foundation

/// An adapter file with the name that identifies it in a merged folder.
public struct NamedAdapter: Sendable {
  /// The name of the run folder, or of the file without its extensions.
  public let name: String
  /// The adapter file.
  public let file: AdapterFile

  /// Reads an adapter file, or the one in a run folder.
  ///
  /// - Throws: The errors of `AdapterFile`, or ``PatchError/badName(_:file:)``.
  public init(path: String) throws {
    file = try AdapterFile(path: path)
    let parts = URL(fileURLWithPath: file.path).standardizedFileURL.path.split(separator: "/").map(String.init)
    let isRun = parts.last == AdapterFile.defaultName && parts.count > 1
    let last = (isRun ? parts[parts.count - 2] : parts.last) ?? "adapter"
    name = [".zst", ".safetensors"].reduce(last) { $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
    guard Self.isName(name) else { throw PatchError.badName(name, file: file.path) }
  }

  /// Whether a name is valid as a file name in an undo record.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0")
  }

  init(name: String, file: AdapterFile) {
    self.name = name
    self.file = file
  }

  static func requireDifferentNames(_ adapters: [NamedAdapter]) throws {
    for (index, adapter) in adapters.enumerated() where adapters[..<index].contains(where: { $0.name == adapter.name })
    {
      throw PatchError.sameName(adapter.name)
    }
  }
}
