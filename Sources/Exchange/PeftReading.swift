import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// Reads what peft's `save_pretrained` writes: LoRA (DoRA, rank-stabilized, with patterns), prefix tuning, and IA3.
///
/// As in peft's loader, the tensors determine what was saved besides the method's parameters; `modules_to_save` and `bias` only
/// describe the intention. `Docs/adapter-format.md` lists the differences between versions.
func readPeft(_ folder: ForeignFolder, _ names: EncoderNames) throws -> ForeignAdapter {
  let tensors = try folder.tensors("adapter_model.safetensors", pickle: "adapter_model.bin")
  var reading = PeftReading(names: names, tensors: tensors, config: folder.config)
  return try reading.adapter()
}

struct PeftReading {
  let names: EncoderNames
  let tensors: SafetensorsFile
  var config: ForeignConfig
  var values: [String: ForeignTensor] = [:]
  /// The base's parameters outside the head for which the file has values.
  var carried: [String] = []
  var notes: [String] = []
  /// Whether the adapter is for a model with a head, in which the encoder's names have the family's prefix.
  private let hasPrefix: Bool
  /// The remaining number of compilation steps for all regular expressions of the file together.
  var patternBudget = ForeignPattern.longest
  /// The scale of LoRA's product for each module.
  var scales: [ModulePath: Float] = [:]
  /// `modules_to_save`, with the modules that peft always adds for classification.
  private(set) var saved: [String] = []

  init(names: EncoderNames, tensors: SafetensorsFile, config: ForeignConfig) {
    self.names = names
    self.tensors = tensors
    self.config = config
    hasPrefix = tensors.entries.contains { Self.stripped($0.name).hasPrefix(names.family.prefix) }
  }

  /// The modules that peft adds to `modules_to_save` for classification, for any model.
  private static let headModules = ["classifier", "score"]

  /// Keys about training or provenance, which do not affect the adapter's logits.
  private static let harmless: Set<String> = [
    "auto_mapping", "base_model_name_or_path", "encoder_hidden_size", "ensure_weight_tying", "inference_mode",
    "init_ia3_weights", "init_weights", "megatron_core", "merge_weights", "peft_version", "prefix_projection",
    "qalora_group_size", "revision", "num_transformer_submodules", "runtime_config",
    // Options of initializations. Those that change the base are rejected by the check of init_lora_weights.
    "eva_config", "corda_config", "lora_ga_config",
  ]

  /// Unsupported keys that add tensors or modules. They are rejected before the tensors are read, so that the message names the
  /// cause.
  private static let keysWithTensors = [
    "trainable_token_indices", "target_parameters", "layer_replication", "use_qalora", "use_bdlora", "arrow_config",
    "alora_invocation_tokens",
    "megatron_config",
  ]

  mutating func adapter() throws -> ForeignAdapter {
    let baseName = try config.text("base_model_name_or_path")
    let task = try config.text("task_type")
    guard task == nil || task == "SEQ_CLS" || task == "FEATURE_EXTRACTION" else {
      throw config.error(
        "task_type", "\(quoted(task ?? "")) is not supported, expected SEQ_CLS, which is classification")
    }
    saved = (try config.texts("modules_to_save") ?? []) + (task == "SEQ_CLS" ? Self.headModules : [])
    let kind = try config.text("peft_type") ?? ""
    try config.refuse(Self.keysWithTensors)
    let method: [String: JSONValue] =
      switch kind {
      case "LORA": try lora()
      case "PREFIX_TUNING": try prefix()
      case "IA3": try ia3()
      default: throw config.error("peft_type", "\(quoted(kind)) is not supported, expected LORA, PREFIX_TUNING, or IA3")
      }
    try readSavedModules()
    try checkBias()
    try addBiasesOfB()
    try config.finish(ignoring: Self.harmless)
    return ForeignAdapter(
      toolkit: "peft", kind: ("peft_type", kind), baseName: baseName, method: method, values: values, labels: nil,
      extras: AdapterExtras(carried: carried), notes: notes)
  }

  // MARK: Saved modules and biases

