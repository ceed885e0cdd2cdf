import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// Reads what AdapterHub's adapters, or adapter-transformers before it, writes with `use_safetensors=True`: bottlenecks (Houlsby,
/// Pfeiffer, parallel) and LoRA, each with its head.
///
/// What differs between versions follows the library's own loader; `Docs/adapter-format.md` lists it.
func readAdapterHub(_ folder: ForeignFolder, _ names: EncoderNames) throws -> ForeignAdapter {
  var config = folder.config
  let tensors = try folder.tensors("adapter.safetensors", pickle: "pytorch_adapter.bin")
  let version = try AdapterHubVersion(try config.text("version"), in: config)
  let name = try config.text("name") ?? ""
  let baseName = try config.text("model_name")
  try requireFamily(&config, names)
  let kind = try config.text("type")
  guard kind == nil || kind == "text_task" || kind == "text_lang" else {
    throw config.error("type", "\(quoted(kind ?? "")): expected text_task or text_lang")
  }
  let options = try adapterHubOptions(&config)
  try config.finish(ignoring: ["config_id", "model_class"])
  guard !name.isEmpty else { throw config.error("name", "is missing") }
  var reading = AdapterHubReading(
    names: names, tensors: tensors, name: name, version: version, isTask: kind == "text_task", config: options)
  let architecture = try reading.config.text("architecture")
  let method: [String: JSONValue] =
    switch architecture {
    case nil, "bottleneck": try reading.bottleneck()
    case "lora": try reading.lora()
    case let other?:
      throw reading.config.error(
        "architecture", "\(quoted(other)): bottleneck adapters and lora can be imported")
    }
  let head = try readAdapterHubHead(folder, names)
  return ForeignAdapter(
    toolkit: "adapters", kind: ("config.architecture", architecture ?? "bottleneck"), baseName: baseName,
    method: method,
    values: reading.values.merging(head?.values ?? [:]) { $1 }, labels: head?.labels,
    extras: AdapterExtras(head: head?.shape), notes: head?.notes ?? [])
}

/// The base's family and width must be those that the file names.
func requireFamily(_ config: inout ForeignConfig, _ names: EncoderNames) throws {
  if let type = try config.text("model_type"), type != names.family.name {
    throw config.error("model_type", "is \(quoted(type)), the base's is '\(names.family.name)'")
  }
  if let width = try config.whole("hidden_size"), width != names.width {
    throw config.error("hidden_size", "is \(width), the base's is \(names.width)")
  }
}

struct AdapterHubReading {
  let names: EncoderNames
  let tensors: SafetensorsFile
  /// The adapter's name, which stands in every key.
  let name: String
  let version: AdapterHubVersion
  /// Whether the file says that it is for a task, as adapter-transformers wrote.
  let isTask: Bool
  var config: ForeignConfig
  var values: [String: ForeignTensor] = [:]

  mutating func lora() throws -> [String: JSONValue] {
    let mode = try config.text("composition_mode") ?? "add"
    guard mode == "add" else {
      throw config.error("composition_mode", "\(quoted(mode)): only add, which is LoRA, can be imported")
    }
    let rank = try config.whole("r", from: 1, to: 16384) ?? 8
    var alpha = try config.number("alpha") ?? 8
    // Trained without the scale alpha / r, and so read without it.
    if version.ignoredLoRAScale { alpha = Double(rank) }
    guard Allowed.fitsFloat(alpha / Double(rank)) else {
      throw config.error("alpha", "\(alpha) over r, which is \(rank), is out of a 32-bit float's range")
    }
    let dropout = try config.probability("dropout")
    // Which modules there are, the tensors say.
    try config.finish(ignoring: [
      "attn_matrices", "selfattn_lora", "intermediate_lora", "output_lora", "leave_out", "init_weights",
      "init_weights_seed", "dtype",
    ])
    var modules: Set<ModulePath> = []
    for entry in tensors.entries {
      let own = names.own(entry.name)
      let parts = [".loras.\(name).lora_A": "lora_A", ".loras.\(name).lora_B": "lora_B"]
      guard let (end, part) = parts.first(where: { own.hasSuffix($0.key) }),
        let path = names.projection(own.dropLast(end.count))
      else { throw error(entry, "belongs to no projection of the base's encoder, so it can't be honoured") }
      modules.insert(path)
      values[path.parameter(part)] = try ForeignTensor(entry, of: tensors)
    }
    return [
      "name": .string("lora"), "rank": .number(Double(rank)), "alpha": .number(alpha), "dropout": .number(dropout),
      "targets": .array(names.selectors(modules).map(JSONValue.string)),
    ]
  }

