import GraftCore
import GraftObjectives
import GraftSupport
import GraftTransformer

/// Returns the files that AdapterHub's `load_adapter` reads with `use_safetensors=True`.
func adapterHubFiles(_ source: ExportSource) throws -> [String: [UInt8]] {
  if let name = source.adapter.carried.first {
    throw source.refusal(
      "the adapter contains base parameters, such as \(name), which the format does not support; export it to peft")
  }
  guard let method = source.adapter.method as? any AdapterHubExchangeable else {
    throw source.unsupported(by: .adapterHub)
  }
  guard source.names.toolkits.adapterHub != nil else {
    throw source.refusal("the adapters library does not support \(source.names.family) models")
  }
  let content = try method.adapterHubContent(of: source.exported)
  let count = source.objective.outputCount
  let names = source.objective.labelNames
  let shape = source.adapter.extras.head
  let model: [String: JSONValue] = [
    "hidden_size": .number(Double(source.names.width)),
    "model_class": .string(
      shape == nil
        ? source.family.classifierArchitecture
        : source.family.classifierArchitecture.replacing(
          "ForSequenceClassification", with: "AdapterModel")),
    "model_name": .string(source.file.metadata.base.name), "model_type": .string(source.family.modelType),
    "version": .string("adapters.1.3.0"),
  ]
  // Names that do not belong to single outputs are not stored.
  let ids = JSONValue.object(
    names.count == count
      ? Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, .number(Double($0))) }) : [:])
  let head: [String: JSONValue] =
    try shape.map {
      ["config": .object(try flexConfig($0, source, ids)), "name": .string(AdapterHubContent.adapterName)]
    }
    ?? ["config": .null, "name": .null, "num_labels": .number(Double(count)), "label2id": ids]
  return [
    "adapter_config.json": try source.json(
      model.merging(["config": .object(content.config), "name": .string(AdapterHubContent.adapterName)]) { $1 },
      floats: content.floats),
    "adapter.safetensors": try source.tensors(content.tensors),
    "head_config.json": try source.json(model.merging(head) { $1 }),
    "model_head.safetensors": try source.tensors(
      source.head.map { ExportedTensor(headName($0.name, shape, source.names), $0) }),
  ]
}

/// Returns the configuration of a flex head.
private func flexConfig(
  _ shape: StackedHead.Shape, _ source: ExportSource, _ ids: JSONValue
) throws -> [String: JSONValue] {
  let objective = type(of: source.objective)
  guard let kind = objective.adapterHubHead else {
    throw source.refusal("the adapters library has no head for the objective \(objective.name)")
  }
  return [
    "head_type": .string(kind), "num_labels": .number(Double(source.objective.outputCount)), "label2id": ids,
    "layers": .number(Double(shape.layers)), "use_pooler": .bool(shape.pooler), "bias": .bool(shape.bias),
    "activation_function": shape.activation.map { .string($0.rawValue) } ?? .null,
    "dropout_prob": shape.dropout.map(JSONValue.number) ?? .null,
  ]
}

/// Returns AdapterHub's name of a head parameter. The projections of a flex head are numbered among dropouts and activations.
private func headName(_ name: String, _ shape: StackedHead.Shape?, _ names: EncoderNames) -> String {
  let parts = name.split(separator: ".")
  guard let shape, parts.count == 3, let layer = Int(parts[1]) else { return names.foreign(name) }
  return "heads.\(AdapterHubContent.adapterName).\(shape.flexIndex(of: layer)).\(parts[2])"
}
