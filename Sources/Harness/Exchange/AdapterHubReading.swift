import GraftCore
import GraftSafetensors
import GraftSupport

/// Reads what AdapterHub's adapters writes with `use_safetensors=True`: bottlenecks (Houlsby, Pfeiffer, parallel) and LoRA.
func readAdapterHub(_ folder: ForeignFolder, _ names: EncoderNames) throws -> ForeignAdapter {
  var config = folder.config
  let tensors = try folder.tensors("adapter.safetensors", pickle: "pytorch_adapter.bin")
  let (_, name, baseName) = (
    try config.text("version"), try config.text("name"), try config.text("model_name")
  )
  for key in ["hidden_size", "model_class", "model_type"] { _ = config.value(key) }
  if let width = try config.whole("hidden_size"), width != names.width {
    throw config.fault("hidden_size", "is \(width), the base's is \(names.width)")
  }
  var options = try config.object("config")
  try config.finish(ignoring: [])
  guard let name, !name.isEmpty else { throw config.fault("name", "is missing") }
  var reading = AdapterHubReading(names: names, tensors: tensors, name: name, config: options)
  let method =
    try options.has("architecture") && options.text("architecture") == "lora" ? reading.lora() : reading.bottleneck()
  let (head, labels) = try readHead(folder, names)
  return ForeignAdapter(
    toolkit: "adapters", baseName: baseName, method: method, values: reading.values.merging(head) { $1 }, labels: labels
  )
}

/// The head's own files: of a model with one head, whose parameters have their own names.
private func readHead(_ folder: ForeignFolder, _ names: EncoderNames) throws -> ([String: ForeignTensor], [String]?) {
  guard folder.has("head_config.json") else { return ([:], nil) }
  var config = try ForeignConfig(file: "\(folder.path)/head_config.json")
  guard case .null = config.value("config") else {
    throw config.fault(
      "config", "a head of adapters' own kind can't be honoured; save it from a ForSequenceClassification model")
  }
  let labels = try config.numbers("label2id").sorted { $0.value < $1.value }
  guard labels.enumerated().allSatisfy({ Double($0) == $1.value }) else {
    throw config.fault("label2id", "expected 0, 1, …")
  }
  if let count = try config.whole("num_labels", from: 1), !labels.isEmpty, count != labels.count {
    throw config.fault("num_labels", "is \(count), but label2id has \(labels.count)")
  }
  try config.finish(ignoring: ["hidden_size", "model_class", "model_name", "model_type", "name", "version"])
  let tensors = try folder.tensors("model_head.safetensors", pickle: "pytorch_model_head.bin")
  var values: [String: ForeignTensor] = [:]
  for entry in tensors.entries { values[names.own(entry.name)] = try ForeignTensor(entry, of: tensors) }
  return (values, labels.isEmpty ? nil : labels.map(\.key))
}

private struct AdapterHubReading {
  let names: EncoderNames
  let tensors: SafetensorsFile
  /// The adapter's name, which stands in every key.
  let name: String
  var config: ForeignConfig
  var values: [String: ForeignTensor] = [:]

  init(names: EncoderNames, tensors: SafetensorsFile, name: String, config: ForeignConfig) {
    (self.names, self.tensors, self.name, self.config) = (names, tensors, name, config)
  }

  mutating func lora() throws -> [String: JSONValue] {
    _ = try config.text("architecture")
    guard try config.text("composition_mode") ?? "add" == "add" else {
      throw config.fault("composition_mode", "expected add")
    }
    let rank = try config.whole("r", from: 1) ?? 8
    var modules: Set<ModulePath> = []
    for entry in tensors.entries {
      let own = names.own(entry.name)
      let parts = [".loras.\(name).lora_A": "lora_A", ".loras.\(name).lora_B": "lora_B"]
      guard let (end, part) = parts.first(where: { own.hasSuffix($0.key) }),
        let path = names.projection(own.dropLast(end.count))
      else { throw fault(entry, "belongs to no projection of the base's encoder, so it can't be honoured") }
      modules.insert(path)
      values[path.parameter(part)] = try ForeignTensor(entry, of: tensors)
    }
    let method: [String: JSONValue] = [
      "name": .string("lora"), "rank": .number(Double(rank)), "alpha": .number(try config.number("alpha") ?? 8),
      "dropout": .number(try config.number("dropout") ?? 0),
      "targets": .array(names.selectors(modules).map(JSONValue.string)),
    ]
    // Which modules there are, the tensors say.
    try config.finish(ignoring: [
      "attn_matrices", "selfattn_lora", "intermediate_lora", "output_lora", "leave_out", "init_weights",
      "init_weights_seed",
      "dtype",
    ])
    return method
  }