  /// Reads all remaining tensors: modules that were saved as a whole, and biases. As in peft, a tensor belongs to the parameter
  /// with its name.
  private mutating func readSavedModules() throws {
    var present: Set<String> = []
    var oldBiases = 0
    for entry in tensors.entries where !isOfMethod(entry.name) {
      let parts = Self.stripped(entry.name).split(separator: ".").map(String.init)
      // The module's original values, which peft keeps for running without the adapter.
      if parts.contains("original_module") { continue }
      guard let name = parameter(parts) else {
        throw error(entry, "belongs to no parameter of the base (\(names.family.name)), so it can't be imported")
      }
      let tensor = try ForeignTensor(entry, of: tensors)
      if let other = values[name], !other.equals(tensor) {
        throw error(
          entry, "and \(quoted(other.name)) have different values for one parameter, so neither can be imported")
      }
      values[name] = tensor
      if present.insert(name).inserted, !names.head.contains(name) { carried.append(name) }
      let module = names.projections.first { $0.path.parameter("bias") == name }?.path
      if let module, !parts.contains("base_layer"), values[module.parameter("lora_A")] != nil { oldBiases += 1 }
    }
    if oldBiases > 0 {
      notes.append(
        "\(oldBiases) biases have names without base_layer, as written by older versions of peft; they are "
          + "used here, although peft ignores them since 0.7")
    }
    try checkSaved(present)
  }

  private func isOfMethod(_ name: String) -> Bool {
    name.contains(".lora_") || name.contains(".ia3_l") || name == "prompt_embeddings"
  }

  /// Returns the parameter for a tensor's name in the spelling of any version: `classifier.weight`,
  /// `classifier.modules_to_save.weight`, `classifier.modules_to_save.default.weight`, `query.base_layer.bias`.
  private func parameter(_ parts: [String]) -> String? {
    var names: [[String]] = [parts.filter { !["modules_to_save", "base_layer"].contains($0) }]
    names.append(names[0].filter { $0 != "default" })
    return names.lazy.map { self.names.localName($0.joined(separator: ".")) }.first { self.names.parameters[$0] != nil }
  }

  /// Checks that the file has every module in `modules_to_save`. As in peft, modules are found by the end of their name.
  private mutating func checkSaved(_ present: Set<String>) throws {
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

  private mutating func checkBias() throws {
    let bias = try config.text("bias") ?? "none"
    guard ["none", "all", "lora_only"].contains(bias) else {
      throw config.error("bias", "\(quoted(bias)) is not supported, expected none, all, or lora_only")
    }
    guard bias != "none", !carried.contains(where: { $0.hasSuffix(".bias") }) else { return }
    // Before 0.21, versions of peft with base layers looked for the biases of `lora_only` under outdated names and saved none.
    notes.append(
      "bias is '\(bias)', but the file has no biases of the encoder, because its version of peft did not save "
        + "them; the base's biases are used"
    )
  }

  // MARK: Names

  /// Returns a module's name in the model that peft adapted, which its patterns refer to.
  func key(of path: ModulePath) -> String { hasPrefix ? names.foreign(path.description) : path.description }

  /// Returns a tensor's name without peft's prefix.
  static func stripped(_ name: String) -> Substring {
    for prefix in ["base_model.model.", "base_model."] where name.hasPrefix(prefix) {
      return name.dropFirst(prefix.count)
    }
    return name[...]
  }

  /// Returns the projection that a method's tensor belongs to, and the part: `lora_A.weight`, also for the spelling
  /// `lora_A.default.weight`.
  func module(of entry: TensorEntry, before mark: String) throws -> (path: ModulePath, part: String) {
    let name = Self.stripped(entry.name)
    guard let range = name.range(of: mark), let path = names.projection(name[..<range.lowerBound]) else {
      throw error(entry, "belongs to no projection of the base's encoder, so it can't be imported")
    }
    let parts = name[name.index(after: range.lowerBound)...].split(separator: ".")
    return (path, (parts.prefix(1) + parts.dropFirst().filter { $0 != "default" }).joined(separator: "."))
  }

  /// Reads a tensor of the method.
  mutating func read(_ entry: TensorEntry, as name: String, _ change: (ForeignTensor) -> ForeignTensor = { $0 }) throws
  {
    guard values[name] == nil else { throw error(entry, "is in the file in two spellings, so it can't be imported") }
    values[name] = change(try ForeignTensor(entry, of: tensors))
  }

  func error(_ entry: TensorEntry, _ reason: String) -> ExchangeError {
    .tensor(file: tensors.path, name: entry.name, reason: reason)
  }
}
