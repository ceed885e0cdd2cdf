import GraftCore
import GraftSupport
import GraftTransformer

/// Returns the files that AdapterHub's `load_adapter` reads with `use_safetensors=True`.
func adapterHubFiles(_ source: ExportSource) throws -> [String: [UInt8]] {
  if let name = source.adapter.carried.first {
    throw source.refusal(
      "the adapter contains base parameters, such as \(name), which the format does not support; export it to peft")
  }
  let (config, tensors) =
    switch source.method {
    case "houlsby": try bottleneck(source)
    case "lora": try lora(source)
    default:
      throw source.refusal(
        "the method '\(source.method)' is not supported, expected Houlsby, Pfeiffer, or parallel adapters, or LoRA")
    }
  let labels = source.file.metadata.labels
  let shape = source.adapter.extras.head
  let model: [String: JSONValue] = [
    "hidden_size": .number(Double(source.names.width)),
    "model_class": .string(
      shape == nil
        ? source.configuration.family.classifierArchitecture
        : source.configuration.family.classifierArchitecture.replacing(
          "ForSequenceClassification", with: "AdapterModel")),
    "model_name": .string(source.file.metadata.base.name), "model_type": .string(source.configuration.family.name),
    "version": .string("adapters.1.3.0"),
  ]
  let ids = JSONValue.object(Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, .number(Double($0))) }))
  let head: [String: JSONValue] =
    shape.map { ["config": .object(flexConfig($0, labels: labels.count, ids)), "name": .string(adapterName)] }
    ?? ["config": .null, "name": .null, "num_labels": .number(Double(labels.count)), "label2id": ids]
  return [
    "adapter_config.json": try source.json(
      model.merging(["config": .object(config), "name": .string(adapterName)]) { $1 }, factors: ["scaling"]),
    "adapter.safetensors": try source.tensors(tensors),
    "head_config.json": try source.json(model.merging(head) { $1 }),
    "model_head.safetensors": try source.tensors(
      source.head.map { (headName($0.name, shape, source.names), $0.shape, Array($0.values)) }),
  ]
}

/// Returns the configuration of a flex head.
private func flexConfig(_ shape: StackedHead.Shape, labels: Int, _ ids: JSONValue) -> [String: JSONValue] {
  [
    "head_type": .string("classification"), "num_labels": .number(Double(labels)), "label2id": ids,
    "layers": .number(Double(shape.layers)), "use_pooler": .bool(shape.pooler), "bias": .bool(shape.bias),
    "activation_function": shape.activation.map { .string($0.rawValue) } ?? .null,
    "dropout_prob": shape.dropout.map(JSONValue.number) ?? .null,
  ]
}

/// Returns AdapterHub's name of a head parameter. The projections of a flex head are numbered among dropouts and activations.
private func headName(_ name: String, _ shape: StackedHead.Shape?, _ names: EncoderNames) -> String {
  let parts = name.split(separator: ".")
  guard let shape, parts.count == 3, let layer = Int(parts[1]) else { return names.foreign(name) }
  return "heads.\(adapterName).\(shape.flexIndex(of: layer)).\(parts[2])"
}

/// The adapter's name in the exported files, which is part of every key.
private let adapterName = "graft"

private typealias NamedValues = (name: String, shape: [Int], values: [Float])

private func bottleneck(_ source: ExportSource) throws -> ([String: JSONValue], [NamedValues]) {
  guard !source.flag("train_layer_norm") else {
    throw source.refusal("trained layer norms are not supported; train without train_layer_norm")
  }
  let placement = source.text("placement") ?? "both"
  let flags: [String: Bool] = [
    "mh_adapter": placement == "both", "output_adapter": true, "is_parallel": placement == "parallel",
    "original_ln_before": placement == "feed_forward", "original_ln_after": true, "residual_before_ln": true,
    "adapter_residual_before_ln": false, "ln_before": false, "ln_after": false, "cross_adapter": false,
    "use_gating": false, "phm_layer": false,
  ]
  let downs = source.own.filter { $0.name.hasSuffix(".adapter_down.weight") }
  guard let width = downs.first?.rows else { throw source.refusal("the adapter has no bottlenecks") }
  let paths = Set(downs.map { ModulePath(String($0.name.dropLast(".adapter_down.weight".count))) })
  var config = flags.mapValues { JSONValue.bool($0) }
  config["non_linearity"] = .string(source.text("activation") ?? (placement == "both" ? "swish" : "relu"))
  config["scaling"] = .number(source.number("scale") ?? 1)
  config["dropout"] = .number(source.number("dropout") ?? 0)
  config["reduction_factor"] = .number(reduction(source.names.width, to: width))
  config["init_weights"] = .string("bert")
  config["inv_adapter"] = .null
  config["leave_out"] = .array(try leftOut(paths, placement, source).map { .number(Double($0)) })
  let tensors = source.own.map { parameter -> NamedValues in
    let path = paths.first { parameter.name.hasPrefix("\($0).adapter_") } ?? ""
    let part = parameter.name.dropFirst(path.description.count + 1).replacing("adapter_down.", with: "adapter_down.0.")
    return ("\(place(of: path, source)).adapters.\(adapterName).\(part)", parameter.shape, Array(parameter.values))
  }
  return (config, tensors)
}

