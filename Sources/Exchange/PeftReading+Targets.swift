import GraftCore
import GraftSupport

extension PeftReading {
  /// The modules that a key of the configuration selects.
  enum Selection {
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
  mutating func selection(_ key: String) throws -> Selection? {
    switch config.value(key) {
    case .null: nil
    case .string(let text) where text.lowercased() == "all-linear" && key == "target_modules": .all
    case .string(let text): .pattern(try pattern(text, key))
    default: .names(try config.texts(key) ?? [])
    }
  }

  /// Compiles a regular expression and deducts its length from the budget.
  mutating func pattern(_ text: String, _ key: String) throws -> ForeignPattern {
    do {
      let pattern = try ForeignPattern(text, longest: patternBudget)
      patternBudget -= pattern.length
      return pattern
    } catch let problem as ForeignPattern.Problem {
      throw config.error(key, "the regular expression \(quoted(text)) is not supported: \(problem.reason)")
    }
  }

  /// Checks that the configuration selects exactly the modules that the file has tensors for. If its expressions can't be read,
  /// the check is skipped with a note, and the tensors decide.
  ///
  /// - Parameters:
  ///   - modules: The modules in the file.
  ///   - fallback: The roles that peft selects for the base's family if no targets are given.
  mutating func requireTargets(_ modules: Set<ModulePath>, fallback: Set<Role>? = nil) throws {
    let layers = try layers()
    let keys = ["exclude_modules", "target_modules"]
    if let key = keys.first(where: { hasForeignExpression($0) }) {
      notes.append(
        "\(key) is a regular expression with unsupported syntax, so it was not compared with the modules in the file"
      )
      return
    }
    let excluded = try selection("exclude_modules")
    let targets = try selection("target_modules")
    guard targets != nil || fallback != nil else { throw config.error("target_modules", "is missing") }
    for (path, role, layer) in names.projections {
      let key = key(of: path)
      let isTarget: Bool
      switch targets {
      case nil:
        isTarget = try fallback?.contains(role) == true && layers?.contains(layer, key, &self) ?? true
      case .names(let all):
        // As in peft, the layers only restrict modules that are selected by the end of their name.
        if all.contains(key) {
          isTarget = true
        } else if all.contains(where: { key.hasSuffix(".\($0)") }) {
          isTarget = try layers?.contains(layer, key, &self) ?? true
        } else {
          isTarget = false
        }
      case let other?: isTarget = other.matches(key)
      }
      let isExpected = isTarget && excluded?.matches(key) != true && !isSaved(key)
      guard isExpected != modules.contains(path) else { continue }
      throw config.error(
        "target_modules",
        (isExpected ? "selects \(key), but the file has no tensors for it" : "leaves out \(key), which the file has")
          + " (with exclude_modules, layers_to_transform and modules_to_save)")
    }
  }

  /// Returns whether a key has an expression that may be valid in Python but is not supported here. Marks the key as read.
  private mutating func hasForeignExpression(_ key: String) -> Bool {
    guard let text = config.value(key).text else { return false }
    do {
      _ = try ForeignPattern(text)
      return false
    } catch { return (error as? ForeignPattern.Problem)?.mayBeValid == true }
  }

  /// Returns whether a module is part of one in `modules_to_save`; such modules get no adapter.
  private func isSaved(_ key: String) -> Bool { saved.contains { ".\(key).".contains(".\($0).") } }

  /// The layers in `layers_to_transform` and `layers_pattern`.
  private struct Layers {
    let indices: Set<Int>
    let patterns: [String]

    /// Returns whether a module in a layer is included. If there are patterns, one of them must match the path before the index.
    func contains(_ layer: Int, _ key: String, _ reading: inout PeftReading) throws -> Bool {
      guard indices.contains(layer) else { return false }
      for pattern in patterns {
        if try reading.pattern(#"(.*\.)?(\#(pattern))\.\#(layer)\..*"#, "layers_pattern").matches(key) { return true }
      }
      return patterns.isEmpty
    }
  }

  private mutating func layers() throws -> Layers? {
    let patterns = (try config.texts("layers_pattern") ?? []).filter { !$0.isEmpty }
    let indices: Set<Int>
    switch config.value("layers_to_transform") {
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
