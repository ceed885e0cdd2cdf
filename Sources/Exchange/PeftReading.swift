import GraftCore
import GraftSupport
import GraftTransformer

/// Reads what peft's `save_pretrained` writes.
///
/// As in peft's loader, the tensors determine what was saved besides the method's parameters; `modules_to_save` and `bias` only
/// describe the intention. `Docs/adapter-format.md` lists the differences between versions.
func readPeft(_ folder: ForeignFolder, _ names: EncoderNames, _ methods: MethodRegistry) throws -> ForeignAdapter {
  let config = folder.config
  let tensors = ForeignTensors(try folder.tensors("adapter_model.safetensors", pickle: "adapter_model.bin"))
  let baseName = try config.text("base_model_name_or_path")
  let task = try config.text("task_type")
  guard task == nil || task == "SEQ_CLS" || task == "FEATURE_EXTRACTION" else {
    throw config.valueError("task_type", "is not supported, expected SEQ_CLS, which is classification")
  }
  let saved = (try config.texts("modules_to_save") ?? []) + (task == "SEQ_CLS" ? PeftReading.headModules : [])
  let type = try config.text("peft_type") ?? ""
  let mapping = try methods.mapping(reading: type, key: "peft_type", in: config.file) { method in
    (method as? any PeftExchangeable.Type).map { Mapping(method: $0, types: $0.peftTypes) }
  }
  let reading = PeftReading(type: type, config: config, tensors: tensors, names: names, saved: saved)
  let method = try mapping.init(reading: reading)
  try reading.finish()
  return ForeignAdapter(
    toolkit: "peft", baseName: baseName, method: method, values: reading.values,
    extras: AdapterExtras(carried: reading.carried), notes: reading.notes)
}

/// An adapter that peft saved.
final class PeftReading: ForeignReading, PeftReader {
  /// The base's parameters outside the head for which the file has values.
  private(set) var carried: [String] = []
  /// Whether the adapter is for a model with a head, in which the encoder's names have the family's prefix.
  private let hasPrefix: Bool
  /// The remaining number of compilation steps for all regular expressions of the file together.
  private var patternBudget = ForeignPattern.longest
  /// `modules_to_save`, with the modules that peft always adds for classification.
  private let saved: [String]
  /// What the method adds to biases of projections.
  private var addedBiases: [ModulePath: ForeignTensor] = [:]

  init(type: String, config: ForeignConfig, tensors: ForeignTensors, names: EncoderNames, saved: [String]) {
    self.saved = saved
    hasPrefix = tensors.entries.contains { Self.stripped($0.name).hasPrefix(names.prefix) }
    super.init(type: type, config: config, tensors: tensors, names: names)
  }

  /// The modules that peft adds to `modules_to_save` for classification, for any model.
  static let headModules = ["classifier", "score"]

  /// Keys about training or provenance, which do not affect the adapter's logits.
  private static let harmless = ["auto_mapping", "inference_mode", "peft_version", "revision"]

  /// Reads what the method has not read: saved modules and biases.
  func finish() throws {
    try readSavedModules()
    try checkBias()
    try addBiases()
    config.ignore(Self.harmless)
    try config.finish()
  }

  func ignoreOrientation() throws {
    guard try config.flag("fan_in_fan_out") else { return }
    note("fan_in_fan_out is true, but the base has no transposed layers, so it has no effect, as in peft")
  }

  // MARK: Saved modules and biases

  /// Reads all remaining tensors: modules that were saved as a whole, and biases. As in peft, a tensor belongs to the parameter
  /// with its name.
  private func readSavedModules() throws {
    var present: Set<String> = []
    var oldBiases = 0
    for entry in tensors.unread {
      let parts = Self.stripped(entry.name).split(separator: ".").map(String.init)
      // The module's original values, which peft keeps for running without the adapter.
      if parts.contains("original_module") { continue }
      guard let name = parameter(parts) else {
        throw entry.error("belongs to no parameter of the base (\(names.family)), so it can't be imported")
      }
      let tensor = try tensors.read(entry)
      if let other = values[name], !other.equals(tensor) {
        throw entry.error(
          "conflicts with \(quoted(other.name)): they have different values for one parameter, so neither can be imported"
        )
      }
      values[name] = tensor
      if present.insert(name).inserted, !names.head.contains(name) { carried.append(name) }
      let module = names.projections.first { $0.path.parameter("bias") == name }?.path
      if let module, !parts.contains("base_layer"), adapted.contains(module) { oldBiases += 1 }
    }
    if oldBiases > 0 {
      notes.append(
        "\(oldBiases) biases have names without base_layer, as written by older versions of peft; they are "
          + "used here, although peft ignores them since 0.7")
    }
    try checkSaved(present)
  }

  /// Returns the parameter for a tensor's name in the spelling of any version: `classifier.weight`,
  /// `classifier.modules_to_save.weight`, `classifier.modules_to_save.default.weight`, `query.base_layer.bias`.
  private func parameter(_ parts: [String]) -> String? {
    var names: [[String]] = [parts.filter { !["modules_to_save", "base_layer"].contains($0) }]
    names.append(names[0].filter { $0 != "default" })
    return names.lazy.map { self.names.localName($0.joined(separator: ".")) }.first { self.names.parameters[$0] != nil }
  }