/// Returns a reduction factor with which the library's integer division of the width results in the bottleneck width.
private func reduction(_ width: Int, to bottleneck: Int) -> Double {
  let width = Double(width)
  var factor = width / Double(bottleneck)
  // Python's floor division uses the exact remainder: 32 // 6.4 is 4, not 5.
  while ((width - width.truncatingRemainder(dividingBy: factor)) / factor).rounded() < Double(bottleneck) {
    factor = factor.nextDown
  }
  return factor
}

/// Returns the layers without bottlenecks. A layer must have all bottlenecks of the placement or none.
private func leftOut(_ paths: Set<ModulePath>, _ placement: String, _ source: ExportSource) throws -> [Int] {
  try source.names.feedForwards.indices.filter { layer in
    let all = (placement == "both" ? [source.names.attentions[layer]] : []) + [source.names.feedForwards[layer]]
    let present = all.filter(paths.contains).count
    guard present == 0 || present == all.count else {
      throw source.refusal("layer \(layer) has a bottleneck after only one of its sub-layers, which is not supported")
    }
    return present == 0
  }
}

/// Returns the library's module name for a sub-layer's bottleneck.
private func place(of path: ModulePath, _ source: ExportSource) -> String {
  let name = source.names.foreign(path.description)
  if name.hasSuffix(".ffn") { return "\(name.dropLast("ffn".count))output_adapters" }
  guard source.names.attentions.contains(path) else { return name }
  return source.configuration.family.name == "distilbert"
    ? "\(name.dropLast("attention".count))attention_adapters" : "\(name).output"
}

private func lora(_ source: ExportSource) throws -> ([String: JSONValue], [NamedValues]) {
  if source.flag("dora") { throw source.refusal("DoRA is not supported; export it to peft") }
  if source.flag("rank_stabilized") {
    throw source.refusal("a rank-stabilized scale is not supported; export it to peft")
  }
  if case .array(let overrides)? = source.options["overrides"], !overrides.isEmpty {
    throw source.refusal("LoRA with overrides is not supported; export it to peft")
  }
  let modules = source.modules(with: "lora_A")
  let letters: [Role: String] = [.query: "q", .key: "k", .value: "v"]
  let roles = Set(modules.map(\.role))
  if roles.contains(.attentionOutput) || roles.contains(.pooler) {
    throw source.refusal("LoRA on the attention's output projection or the pooler is not supported; export it to peft")
  }
  let layers = Set(modules.map(\.layer))
  for role in roles where Set(modules.filter { $0.role == role }.map(\.layer)) != layers {
    throw source.refusal("LoRA on different projections in different layers is not supported; export it to peft")
  }
  let config: [String: JSONValue] = [
    "architecture": .string("lora"), "r": .number(source.number("rank") ?? 8),
    "alpha": .number(source.number("alpha") ?? 16),
    "dropout": .number(source.number("dropout") ?? 0), "composition_mode": .string("add"), "use_gating": .bool(false),
    "init_weights": .string("lora"), "selfattn_lora": .bool(!roles.isDisjoint(with: letters.keys)),
    "intermediate_lora": .bool(roles.contains(.feedForwardIn)), "output_lora": .bool(roles.contains(.feedForwardOut)),
    "attn_matrices": .array(roles.compactMap { letters[$0] }.sorted().map(JSONValue.string)),
    "leave_out": .array(
      source.names.feedForwards.indices.filter { !layers.contains($0) }.map { .number(Double($0)) }),
  ]
  let tensors = ["lora_A", "lora_B"].flatMap { last in
    source.modules(with: last).map { path, _, _, parameter -> NamedValues in
      (
        "\(source.names.foreign(path.description)).loras.\(adapterName).\(last)", parameter.shape,
        Array(parameter.values)
      )
    }
  }
  return (config, tensors)
}
