import GraftCore
import GraftSupport

/// Returns the files that peft's `from_pretrained` reads.
func peftFiles(_ source: ExportSource) throws -> [String: [UInt8]] {
  guard source.adapter.extras.head == nil else {
    throw source.refusal("the structure of the head is not supported; export it to adapterhub")
  }
  let carried = try carriedModules(source)
  let (config, tensors) =
    switch source.method {
    case "lora": try lora(source)
    case "prefix": try prefix(source)
    case "ia3": try ia3(source)
    default:
      throw source.refusal("the method '\(source.method)' is not supported, expected LoRA, prefix tuning, or IA3")
    }
  let common: [String: JSONValue] = [
    "task_type": .string("SEQ_CLS"), "base_model_name_or_path": .string(source.file.metadata.base.name),
    "inference_mode": .bool(true),
    "modules_to_save": .array((savedModules(source) + carried.modules).map(JSONValue.string)),
  ]
  var options = config.merging(common) { $1 }
  if !carried.biases.isEmpty {
    guard source.method == "lora" else {
      throw source.refusal("the adapter contains single biases of the base, which peft supports only for LoRA")
    }
    options["bias"] = .string("all")
  }
  let prefix = source.method == "prefix" ? "base_model." : "base_model.model."
  let others = carried.tensors.map { ("\(prefix)\($0.name)", $0.shape, $0.values) }
  return [
    "adapter_config.json": try source.json(options),
    "adapter_model.safetensors": try source.tensors(tensors + others),
  ]
}

private typealias NamedValues = (name: String, shape: [Int], values: [Float])

/// Returns the modules to save as a whole: the first components of the names of the head's parameters.
private func savedModules(_ source: ExportSource) -> [String] {
  var names: [String] = []
  for parameter in source.head {
    let first = String(parameter.name.prefix { $0 != "." })
    if !names.contains(first) { names.append(first) }
  }
  return names
}