  /// Checks that the file has every module in `modules_to_save`. As in peft, modules are found by the end of their name.
  private func checkSaved(_ present: Set<String>) throws {
    var paths: [(path: String, parameter: String)] = []
    for name in names.parameters.keys {
      var parts = names.foreign(name).split(separator: ".").dropLast()
      while !parts.isEmpty {
        paths.append((parts.joined(separator: "."), name))
        parts = parts.dropLast()
      }
    }
    for module in Set(saved).subtracting(Self.headModules).sorted() {
      let expected = Set(paths.filter { $0.path.hasSuffix(module) }.map(\.parameter))
      guard !expected.isEmpty else {
        notes.append("modules_to_save lists \(quoted(module)), which this base does not have, so it has no effect")
        continue
      }
      // Missing parts of the head are reported when the head is read.
      if let missing = expected.subtracting(present).subtracting(names.head).sorted().first {
        throw config.error("modules_to_save", "includes \(names.foreign(missing)), but the file has no tensor for it")
      }
      guard !expected.isDisjoint(with: present) else {
        throw config.error("modules_to_save", "includes \(quoted(module)), but the file has no tensors for it")
      }
    }
  }

  private func checkBias() throws {
    // The value for the biases of adapted modules is named after the adapter's type, such as `lora_only`.
    let ofAdapted = "\(type.lowercased())_only"
    let bias = try config.text("bias") ?? "none"
    guard ["none", "all", ofAdapted].contains(bias) else {
      throw config.error("bias", "\(quoted(bias)) is not supported, expected none, all, or \(ofAdapted)")
    }
    guard bias != "none", !carried.contains(where: { $0.hasSuffix(".bias") }) else { return }
    // Before 0.21, peft versions that use `base_layer` looked for the biases of adapted modules under outdated names and saved
    // none.
    notes.append(
      "bias is '\(bias)', but the file has no biases of the encoder, because its version of peft did not save "
        + "them; the base's biases are used"
    )
  }

  func addToBias(of path: ModulePath, _ tensor: ForeignTensor) { addedBiases[path] = tensor }

  private func addBiases() throws {
    for path in names.projections.map(\.path) {
      let name = path.parameter("bias")
      guard let added = addedBiases[path], let base = names.parameters[name] else { continue }
      guard added.shape == base.shape else {
        throw added.error("has shape \(added.shape), expected \(base.shape)")
      }
      let bias = values[name]?.values ?? Array(base.values)
      values[name] = added.with(zip(bias, added.values).map { $0 + $1 })
      if !carried.contains(name) { carried.append(name) }
    }
  }

  // MARK: Names and patterns

  func key(of path: ModulePath) -> String { hasPrefix ? names.foreign(path) : path.description }

  /// Returns a tensor's name without peft's prefix.
  private static func stripped(_ name: String) -> Substring {
    for prefix in ["base_model.model.", "base_model."] where name.hasPrefix(prefix) {
      return name.dropFirst(prefix.count)
    }
    return name[...]
  }

  func module(of entry: ForeignTensors.Entry, before mark: String) throws -> (path: ModulePath, part: String) {
    let name = Self.stripped(entry.name)
    let range = name.firstRange(of: mark)
    let path = try projection(name[..<(range?.lowerBound ?? name.startIndex)], of: entry)
    let parts = name[(range?.lowerBound ?? name.startIndex)...].split(separator: ".")
    return (path, (parts.prefix(1) + parts.dropFirst().filter { $0 != "default" }).joined(separator: "."))
  }

  /// Compiles a regular expression and deducts its length from the budget.
  func pattern(_ text: String, _ key: String) throws -> ForeignPattern {
    do {
      let pattern = try ForeignPattern(text, longest: patternBudget)
      patternBudget -= pattern.length
      return pattern
    } catch let problem as ForeignPattern.Problem {
      throw config.error(key, "the regular expression \(quoted(text)) is not supported: \(problem.reason)")
    }
  }

  /// Each pattern becomes `(.*\.)?(PATTERN)$`, and the first one in the file that matches a module applies.
  func patterns(_ key: String, check: (Double) -> String?) throws -> (ModulePath) -> Double? {
    let patterns = try config.numbers(key).map { name, value in
      if let expected = check(value) { throw config.error(key, "\(quoted(name)) is \(value), expected \(expected)") }
      return (pattern: try pattern(#"(.*\.)?(\#(name))$"#, key), value: value)
    }
    return { path in
      let name = self.key(of: path)
      return patterns.first { $0.pattern.matches(name) }?.value
    }
  }

  /// Returns whether a module is part of one in `modules_to_save`; such modules get no adapter.
  func isSaved(_ key: String) -> Bool { saved.contains { ".\(key).".contains(".\($0).") } }
}
