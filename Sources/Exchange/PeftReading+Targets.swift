import GraftCore
import GraftSupport

extension PeftReading {
  /// The modules that a key of the configuration selects.
  private enum Selection {
    case all
    case pattern(ForeignPattern)
    case names([String])

    /// Returns whether the selection includes a module.
    func matches(_ key: String) -> Bool {
      switch self {
      case .all: true
      case .pattern(let pattern): pattern.matches(key)
      case .names(let names): names.contains { key == $0 || key.hasSuffix(".\($0)") }
      }
    }
  }

  /// Reads a key's selection, or returns `nil` if the key is missing or null.
  private func selection(_ key: String) throws -> Selection? {
    switch config.tree(key) {
    case .null: nil
    case .string(let text) where text.lowercased() == "all-linear" && key == "target_modules": .all
    case .string(let text): .pattern(try pattern(text, key))
    default: .names(try config.texts(key) ?? [])
    }
  }

  func selection(_ key: String) throws -> ((ModulePath) -> Bool)? {
    let selection: Selection? = try self.selection(key)
    return selection.map { selection in { path in selection.matches(self.key(of: path)) } }
  }

  /// Checks that the configuration selects exactly the modules that the file has tensors for. If its expressions can't be read,
  /// the check is skipped with a note, and the tensors decide.
  func requireTargets(_ modules: Set<ModulePath>, default fallback: Set<Role>?) throws {
    let layers = try layers()
    let keys = ["exclude_modules", "target_modules"]
    if let key = keys.first(where: { hasForeignExpression($0) }) {
      note(
        "\(key) is a regular expression with unsupported syntax, so it was not compared with the modules in the file"
      )
      return
    }
    let excluded: Selection? = try selection("exclude_modules")
    let targets: Selection? = try selection("target_modules")
    guard targets != nil || fallback != nil else { throw config.error("target_modules", "is missing") }
    for projection in names.projections {
      let key = key(of: projection.path)
      let layer = projection.layer
      let isTarget: Bool
      switch targets {
      case nil:
        isTarget = try fallback?.contains(projection.role) == true && layers?.contains(layer, key, self) ?? true
      case .names(let all):
        // As in peft, the layers only restrict modules that are selected by the end of their name.
        if all.contains(key) {
          isTarget = true
        } else if all.contains(where: { key.hasSuffix(".\($0)") }) {
          isTarget = try layers?.contains(layer, key, self) ?? true
        } else {
          isTarget = false
        }
      case let other?: isTarget = other.matches(key)
      }
      let isExpected = isTarget && excluded?.matches(key) != true && !isSaved(key)
      guard isExpected != modules.contains(projection.path) else { continue }
      throw config.error(
        "target_modules",
        (isExpected ? "selects \(key), but the file has no tensors for it" : "leaves out \(key), which the file has")
          + " (after applying exclude_modules, layers_to_transform and modules_to_save)")
    }
  }

  /// Returns whether a key has an expression that may be valid in Python but is not supported here. Marks the key as read.
  private func hasForeignExpression(_ key: String) -> Bool {
    guard let text = config.tree(key).text else { return false }
    do {
      _ = try ForeignPattern(text)
      return false
    } catch { return (error as? ForeignPattern.Problem)?.mayBeValid == true }
  }

  /// The layers in `layers_to_transform` and `layers_pattern`.
  private struct Layers {
    let indices: Set<Int>
    let patterns: [String]

    /// Returns whether a module in a layer is included. If there are patterns, one of them must match the path before the index.
    func contains(_ layer: Int, _ key: String, _ reading: PeftReading) throws -> Bool {
      guard indices.contains(layer) else { return false }
      for pattern in patterns {
        if try reading.pattern(#"(.*\.)?(\#(pattern))\.\#(layer)\..*"#, "layers_pattern").matches(key) { return true }
      }
      return patterns.isEmpty
    }
  }

  private func layers() throws -> Layers? {
    let patterns = (try config.texts("layers_pattern") ?? []).filter { !$0.isEmpty }
    let indices: Set<Int>
    switch config.tree("layers_to_transform") {
    case .null: return nil
    case .number: indices = [try config.whole("layers_to_transform") ?? 0]
    case .array(let items):
      try config.checkLength(items.count, "layers_to_transform")
      indices = try Set(
        items.map { item in
          guard let layer = item.int else {
            throw config.error("layers_to_transform", "expected whole numbers")
          }
          return layer
        })
    default: throw config.error("layers_to_transform", "expected whole numbers")
    }
    return indices.isEmpty ? nil : Layers(indices: indices, patterns: patterns)
  }
}
