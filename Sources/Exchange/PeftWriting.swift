import GraftCore
import GraftSupport

/// Returns the files that peft's `from_pretrained` reads.
func peftFiles(_ source: ExportSource) throws -> [String: [UInt8]] {
  guard source.adapter.extras.head == nil else {
    throw source.refusal("the structure of the head is not supported; export it to adapterhub")
  }
  let carried = try carriedModules(source)
  guard let method = source.adapter.method as? any PeftExchangeable else {
    throw source.unsupported(by: .peft)
  }
  let content = try method.peftContent(of: source.exported)
  let common: [String: JSONValue] = [
    "peft_type": .string(content.type), "task_type": "SEQ_CLS",
    "base_model_name_or_path": .string(source.file.metadata.base.name), "inference_mode": true,
    "modules_to_save": .strings(savedModules(source) + carried.modules),
  ]
  var options = content.config.merging(common) { $1 }
  if !carried.biases.isEmpty {
    guard options["bias"] != nil else {
      throw source.refusal(
        "the adapter contains single biases of the base, which peft does not support for \(source.title)")
    }
    options["bias"] = "all"
  }
  let others = source.head.map { ExportedTensor(source.names.foreign($0.name), $0) } + carried.tensors
  return [
    "adapter_config.json": try source.json(options),
    "adapter_model.safetensors": try source.tensors(
      content.tensors
        + others.map { ExportedTensor("\(content.prefix)\($0.name)", shape: $0.shape, values: $0.values) }),
  ]
}

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
  modules: [String], biases: [String], tensors: [ExportedTensor]
) {
  let targets = Set(source.adapter.targets.map(\.description))
  var modules: [String] = []
  var biases: [String] = []
  var tensors: [ExportedTensor] = []
  let parameters = Dictionary(source.carried.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  for parameter in source.carried {
    let module = String(parameter.name[..<(parameter.name.lastIndex(of: ".") ?? parameter.name.endIndex)])
    let name = source.names.foreign(module)
    if parameter.name.hasSuffix(".bias"), parameters["\(module).weight"] == nil {
      biases.append(parameter.name)
      let place = targets.contains(module) ? "\(name).base_layer" : name
      tensors.append(ExportedTensor("\(place).bias", parameter))
      continue
    }
    guard !targets.contains(module) else {
      throw source.refusal(
        "\(name) has both \(source.title) and a new weight, and peft supports only one of them for a module")
    }
    if !modules.contains(name) { modules.append(name) }
    tensors.append(ExportedTensor(source.names.foreign(parameter.name), parameter))
    // peft saves a module as a whole, so add the base's bias if the adapter has none.
    let bias = "\(module).bias"
    if !parameter.name.hasSuffix(".bias"), parameters[bias] == nil, let baseBias = source.names.parameters[bias] {
      tensors.append(ExportedTensor(source.names.foreign(bias), baseBias))
    }
  }
  return (modules, biases, tensors)
}
