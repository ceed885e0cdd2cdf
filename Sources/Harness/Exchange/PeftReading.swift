import GraftCore
import GraftSafetensors
import GraftSupport

/// Reads what peft's `save_pretrained` writes: LoRA (DoRA, rank-stabilized, with patterns), prefix tuning, IA3.
func readPeft(_ folder: ForeignFolder, _ names: EncoderNames) throws -> ForeignAdapter {
  let tensors = try folder.tensors("adapter_model.safetensors", pickle: "adapter_model.bin")
  var reading = PeftReading(names: names, tensors: tensors, config: folder.config)
  return try reading.adapter()
}

private struct PeftReading {
  let names: EncoderNames
  let tensors: SafetensorsFile
  var config: ForeignConfig
  private var values: [String: ForeignTensor] = [:]
  /// How long all regular expressions of the file may be together, compiled.
  private var patternBudget = ForeignPattern.longest

  init(names: EncoderNames, tensors: SafetensorsFile, config: ForeignConfig) {
    (self.names, self.tensors, self.config) = (names, tensors, config)
  }

  /// Keys that say how it was trained or where it comes from, and nothing about what it answers.
  private static let harmless: Set<String> = [
    "auto_mapping", "base_model_name_or_path", "encoder_hidden_size", "ensure_weight_tying", "inference_mode",
    "init_ia3_weights", "init_weights", "megatron_core", "peft_version", "prefix_projection", "qalora_group_size",
    "revision", "num_transformer_submodules", "runtime_config",
  ]

  mutating func adapter() throws -> ForeignAdapter {
    let baseName = try config.text("base_model_name_or_path")
    let task = try config.text("task_type")
    guard task == nil || task == "SEQ_CLS" || task == "FEATURE_EXTRACTION" else {
      throw config.fault(
        "task_type", "\(quoted(task ?? "")): only adapters for classification (SEQ_CLS) can be imported")
    }
    let method: [String: JSONValue] =
      switch try config.text("peft_type") {
      case "LORA": try lora()
      case "PREFIX_TUNING": try prefix()
      case "IA3": try ia3()
      case let other:
        throw config.fault("peft_type", "\(quoted(other ?? "")): LORA, PREFIX_TUNING and IA3 can be imported")
      }
    try takeHead()
    try config.finish(ignoring: Self.harmless)
    return ForeignAdapter(toolkit: "peft", baseName: baseName, method: method, values: values, labels: nil)
  }

  // MARK: LoRA

  private mutating func lora() throws -> [String: JSONValue] {
    guard try !config.flag("fan_in_fan_out") else {
      throw config.fault("fan_in_fan_out", "no encoder here has such layers")
    }
    try requirePlainStart()
    let rank = try config.whole("r", from: 1) ?? 8
    let alpha = try config.number("lora_alpha") ?? 8
    let ranks = try patterns("rank_pattern")
    let alphas = try patterns("alpha_pattern")
    let isDecomposed = try config.flag("use_dora")
    var modules: [ModulePath: (rank: Int, alpha: Double)] = [:]
    for entry in tensors.entries where entry.name.contains(".lora_") {
      let (path, part) = try module(of: entry, before: ".lora_")
      switch part {
      case "lora_A.weight": values[path.parameter("lora_A")] = try ForeignTensor(entry, of: tensors)
      case "lora_B.weight": values[path.parameter("lora_B")] = try ForeignTensor(entry, of: tensors)
      case "lora_magnitude_vector", "lora_magnitude_vector.weight":
        values[path.parameter("lora_magnitude_vector")] = try ForeignTensor(entry, of: tensors)
      default: throw fault(entry, "can't be honoured")
      }
      guard part == "lora_A.weight" else { continue }
      let key = names.foreign(path.description)
      let wanted = ranks.first { $0.pattern.matches(key) }.map { Int($0.value) } ?? rank
      guard entry.shape.first == wanted else {
        throw fault(
          entry, "has rank \(entry.shape.first ?? 0), but r and rank_pattern of the configuration say \(wanted)")
      }
      modules[path] = (wanted, alphas.first { $0.pattern.matches(key) }?.value ?? alpha)
    }
    try requireTargets(Set(modules.keys))
    let stabilized = try config.flag("use_rslora")
    var method: [String: JSONValue] = [
      "name": .string("lora"), "rank": .number(Double(rank)), "alpha": .number(alpha),
      "dropout": .number(try config.number("lora_dropout") ?? 0), "rank_stabilized": .bool(stabilized),
      "dora": .bool(isDecomposed), "targets": .array(names.selectors(Set(modules.keys)).map(JSONValue.string)),
    ]
    let others = Dictionary(grouping: modules.filter { $0.value != (rank, alpha) }) {
      "\($0.value.rank) \($0.value.alpha)"
    }
    method["overrides"] = .array(
      others.sorted { $0.key < $1.key }.compactMap { _, group in
        guard let (rank, alpha) = group.first?.value else { return nil }
        return .object([
          "targets": .array(names.selectors(Set(group.map(\.key))).map(JSONValue.string)),
          "rank": .number(Double(rank)),
          "alpha": .number(alpha),
        ])
      })
    return method
  }

