import GraftCore
import GraftSupport

extension PeftReading {
  /// Which modules a key of the configuration takes.
  enum Selection {
    case all
    case pattern(ForeignPattern)
    case names([String])

    func takes(_ key: String) -> Bool {
      switch self {
      case .all: true
      case .pattern(let pattern): pattern.matches(key)
      case .names(let names): names.contains { key == $0 || key.hasSuffix(".\($0)") }
      }
    }
  }

  mutating func selection(_ key: String) throws -> Selection? {
    switch config.value(key) {
    case .null: nil
    case .string(let text) where text.lowercased() == "all-linear" && key == "target_modules": .all
    case .string(let text): .pattern(try pattern(text, key))
    default: .names(try config.texts(key) ?? [])
    }
  }

  mutating func pattern(_ text: String, _ key: String) throws -> ForeignPattern {
    do {
      let pattern = try ForeignPattern(text, longest: patternBudget)
      patternBudget -= pattern.length
      return pattern
    } catch let problem as ForeignPattern.Problem {
      throw config.error(key, "the regular expression \(quoted(text)) is not understood: \(problem.reason)")
    }
  }

  /// What the configuration says must be what the file has, as far as it can be read: the tensors decide.
  ///
  /// - Parameter fallback: What peft takes on these families where no targets are named.
  mutating func requireTargets(_ found: Set<ModulePath>, fallback: Set<Role>? = nil) throws {
    let layers = try layers()
    let keys = ["exclude_modules", "target_modules"]
    if let key = keys.first(where: { hasForeignExpression($0) }) {
      notes.append(
        "\(key) is a regular expression with parts that are not read here, so it was not compared with the modules that the file has"
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
        isTarget = try fallback?.contains(role) == true && layers?.takes(layer, key, &self) ?? true
      case .names(let all):
        // Only what is found by the end of its name is narrowed down to layers.
        if all.contains(key) {
          isTarget = true
        } else if all.contains(where: { key.hasSuffix(".\($0)") }) {
          isTarget = try layers?.takes(layer, key, &self) ?? true
        } else {
          isTarget = false
        }
      case let other?: isTarget = other.takes(key)
      }
      let isWanted = isTarget && excluded?.takes(key) != true && !isSaved(key)
      guard isWanted != found.contains(path) else { continue }
      throw config.error(
        "target_modules",
        (isWanted ? "takes \(key), but the file has nothing for it" : "leaves out \(key), which the file has")
          + " (with exclude_modules, layers_to_transform and modules_to_save)")
    }
  }

  /// Whether a key has an expression that Python may understand and we do not. Ticks the key off.
  private mutating func hasForeignExpression(_ key: String) -> Bool {
    guard let text = config.value(key).text else { return false }
    do {
      _ = try ForeignPattern(text)
      return false
    } catch { return (error as? ForeignPattern.Problem)?.mayBeValid == true }
  }

  /// Whether a module is within one that is saved as a whole: such modules get no adapter.
  private func isSaved(_ key: String) -> Bool { saved.contains { ".\(key).".contains(".\($0).") } }

  /// `layers_to_transform` and `layers_pattern`.
  private struct Layers {
    let indices: Set<Int>
    let patterns: [String]

    /// Whether a module in a layer is taken: where the layers have names, the module's path must have one of them before the index.
    func takes(_ layer: Int, _ key: String, _ reading: inout PeftReading) throws -> Bool {
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
      try config.requireShort(items.count, "layers_to_transform")
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