  mutating func bottleneck() throws -> [String: JSONValue] {
    var (paths, widths): ([ModulePath], Set<Int>) = ([], [])
    for entry in tensors.entries {
      let (path, part) = try subLayer(of: entry)
      if part == "adapter_down.weight" {
        paths.append(path)
        widths.insert(entry.shape.first ?? 0)
      }
      values[path.parameter(part)] = try ForeignTensor(entry, of: tensors)
    }
    guard let width = widths.first, widths.count == 1 else {
      throw config.fault("reduction_factor", "layers of different bottlenecks can't be honoured")
    }
    let placement = try placement()
    let found = Set(paths)
    let all = placement == "both" ? names.attentions + names.feedForwards : names.feedForwards
    var method: [String: JSONValue] = [
      "name": .string("houlsby"), "placement": .string(placement), "bottleneck": .number(Double(width)),
      "activation": .string(try activation()), "scale": .number(try scale()),
      "dropout": .number(try config.number("dropout") ?? 0), "init": .string("bert"),
    ]
    if found != Set(all) { method["targets"] = .array(all.filter(found.contains).map { .string($0.description) }) }
    try config.finish(ignoring: [
      "reduction_factor", "leave_out", "init_weights", "init_weights_seed", "factorized_phm_W", "factorized_phm_rule",
      "hypercomplex_nonlinearity", "learn_phm", "phm_bias", "phm_c_init", "phm_dim", "phm_init_range", "phm_rank",
      "shared_W_phm", "shared_phm_rule", "inv_adapter_reduction_factor", "stochastic_depth",
    ])
    return method
  }

  private mutating func placement() throws -> String {
    let keys = [
      "mh_adapter", "output_adapter", "is_parallel", "original_ln_before", "original_ln_after", "residual_before_ln",
      "adapter_residual_before_ln",
    ]
    let flags = try keys.map { try config.flag($0) }
    let known: [[Bool]: String] = [
      [true, true, false, false, true, true, false]: "both",
      [false, true, false, true, true, true, false]: "feed_forward",
      [false, true, true, false, true, true, false]: "parallel",
    ]
    guard let placement = known[flags] else {
      let found = zip(keys, flags).map { "\($0) \($1)" }.joined(separator: ", ")
      throw config.fault("mh_adapter", "neither Houlsby's, nor Pfeiffer's, nor the parallel placement: \(found)")
    }
    return placement
  }

  private mutating func activation() throws -> String {
    let name = try config.text("non_linearity") ?? "relu"
    let known = ["relu": "relu", "gelu": "gelu", "swish": "swish", "silu": "swish", "tanh": "tanh"]
    guard let activation = known[name.lowercased()] else {
      throw config.fault("non_linearity", "\(quoted(name)): known are \(known.keys.sorted().joined(separator: ", "))")
    }
    return activation
  }

  private mutating func scale() throws -> Double {
    guard case .string = config.value("scaling") else { return try config.number("scaling") ?? 1 }
    throw config.fault("scaling", "a scale that was learnt can't be honoured")
  }

  private func subLayer(of entry: TensorEntry) throws -> (path: ModulePath, part: String) {
    let own = names.own(entry.name)
    let mark = ".adapters.\(name)."
    guard let range = own.range(of: mark) else { throw fault(entry, "can't be honoured") }
    // The library keeps them at the dense layer behind a sub-layer, or in DistilBERT beside the block's own modules.
    let place = String(own[..<range.lowerBound])
    let all = names.attentions + names.feedForwards
    let path = all.first { path in
      let text = path.description
      return place == "\(text).output" && names.attentions.contains(path)
        || place == text && names.feedForwards.contains(path)
        || place == text.dropLast("attention".count) + "attention_adapters" && text.hasSuffix(".attention")
        || place == text.dropLast("ffn".count) + "output_adapters" && text.hasSuffix(".ffn")
    }
    let part = String(own[range.upperBound...]).replacing("adapter_down.0.", with: "adapter_down.")
    let known = ["adapter_down.weight", "adapter_down.bias", "adapter_up.weight", "adapter_up.bias"]
    guard let path, known.contains(part) else {
      throw fault(entry, "belongs to no sub-layer of the base's encoder, so it can't be honoured")
    }
    return (path, part)
  }

  private func fault(_ entry: TensorEntry, _ reason: String) -> ExchangeError {
    .tensor(file: tensors.path, name: entry.name, reason: reason)
  }
}