/// Returns the base's parameters that the adapter contains: modules that peft saves as a whole, and single biases.
private func carriedModules(_ source: ExportSource) throws -> (
  modules: [String], biases: [String], tensors: [NamedValues]
) {
  let targets = Set(source.adapter.targets.map(\.description))
  var modules: [String] = []
  var biases: [String] = []
  var tensors: [NamedValues] = []
  let parameters = Dictionary(source.carried.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  for parameter in source.carried {
    let module = String(parameter.name[..<(parameter.name.lastIndex(of: ".") ?? parameter.name.endIndex)])
    let name = source.names.foreign(module)
    if parameter.name.hasSuffix(".bias"), parameters["\(module).weight"] == nil {
      biases.append(parameter.name)
      let place = targets.contains(module) ? "\(name).base_layer" : name
      tensors.append(("\(place).bias", parameter.shape, Array(parameter.values)))
      continue
    }
    guard !targets.contains(module) else {
      throw source.refusal("\(name) has both LoRA and a new weight, and peft supports only one of them for a module")
    }
    if !modules.contains(name) { modules.append(name) }
    tensors.append((source.names.foreign(parameter.name), parameter.shape, Array(parameter.values)))
    // peft saves a module as a whole, so add the base's bias if the adapter has none.
    let bias = "\(module).bias"
    if !parameter.name.hasSuffix(".bias"), parameters[bias] == nil, let baseBias = source.names.parameters[bias] {
      tensors.append((source.names.foreign(bias), baseBias.shape, Array(baseBias.values)))
    }
  }
  return (modules, biases, tensors)
}

private func head(_ source: ExportSource, under prefix: String) -> [NamedValues] {
  source.head.map { ("\(prefix)\(source.names.foreign($0.name))", $0.shape, Array($0.values)) }
}

private func lora(_ source: ExportSource) throws -> ([String: JSONValue], [NamedValues]) {
  let modules = source.modules(with: "lora_A")
  let overrides = try overrides(source)
  let rank = source.number("rank") ?? 8
  let alpha = source.number("alpha") ?? 16
  var ranks: [String: JSONValue] = [:]
  var alphas: [String: JSONValue] = [:]
  for (path, role, _, parameter) in modules {
    let key = pattern(source.names.foreign(path.description))
    if parameter.rows != Int(rank) { ranks[key] = .number(Double(parameter.rows)) }
    let moduleAlpha = overrides.first { $0.targets.match(path, role) }?.alpha ?? alpha
    if moduleAlpha != alpha { alphas[key] = .number(moduleAlpha) }
  }
  let config: [String: JSONValue] = [
    "peft_type": .string("LORA"), "r": .number(rank), "lora_alpha": .number(alpha),
    "lora_dropout": .number(source.number("dropout") ?? 0), "use_rslora": .bool(source.flag("rank_stabilized")),
    "use_dora": .bool(source.flag("dora")), "bias": .string("none"), "fan_in_fan_out": .bool(false),
    "rank_pattern": .object(ranks), "alpha_pattern": .object(alphas),
    "target_modules": .array(targets(modules.map(\.path), source).map(JSONValue.string)),
  ]
  let ends = ["lora_A": "lora_A.weight", "lora_B": "lora_B.weight", "lora_magnitude_vector": "lora_magnitude_vector"]
  let tensors = ends.sorted { $0.key < $1.key }.flatMap { last, foreign in
    source.modules(with: last).map { path, _, _, parameter -> NamedValues in
      (
        "base_model.model.\(source.names.foreign(path.description)).\(foreign)", parameter.shape,
        Array(parameter.values)
      )
    }
  }
  return (config, tensors + head(source, under: "base_model.model."))
}

private struct Override: Decodable {
  let targets: TargetModules
  let alpha: Double?
}

private func overrides(_ source: ExportSource) throws -> [Override] {
  guard let list = source.options["overrides"] else { return [] }
  return try list.decoded()
}

/// Returns a path as a regular expression.
private func pattern(_ path: String) -> String { path.replacing(".", with: "\\.") }

/// Returns names by whose ends peft finds exactly these modules. A name is shortened if it then matches no other module.
private func targets(_ paths: [ModulePath], _ source: ExportSource) -> [String] {
  let all = source.names.projections
  let targets = Set(paths)
  var names: [String] = []
  var covered: Set<ModulePath> = []
  for path in paths where !covered.contains(path) {
    // The components after the block's number.
    let parts = path.components
    let short = parts.lastIndex { Int($0) != nil }.map { parts[($0 + 1)...].joined(separator: ".") } ?? path.description
    let matching = all.map(\.path).filter { $0.description.hasSuffix(".\(short)") }
    let isExact = matching.allSatisfy(targets.contains)
    names.append(isExact ? short : source.names.foreign(path.description))
    covered.formUnion(isExact ? matching : [path])
  }
  return names
}

/// Returns the files' content for prefix tuning. In peft, it shifts the positions, needs all layers, and runs only on BERT.
private func prefix(_ source: ExportSource) throws -> ([String: JSONValue], [NamedValues]) {
  guard source.names.shiftsPrefix else {
    throw source.refusal("prefix tuning in peft does not run on \(source.file.metadata.base.architecture)")
  }
  guard source.flag("position_shift") else {
    throw source.refusal(
      "prefix tuning in peft shifts the positions, but this adapter does not; train with position_shift: true")
  }
  let parameters = Dictionary(uniqueKeysWithValues: source.own.map { ($0.name, $0) })
  let blocks = source.names.attentions.flatMap { path in
    ["prefix_keys", "prefix_values"].map { parameters[path.parameter($0)] }
  }
  guard let length = blocks.first??.rows, blocks.allSatisfy({ $0 != nil }) else {
    throw source.refusal("prefix tuning in peft needs a prefix in every layer, but this adapter omits some layers")
  }
  let width = source.names.width
  let layers = source.names.attentions.count
  let values = (0..<length).flatMap { row in
    blocks.compactMap { $0 }.flatMap { $0.values[row * width..<(row + 1) * width] }
  }
  let config: [String: JSONValue] = [
    "peft_type": .string("PREFIX_TUNING"), "num_virtual_tokens": .number(Double(length)),
    "num_layers": .number(Double(layers)), "token_dim": .number(Double(width)),
    "num_attention_heads": .number(Double(source.configuration.headCount)), "num_transformer_submodules": .number(1),
    "encoder_hidden_size": .number(Double(width)), "prefix_projection": .bool(false),
  ]
  return (config, [("prompt_embeddings", [length, 2 * layers * width], values)] + head(source, under: "base_model."))
}

private func ia3(_ source: ExportSource) throws -> ([String: JSONValue], [NamedValues]) {
  let feedForward: TargetModules? = try source.options["feed_forward"]?.decoded()
  let modules = source.modules(with: "ia3_l")
  let inputs = modules.filter { feedForward?.match($0.path, $0.role) == true }.map(\.path)
  let config: [String: JSONValue] = [
    "peft_type": .string("IA3"), "fan_in_fan_out": .bool(false),
    "target_modules": .array(modules.map { .string(source.names.foreign($0.path.description)) }),
    "feedforward_modules": .array(inputs.map { .string(source.names.foreign($0.description)) }),
  ]
  let tensors = modules.map { path, _, _, parameter -> NamedValues in
    let shape = inputs.contains(path) ? [1, parameter.count] : [parameter.count, 1]
    return ("base_model.model.\(source.names.foreign(path.description)).ia3_l", shape, Array(parameter.values))
  }
  return (config, tensors + head(source, under: "base_model.model."))
}

extension TargetModules {
  /// Returns whether the targets include a module.
  fileprivate func match(_ path: ModulePath, _ role: Role) -> Bool {
    include.contains { $0.matches(path, role: role) } && !exclude.contains { $0.matches(path, role: role) }
  }
}
