import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// Reads what peft's `save_pretrained` writes: LoRA (DoRA, rank-stabilized, with patterns), prefix tuning, IA3.
///
/// As in peft's own loader, the tensors decide what was saved besides the method's: `modules_to_save` and `bias` only say what was
/// meant to be. `Docs/adapter-format.md` lists what differs between versions.
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
  /// Parameters of the base outside its head that the file has values for.
  var carried: [String] = []
  var notes: [String] = []
  /// Whether the adapter is of a model with a head, in which the encoder's names have the family's before them.
  private let hasPrefix: Bool
  /// How long all regular expressions of the file may be together, compiled.
  var patternBudget = ForeignPattern.longest
  /// What LoRA's products are multiplied by, for each module.
  var scales: [ModulePath: Float] = [:]
  /// `modules_to_save`, with what peft adds for classification whether the file lists it or not.
  private(set) var saved: [String] = []

  init(names: EncoderNames, tensors: SafetensorsFile, config: ForeignConfig) {
    self.names = names
    self.tensors = tensors
    self.config = config
    hasPrefix = tensors.entries.contains { Self.stripped($0.name).hasPrefix(names.family.prefix) }
  }

  /// What peft adds to `modules_to_save` for classification, on whatever model.
  private static let headModules = ["classifier", "score"]

  /// Keys that say how it was trained or where it comes from, and nothing about what it answers.
  private static let harmless: Set<String> = [
    "auto_mapping", "base_model_name_or_path", "encoder_hidden_size", "ensure_weight_tying", "inference_mode",
    "init_ia3_weights", "init_weights", "megatron_core", "merge_weights", "peft_version", "prefix_projection",
    "qalora_group_size", "revision", "num_transformer_submodules", "runtime_config",
    // What initializations work with; those that change the base are refused by init_lora_weights.
    "eva_config", "corda_config", "lora_ga_config",
  ]

  /// Keys that can't be honoured and bring tensors, or other modules, of their own. They are refused before the tensors are looked
  /// at, so that the message names the cause.
  private static let bringTensors = [
    "trainable_token_indices", "target_parameters", "layer_replication", "use_qalora", "use_bdlora", "arrow_config",
    "alora_invocation_tokens",
    "megatron_config",
  ]

  mutating func adapter() throws -> ForeignAdapter {
    let baseName = try config.text("base_model_name_or_path")
    let task = try config.text("task_type")
    guard task == nil || task == "SEQ_CLS" || task == "FEATURE_EXTRACTION" else {
      throw config.error(
        "task_type", "\(quoted(task ?? "")): only adapters for classification (SEQ_CLS) can be imported")
    }
    saved = (try config.texts("modules_to_save") ?? []) + (task == "SEQ_CLS" ? Self.headModules : [])
    let kind = try config.text("peft_type") ?? ""
    try config.refuse(Self.bringTensors)
    let method: [String: JSONValue] =
      switch kind {
      case "LORA": try lora()
      case "PREFIX_TUNING": try prefix()
      case "IA3": try ia3()
      default: throw config.error("peft_type", "\(quoted(kind)): LORA, PREFIX_TUNING and IA3 can be imported")
      }
    try takeSaved()
    try checkBias()
    try addBiasesOfB()
    try config.finish(ignoring: Self.harmless)
    return ForeignAdapter(
      toolkit: "peft", kind: ("peft_type", kind), baseName: baseName, method: method, values: values, labels: nil,
      extras: AdapterExtras(carried: carried), notes: notes)
  }

  // MARK: What was saved besides the method's own

  /// All that is left: modules that were saved as a whole, and biases. A tensor whose name is a parameter's is that parameter's,
  /// as in peft, which loads it by its name.
  private mutating func takeSaved() throws {
    var taken: Set<String> = []
    var oldBiases = 0
    for entry in tensors.entries where !isOfMethod(entry.name) {
      let parts = Self.stripped(entry.name).split(separator: ".").map(String.init)
      // What the module was before, which peft keeps to answer without the adapter.
      if parts.contains("original_module") { continue }
      guard let name = parameter(parts) else {
        throw error(entry, "belongs to nothing that the base (\(names.family.name)) has, so it can't be honoured")
      }
      let tensor = try ForeignTensor(entry, of: tensors)
      if let other = values[name], !other.equals(tensor) {
        throw error(
          entry, "and \(quoted(other.name)) have different values for one parameter, so neither can be honoured")
      }
      values[name] = tensor
      if taken.insert(name).inserted, !names.head.contains(name) { carried.append(name) }
      let module = names.projections.first { $0.path.parameter("bias") == name }?.path
      if let module, !parts.contains("base_layer"), values[module.parameter("lora_A")] != nil { oldBiases += 1 }
    }
    if oldBiases > 0 {
      notes.append(
        "\(oldBiases) biases have names without base_layer, as older versions of peft wrote them; they are used, while peft "
          + "since 0.7 passes over them")
    }
    try checkSaved(taken)
  }

  private func isOfMethod(_ name: String) -> Bool {
    name.contains(".lora_") || name.contains(".ia3_l") || name == "prompt_embeddings"
  }

  /// The parameter that a tensor's name means, in the spellings of all versions: `classifier.weight`,
  /// `classifier.modules_to_save.weight`, `classifier.modules_to_save.default.weight`, `query.base_layer.bias`.
  private func parameter(_ parts: [String]) -> String? {
    var names: [[String]] = [parts.filter { !["modules_to_save", "base_layer"].contains($0) }]
    names.append(names[0].filter { $0 != "default" })
    return names.lazy.map { self.names.own($0.joined(separator: ".")) }.first { self.names.parameters[$0] != nil }
  }

  /// Whatever `modules_to_save` lists must be in the file, as peft finds it: by the end of a module's name.
  private mutating func checkSaved(_ taken: Set<String>) throws {
    var paths: [(path: String, parameter: String)] = []
    for name in names.parameters.keys {
      var parts = names.foreign(name).split(separator: ".").dropLast()
      while !parts.isEmpty {
        paths.append((parts.joined(separator: "."), name))
        parts = parts.dropLast()
      }
    }
    for module in Set(saved).subtracting(Self.headModules).sorted() {
      let wanted = Set(paths.filter { $0.path.hasSuffix(module) }.map(\.parameter))
      guard !wanted.isEmpty else {
        notes.append("modules_to_save lists \(quoted(module)), which this base does not have, so it has no effect")
        continue
      }
      // A part of the head that is not there is reported with the head.
      if let missing = wanted.subtracting(taken).subtracting(names.head).sorted().first {
        throw config.error("modules_to_save", "takes \(names.foreign(missing)), but the file has nothing for it")
      }
      guard !wanted.isDisjoint(with: taken) else {
        throw config.error("modules_to_save", "has \(quoted(module)), but the file has nothing for it")
      }
    }
  }

  private mutating func checkBias() throws {
    let bias = try config.text("bias") ?? "none"
    guard ["none", "all", "lora_only"].contains(bias) else {
      throw config.error("bias", "\(quoted(bias)): expected none, all or lora_only")
    }
    guard bias != "none", !carried.contains(where: { $0.hasSuffix(".bias") }) else { return }
    // peft with base layers looked for the biases of `lora_only` under names that did not exist any more, before 0.21.
    notes.append(
      "bias is '\(bias)', but the file has no biases of the encoder: its version of peft did not save them, so the base's own are used"
    )
  }

  // MARK: Names

  /// A module's name in the model that peft was given, by which its patterns go.
  func key(of path: ModulePath) -> String { hasPrefix ? names.foreign(path.description) : path.description }

  static func stripped(_ name: String) -> Substring {
    for prefix in ["base_model.model.", "base_model."] where name.hasPrefix(prefix) {
      return name.dropFirst(prefix.count)
    }
    return name[...]
  }

  /// The projection that a method's tensor belongs to, and the part: `lora_A.weight`, also where it is spelt
  /// `lora_A.default.weight`.
  func module(of entry: TensorEntry, before mark: String) throws -> (path: ModulePath, part: String) {
    let name = Self.stripped(entry.name)
    guard let range = name.range(of: mark), let path = names.projection(name[..<range.lowerBound]) else {
      throw error(entry, "belongs to no projection of the base's encoder, so it can't be honoured")
    }
    let parts = name[name.index(after: range.lowerBound)...].split(separator: ".")
    return (path, (parts.prefix(1) + parts.dropFirst().filter { $0 != "default" }).joined(separator: "."))
  }

  /// Takes a tensor of the method's.
  mutating func take(_ entry: TensorEntry, as name: String, _ change: (ForeignTensor) -> ForeignTensor = { $0 }) throws
  {
    guard values[name] == nil else { throw error(entry, "is there in two spellings, so it can't be honoured") }
    values[name] = change(try ForeignTensor(entry, of: tensors))
  }

  func error(_ entry: TensorEntry, _ reason: String) -> ExchangeError {
    .tensor(file: tensors.path, name: entry.name, reason: reason)
  }
}
