import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// Reads what AdapterHub's adapters or its predecessor adapter-transformers writes with `use_safetensors=True`: bottleneck
/// adapters (Houlsby, Pfeiffer, parallel) and LoRA, each with its head.
///
/// Differences between versions are handled as in the library's loader; `Docs/adapter-format.md` lists them.
func readAdapterHub(_ folder: ForeignFolder, _ names: EncoderNames) throws -> ForeignAdapter {
  var config = folder.config
  let tensors = try folder.tensors("adapter.safetensors", pickle: "pytorch_adapter.bin")
  let version = try AdapterHubVersion(try config.text("version"), in: config)
  let name = try config.text("name") ?? ""
  let baseName = try config.text("model_name")
  try requireFamily(&config, names)
  let kind = try config.text("type")
  guard kind == nil || kind == "text_task" || kind == "text_lang" else {
    throw config.error("type", "\(quoted(kind ?? "")) is not supported, expected text_task or text_lang")
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
        "architecture", "\(quoted(other)) is not supported, expected 'bottleneck' or 'lora'")
    }
  let head = try readAdapterHubHead(folder, names)
  return ForeignAdapter(
    toolkit: "adapters", kind: ("config.architecture", architecture ?? "bottleneck"), baseName: baseName,
    method: method,
    values: reading.values.merging(head?.values ?? [:]) { $1 }, labels: head?.labels,
    extras: AdapterExtras(head: head?.shape), notes: head?.notes ?? [])
}

/// Checks that the base has the family and the width that the configuration names.
func requireFamily(_ config: inout ForeignConfig, _ names: EncoderNames) throws {
  if let type = try config.text("model_type"), type != names.family.name {
    throw config.error("model_type", "is \(quoted(type)), expected '\(names.family.name)' as in the base")
  }
  if let width = try config.whole("hidden_size"), width != names.width {
    throw config.error("hidden_size", "is \(width), expected \(names.width) as in the base")
  }
}

struct AdapterHubReading {
  let names: EncoderNames
  let tensors: SafetensorsFile
  /// The adapter's name, which is part of every key.
  let name: String
  let version: AdapterHubVersion
  /// Whether the file has the type `text_task`, which adapter-transformers wrote.
  let isTask: Bool
  var config: ForeignConfig
  var values: [String: ForeignTensor] = [:]