  /// Some ways to start change the base's own weights, when the adapter is loaded too, so that it belongs to another base.
  private mutating func requirePlainStart() throws {
    switch config.value("init_lora_weights") {
    case .null, .bool, .string("gaussian"): break
    default:
      throw config.fault(
        "init_lora_weights",
        "may change the base's weights, so it can't be honoured; convert the adapter to plain LoRA with peft")
    }
  }

  /// `(.*\.)?(KEY)$`, the first that matches, in the file's order.
  private mutating func patterns(_ key: String) throws -> [(pattern: ForeignPattern, value: Double)] {
    try config.numbers(key).map { name, value in
      guard value > 0, value < 1e9, key == "alpha_pattern" || value == value.rounded() else {
        let kind = key == "alpha_pattern" ? "number" : "whole number"
        throw config.fault(key, "\(quoted(name)) is \(value), expected a \(kind) above 0")
      }
      return (try pattern(#"(.*\.)?(\#(name))$"#, key), value)
    }
  }

  private mutating func pattern(_ text: String, _ key: String) throws -> ForeignPattern {
    do {
      let pattern = try ForeignPattern(text, longest: patternBudget)
      patternBudget -= pattern.length
      return pattern
    } catch let problem as ForeignPattern.Problem {
      throw config.fault(key, "the regular expression \(quoted(text)) is not understood: \(problem.reason)")
    }
  }

  /// What the configuration says must be what the file has.
  private mutating func requireTargets(_ found: Set<ModulePath>) throws {
    let saved = try config.texts("modules_to_save") ?? []
    let excluded = try selection("exclude_modules")
    let targets = try selection("target_modules")
    let layers = try layerIndices()
    guard let targets else { throw config.fault("target_modules", "is missing") }
    for (path, _, layer) in names.projections {
      let key = names.foreign(path.description)
      let isSaved = saved.contains { name in key.split(separator: ".").contains { $0 == name } }
      // Only a list is narrowed down to layers.
      let isWanted =
        targets.takes(key) && excluded?.takes(key) != true && !isSaved
        && (targets.isPattern || layers.map { $0.contains(layer) } ?? true)
      guard isWanted != found.contains(path) else { continue }
      throw config.fault(
        "target_modules",
        (isWanted ? "takes \(key), but the file has nothing for it" : "leaves out \(key), which the file has")
          + " (with exclude_modules, layers_to_transform and modules_to_save)")
    }
  }

  private enum Selection {
    case all
    case pattern(ForeignPattern)
    case names([String])

    var isPattern: Bool { if case .names = self { false } else { true } }

    func takes(_ key: String) -> Bool {
      switch self {
      case .all: true
      case .pattern(let pattern): pattern.matches(key)
      case .names(let names): names.contains { key == $0 || key.hasSuffix(".\($0)") }
      }
    }
  }

  private mutating func selection(_ key: String) throws -> Selection? {
    switch config.value(key) {
    case .null: nil
    case .string("all-linear"): .all
    case .string(let text): .pattern(try pattern(text, key))
    default: .names(try config.texts(key) ?? [])
    }
  }

  private mutating func layerIndices() throws -> Set<Int>? {
    let pattern = try config.texts("layers_pattern") ?? []
    guard pattern.allSatisfy({ ["layer", "layers"].contains($0) }) else {
      throw config.fault("layers_pattern", "expected layer")
    }
    switch config.value("layers_to_transform") {
    case .null: return nil
    case .number: return [try config.whole("layers_to_transform") ?? 0]
    case .array(let items):
      return try Set(
        items.map { item in
          guard case .number(let number) = item, let layer = Int(exactly: number) else {
            throw config.fault("layers_to_transform", "expected whole numbers")
          }
          return layer
        })
    default: throw config.fault("layers_to_transform", "expected whole numbers")
    }
  }

  // MARK: Others

  /// One matrix holds keys and values of all layers: layer l has the blocks 2l and 2l + 1.
  private mutating func prefix() throws -> [String: JSONValue] {
    let (layers, width) = (names.attentions.count, names.width)
    for (key, expected) in [("num_layers", layers), ("token_dim", width)] {
      if let found = try config.whole(key), found != expected {
        throw config.fault(key, "is \(found), the base's is \(expected)")
      }
    }
    _ = try config.whole("num_attention_heads")
    let length = try config.whole("num_virtual_tokens", from: 1) ?? 0
    let entry = try tensors.entry(named: "prompt_embeddings")
    guard entry.shape == [length, 2 * layers * width] else {
      throw fault(entry, "has shape \(entry.shape), expected \([length, 2 * layers * width])")
    }
    guard names.shiftsPrefix else {
      throw config.fault("peft_type", "PREFIX_TUNING of peft runs on BERT alone, so this can't be of this base")
    }
    let whole = try ForeignTensor(entry, of: tensors)
    for (layer, path) in names.attentions.enumerated() {
      values[path.parameter("prefix_keys")] = whole.columns(2 * layer * width, width)
      values[path.parameter("prefix_values")] = whole.columns((2 * layer + 1) * width, width)
    }
    return ["name": .string("prefix"), "length": .number(Double(length)), "position_shift": .bool(true)]
  }

  /// A vector multiplies outputs where it stands upright, inputs where it lies.
  private mutating func ia3() throws -> [String: JSONValue] {
    guard try !config.flag("fan_in_fan_out") else {
      throw config.fault("fan_in_fan_out", "no encoder here has such layers")
    }
    var (outputs, inputs): (Set<ModulePath>, Set<ModulePath>) = ([], [])
    for entry in tensors.entries where entry.name.contains(".ia3_l") {
      let (path, part) = try module(of: entry, before: ".ia3_l")
      guard part == "ia3_l", entry.shape.count == 2, entry.shape.contains(1) else {
        throw fault(entry, "can't be honoured")
      }
      if entry.shape[1] == 1 { outputs.insert(path) } else { inputs.insert(path) }
      values[path.parameter("ia3_l")] = try ForeignTensor(entry, of: tensors).reshaped([entry.elementCount])
    }
    try requireTargets(outputs.union(inputs))
    let below = try selection("feedforward_modules")
    for path in outputs.union(inputs)
    where (below?.takes(names.foreign(path.description)) ?? false) != inputs.contains(path) {
      throw config.fault("feedforward_modules", "and the file differ in \(names.foreign(path.description))")
    }
    return [
      "name": .string("ia3"), "targets": .array(names.selectors(outputs).map(JSONValue.string)),
      "feed_forward": .array(names.selectors(inputs).map(JSONValue.string)),
    ]
  }

  /// All that is left: whole modules that were saved. peft itself adds `classifier` and `score` to the list, whether they are there
  /// or not.
  private mutating func takeHead() throws {
    let saved = Set(try config.texts("modules_to_save") ?? [])
    var found: Set<String> = []
    for entry in tensors.entries
    where !entry.name.contains(".lora_") && !entry.name.contains(".ia3_l") && entry.name != "prompt_embeddings" {
      let name = names.own(stripped(entry.name))
      guard let module = name.split(separator: ".").map(String.init).first(where: saved.contains) else {
        throw fault(entry, "is of no module in modules_to_save, so it can't be honoured")
      }
      found.insert(module)
      values[name] = try ForeignTensor(entry, of: tensors)
    }
    if let missing = saved.subtracting(found).subtracting(["classifier", "score"]).sorted().first {
      throw config.fault("modules_to_save", "has \(quoted(missing)), but the file has nothing for it")
    }
  }

  private func stripped(_ name: String) -> Substring {
    for prefix in ["base_model.model.", "base_model."] where name.hasPrefix(prefix) {
      return name.dropFirst(prefix.count)
    }
    return name[...]
  }

  private func module(of entry: TensorEntry, before mark: String) throws -> (path: ModulePath, part: String) {
    let name = stripped(entry.name)
    guard let range = name.range(of: mark), let path = names.projection(name[..<range.lowerBound]) else {
      throw fault(entry, "belongs to no projection of the base's encoder, so it can't be honoured")
    }
    return (path, String(name[name.index(after: range.lowerBound)...]))
  }

  private func fault(_ entry: TensorEntry, _ reason: String) -> ExchangeError {
    .tensor(file: tensors.path, name: entry.name, reason: reason)
  }
}