  mutating func bottleneck() throws -> [String: JSONValue] {
    let placement = try placement()
    var method: [String: JSONValue] = [
      "name": .string("houlsby"), "placement": .string(placement), "activation": .string(try activation()),
      "scale": .number(try scale()), "dropout": .number(try config.probability("dropout")), "init": .string("bert"),
    ]
    // Before the tensors: where a key is the cause, it is named.
    try passOverInvertible()
    try config.finish(ignoring: [
      "reduction_factor", "leave_out", "init_weights", "init_weights_seed", "factorized_phm_W", "factorized_phm_rule",
      "hypercomplex_nonlinearity", "learn_phm", "phm_bias", "phm_c_init", "phm_dim", "phm_init_range", "phm_rank",
      "shared_W_phm", "shared_phm_rule", "inv_adapter_reduction_factor", "stochastic_depth",
      // Of fusion, in the first versions.
      "attention_type",
    ])
    var (paths, widths): ([ModulePath], Set<Int>) = ([], [])
    for entry in tensors.entries {
      let (path, part) = try subLayer(of: entry)
      if part == "adapter_down.weight" {
        paths.append(path)
        widths.insert(entry.shape.first ?? 0)
      }
      values[path.parameter(part)] = try ForeignTensor(entry, of: tensors)
    }
    guard !widths.isEmpty else {
      throw config.error("leave_out", "leaves no layer with an adapter: the file has no tensors of one")
    }
    guard let width = widths.first, widths.count == 1 else {
      throw config.error("reduction_factor", "layers of different bottlenecks can't be honoured")
    }
    method["bottleneck"] = .number(Double(width))
    let found = Set(paths)
    let all = placement == "both" ? names.attentions + names.feedForwards : names.feedForwards
    if found != Set(all) { method["targets"] = .array(all.filter(found.contains).map { .string($0.description) }) }
    return method
  }

  private mutating func placement() throws -> String {
    // The value that all three have, and that the library takes where an older version did not write the key.
    for (key, common) in [
      ("original_ln_after", true), ("residual_before_ln", true), ("adapter_residual_before_ln", false),
      ("ln_before", false),
      ("ln_after", false),
    ] where try config.flag(key, default: common) != common {
      throw config.error(key, "is \(!common), but only bottleneck adapters with \(common) can be imported")
    }
    let keys = ["mh_adapter", "output_adapter", "is_parallel", "original_ln_before"]
    let flags = try keys.map { try config.flag($0) }
    // Without `original_ln_before` each sub-layer works as both of Houlsby's do.
    let known: [[Bool]: String] = [
      [true, true, false, false]: "both", [true, false, false, false]: "both", [false, true, false, false]: "both",
      [false, true, false, true]: "feed_forward", [false, true, true, false]: "parallel",
    ]
    guard let placement = known[flags] else {
      let found = zip(keys, flags).map { "\($0) \($1)" }.joined(separator: ", ")
      throw config.error("mh_adapter", "neither Houlsby's, nor Pfeiffer's, nor the parallel placement: \(found)")
    }
    return placement
  }

  private mutating func activation() throws -> String {
    let name = version.currentName(ofActivation: try config.text("non_linearity") ?? "relu")
    guard let activation = adapterHubActivations[name.lowercased()] else {
      throw config.error(
        "non_linearity",
        "\(quoted(name)) is not supported; known are \(adapterHubActivations.keys.sorted().joined(separator: ", "))")
    }
    return activation.rawValue
  }

  private mutating func scale() throws -> Double {
    guard case .string = config.value("scaling") else { return try config.number("scaling") ?? 1 }
    throw config.error("scaling", "a scale that was learnt can't be honoured")
  }

  /// Old task adapters name invertible adapters that they neither trained nor saved; the library drops those.
  private mutating func passOverInvertible() throws {
    guard isTask, !tensors.entries.contains(where: { $0.name.contains("invertible") }) else { return }
    _ = config.value("inv_adapter")
    _ = config.value("invertible_adapter")
  }

  private func subLayer(of entry: TensorEntry) throws -> (path: ModulePath, part: String) {
    let own = version.currentName(ofTensor: names.own(entry.name))
    let mark = ".adapters.\(name)."
    guard let range = own.range(of: mark) else { throw error(entry, "can't be honoured") }
    // The library keeps them at the dense layer after a sub-layer, or in DistilBERT beside the block's own modules.
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
      throw error(entry, "belongs to no sub-layer of the base's encoder, so it can't be honoured")
    }
    return (path, part)
  }

  private func error(_ entry: TensorEntry, _ reason: String) -> ExchangeError {
    .tensor(file: tensors.path, name: entry.name, reason: reason)
  }
}