  mutating func lora() throws -> [String: JSONValue] {
    let mode = try config.text("composition_mode") ?? "add"
    guard mode == "add" else {
      throw config.error("composition_mode", "\(quoted(mode)) is not supported, expected 'add', which is LoRA")
    }
    let rank = try config.whole("r", from: 1, to: 16384) ?? 8
    var alpha = try config.number("alpha") ?? 8
    // The adapter was trained without the scale alpha / r, so alpha = r gives the scale 1.
    if version.ignoredLoRAScale { alpha = Double(rank) }
    guard Allowed.fitsFloat(alpha / Double(rank)) else {
      throw config.error("alpha", "\(alpha) over r, which is \(rank), is out of a 32-bit float's range")
    }
    let dropout = try config.probability("dropout")
    // The tensors determine the modules.
    try config.finish(ignoring: [
      "attn_matrices", "selfattn_lora", "intermediate_lora", "output_lora", "leave_out", "init_weights",
      "init_weights_seed", "dtype",
    ])
    var modules: Set<ModulePath> = []
    for entry in tensors.entries {
      let key = names.localName(entry.name)
      let parts = [".loras.\(name).lora_A": "lora_A", ".loras.\(name).lora_B": "lora_B"]
      guard let (end, part) = parts.first(where: { key.hasSuffix($0.key) }),
        let path = names.projection(key.dropLast(end.count))
      else { throw error(entry, "belongs to no projection of the base's encoder, so it can't be imported") }
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
    // Check the keys before the tensors, so that an error names the key that causes it.
    try ignoreUntrainedInvertible()
    try config.finish(ignoring: [
      "reduction_factor", "leave_out", "init_weights", "init_weights_seed", "factorized_phm_W", "factorized_phm_rule",
      "hypercomplex_nonlinearity", "learn_phm", "phm_bias", "phm_c_init", "phm_dim", "phm_init_range", "phm_rank",
      "shared_W_phm", "shared_phm_rule", "inv_adapter_reduction_factor", "stochastic_depth",
      // A fusion option that the first versions wrote.
      "attention_type",
    ])
    var paths: [ModulePath] = []
    var widths: Set<Int> = []
    for entry in tensors.entries {
      let (path, part) = try subLayer(of: entry)
      if part == "adapter_down.weight" {
        paths.append(path)
        widths.insert(entry.shape.first ?? 0)
      }
      values[path.parameter(part)] = try ForeignTensor(entry, of: tensors)
    }
    guard !widths.isEmpty else {
      throw config.error("leave_out", "leaves no layer with an adapter, and the file has no adapter tensors")
    }
    guard let width = widths.first, widths.count == 1 else {
      throw config.error("reduction_factor", "layers with different bottleneck widths are not supported")
    }
    method["bottleneck"] = .number(Double(width))
    let present = Set(paths)
    let all = placement == "both" ? names.attentions + names.feedForwards : names.feedForwards
    if present != Set(all) { method["targets"] = .array(all.filter(present.contains).map { .string($0.description) }) }
    return method
  }

  private mutating func placement() throws -> String {
    // All three placements have these values. They are also the library's defaults for keys that older versions did not write.
    for (key, expected) in [
      ("original_ln_after", true), ("residual_before_ln", true), ("adapter_residual_before_ln", false),
      ("ln_before", false),
      ("ln_after", false),
    ] where try config.flag(key, default: expected) != expected {
      throw config.error(key, "\(!expected) is not supported for bottleneck adapters, expected \(expected)")
    }
    let keys = ["mh_adapter", "output_adapter", "is_parallel", "original_ln_before"]
    let flags = try keys.map { try config.flag($0) }
    // Without `original_ln_before`, each sub-layer works like the two in Houlsby's placement.
    let known: [[Bool]: String] = [
      [true, true, false, false]: "both", [true, false, false, false]: "both", [false, true, false, false]: "both",
      [false, true, false, true]: "feed_forward", [false, true, true, false]: "parallel",
    ]
    guard let placement = known[flags] else {
      let values = zip(keys, flags).map { "\($0) \($1)" }.joined(separator: ", ")
      throw config.error(
        "mh_adapter", "expected the placement of Houlsby, Pfeiffer, or parallel adapters, got \(values)")
    }
    return placement
  }

  private mutating func activation() throws -> String {
    let name = version.currentName(ofActivation: try config.text("non_linearity") ?? "relu")
    guard let activation = adapterHubActivations[name.lowercased()] else {
      throw config.error(
        "non_linearity",
        "\(quoted(name)) is not supported, expected one of "
          + "\(adapterHubActivations.keys.sorted().joined(separator: ", "))"
      )
    }
    return activation.rawValue
  }

  private mutating func scale() throws -> Double {
    guard case .string = config.value("scaling") else { return try config.number("scaling") ?? 1 }
    throw config.error("scaling", "a learned scale is not supported, expected a number")
  }

  /// Ignores the keys for invertible adapters in old task adapters, which neither trained nor saved them. The library ignores
  /// them too.
  private mutating func ignoreUntrainedInvertible() throws {
    guard isTask, !tensors.entries.contains(where: { $0.name.contains("invertible") }) else { return }
    _ = config.value("inv_adapter")
    _ = config.value("invertible_adapter")
  }

  /// Returns the sub-layer that a tensor belongs to, and the name of the part.
  private func subLayer(of entry: TensorEntry) throws -> (path: ModulePath, part: String) {
    let key = version.currentName(ofTensor: names.localName(entry.name))
    let mark = ".adapters.\(name)."
    guard let range = key.range(of: mark) else {
      throw error(entry, "is not a tensor of the adapter \(quoted(name)), so it can't be imported")
    }
    // The library stores bottlenecks in the dense layer after a sub-layer; in DistilBERT, next to the block's modules.
    let place = String(key[..<range.lowerBound])
    let all = names.attentions + names.feedForwards
    let path = all.first { path in
      let text = path.description
      return place == "\(text).output" && names.attentions.contains(path)
        || place == text && names.feedForwards.contains(path)
        || place == text.dropLast("attention".count) + "attention_adapters" && text.hasSuffix(".attention")
        || place == text.dropLast("ffn".count) + "output_adapters" && text.hasSuffix(".ffn")
    }
    let part = String(key[range.upperBound...]).replacing("adapter_down.0.", with: "adapter_down.")
    let known = ["adapter_down.weight", "adapter_down.bias", "adapter_up.weight", "adapter_up.bias"]
    guard let path, known.contains(part) else {
      throw error(entry, "belongs to no sub-layer of the base's encoder, so it can't be imported")
    }
    return (path, part)
  }

  private func error(_ entry: TensorEntry, _ reason: String) -> ExchangeError {
    .tensor(file: tensors.path, name: entry.name, reason: reason)
  }
}
