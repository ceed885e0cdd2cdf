import GraftCore
import GraftObjectives
import GraftSupport
import GraftTransformer

/// The head in the folder of an AdapterHub adapter.
struct AdapterHubHead {
  /// The values by Graft's parameter names.
  var values: [String: ForeignTensor] = [:]
  /// The names of the labels, if the file has them.
  let labels: [String]?
  /// The objectives that the head may be for; `nil` if the file does not tell.
  var objectives: [String]?
  /// The structure of the head, if it differs from the base's.
  var shape: StackedHead.Shape?
  /// The number of outputs of a flex head according to its tensors; 0 if unknown.
  var outputs = 0
  /// Notes for the user.
  var notes: [String] = []
}

/// Reads `head_config.json` and `model_head.safetensors`: the head of a `ForSequenceClassification` model, or one of the
/// library's flex heads for classification.
func readAdapterHubHead(
  _ folder: ForeignFolder, _ model: SequenceClassifier, _ objectives: ObjectiveRegistry
) throws -> AdapterHubHead? {
  guard try folder.has("head_config.json") else {
    for name in ["model_head.safetensors", "pytorch_model_head.bin"] where try folder.has(name) {
      throw ExchangeError.config(
        file: "\(folder.path)/head_config.json", key: nil, reason: "is missing, but \(name) is there")
    }
    return nil
  }
  let config = try ForeignConfig(file: "\(folder.path)/head_config.json")
  let names = EncoderNames(model)
  try requireFamily(config, names)
  let modelClass = try config.text("model_class")
  let name = try config.text("name")
  _ = try config.text("version")
  _ = try config.text("model_name")
  guard case .null = config.value("config") else {
    return try flexHead(folder, model, config, objectives, name: name, modelClass: modelClass)
  }
  // Heads for token classification or multiple choice have tensors with the same names, so check the model class.
  guard modelClass == nil || modelClass == model.family.classifierArchitecture else {
    throw config.error(
      "model_class",
      "is \(quoted(modelClass ?? "")), expected \(model.family.classifierArchitecture) or a model class with flex heads"
    )
  }
  let labels = try labels(config, count: try config.whole("num_labels", from: 1))
  try config.finish()
  var head = AdapterHubHead(labels: labels.names, notes: labels.notes)
  let tensors = ForeignTensors(try folder.tensors("model_head.safetensors", pickle: "pytorch_model_head.bin"))
  for entry in tensors.entries { head.values[names.localName(entry.name)] = try tensors.read(entry) }
  return head
}

/// Reads the names of the labels in the order of their IDs from `label2id`, or from `id2label`, which some versions write. The IDs may be
/// strings. If the names do not cover each output exactly once, the result is `nil` with a note.
private func labels(_ config: ForeignConfig, count: Int?) throws -> (names: [String]?, notes: [String]) {
  var labels = try config.ids("label2id")
  if case .object(let members) = config.tree("id2label") {
    try config.checkLength(members.count, "id2label")
    let inverted = try members.map { member in
      guard let id = Int(member.name), let name = member.value.text else {
        throw config.error("id2label", "expected an object that maps the IDs 0, 1, … to names")
      }
      return (key: name, value: id)
    }
    // The library reads label2id only if id2label is missing.
    labels = inverted
  }
  labels.sort { $0.value < $1.value }
  guard !labels.isEmpty else { return (nil, []) }
  guard labels.enumerated().allSatisfy({ $0 == $1.value }), count == nil || count == labels.count else {
    return (
      nil,
      [
        "label2id does not name each output of the head exactly once, so the classes are named LABEL_0, LABEL_1, …; "
          + "set their names with --labels"
      ]
    )
  }
  return (labels.map(\.key), [])
}

private func flexHead(
  _ folder: ForeignFolder, _ model: SequenceClassifier, _ outer: ForeignConfig, _ objectives: ObjectiveRegistry,
  name: String?, modelClass: String?
) throws -> AdapterHubHead {
  guard let name, !name.isEmpty else {
    throw outer.error("name", "is missing; expected the name in the keys of the flex head's tensors")
  }
  let config = try outer.object("config")
  let kind = try config.text("head_type") ?? ""
  let kinds = objectives.adapterHubHeads
  guard let possible = kinds[kind] else {
    throw config.error(
      "head_type",
      "\(quoted(kind)) is not supported, expected \(kinds.keys.sorted().map(quoted).joined(separator: " or "))")
  }
  let count = try config.whole("num_labels", from: 1, to: ForeignConfig.longestList) ?? 2
  let innerLabels = try labels(config, count: count)
  let outerLabels = try labels(outer, count: count)
  _ = try outer.whole("num_labels", from: 1)
  let layers = try config.whole("layers", from: 1, to: StackedHead.Shape.maximumLayers) ?? 2
  let activation: Activation?
  let hasActivation = !config.has("activation_function") || config.value("activation_function") != .null
  switch try config.text("activation_function") {
  case nil: activation = config.has("activation_function") ? nil : .tanh
  case let text?:
    let known = adapterHubActivations[text.lowercased()]
    // A head with a single projection has no activation, so its name does not matter.
    guard known != nil || text.lowercased() == "linear" || layers == 1 else {
      throw config.error(
        "activation_function",
        "\(quoted(text)) is not supported, expected one of "
          + "\(adapterHubActivations.keys.sorted().joined(separator: ", "))"
      )
    }
    activation = known
  }
  var shape = StackedHead.Shape(
    layers: layers, activation: activation,
    pooler: try config.flag("use_pooler"), bias: try config.flag("bias", default: true))
  if case .null = config.value("dropout_prob") {
    shape.dropout = model.family.toolkits.adapterHub?.headsHaveDropout == false ? 0 : nil
  } else {
    shape.dropout = try config.probability("dropout_prob")
  }
  guard !shape.pooler || model.hasPooler else {
    throw config.error(
      "use_pooler",
      "the head reads the pooled vector, but this base (\(model.family.modelType)) has no pretrained pooler")
  }
  try config.finish()
  try outer.finish()
  var head = try AdapterHubHead(
    flex: shape, step: hasActivation ? 3 : 2, name: name, labels: innerLabels.names ?? outerLabels.names, folder, model)
  head.objectives = possible
  head.notes = head.labels == nil ? innerLabels.notes + outerLabels.notes : []
  guard head.outputs == count || head.outputs == 0 else {  // 0: the tensor is missing, which is reported later
    throw config.error("num_labels", "is \(count), but the head has \(head.outputs) outputs")
  }
  return head
}

extension AdapterHubHead {
  /// Reads a flex head's tensors, `heads.NAME.INDEX.weight`. They become the values of the base's head if it has the same
  /// structure.
  ///
  /// - Parameters:
  ///   - shape: The structure of the head.
  ///   - step: The number of the library's modules per projection: a dropout, the projection, and possibly an activation.
  ///   - name: The head's name in the tensors' keys.
  ///   - labels: The names of the labels.
  ///   - folder: The adapter's folder.
  ///   - model: The base.
  fileprivate init(
    flex shape: StackedHead.Shape, step: Int, name: String, labels: [String]?, _ folder: ForeignFolder,
    _ model: SequenceClassifier
  ) throws {
    let tensors = ForeignTensors(try folder.tensors("model_head.safetensors", pickle: "pytorch_model_head.bin"))
    let baseModules = model.modules(ofHead: shape)
    var modules: [String: String] = [:]
    for layer in 0..<shape.layers {
      modules["heads.\(name).\(layer * step + 1)"] = baseModules?[layer] ?? "head.\(layer)"
    }
    for entry in tensors.entries {
      guard let dot = entry.name.lastIndex(of: "."), let module = modules[String(entry.name[..<dot])],
        ["weight", "bias"].contains(entry.name[entry.name.index(after: dot)...])
      else {
        throw entry.error("belongs to no part of the head that head_config.json describes")
      }
      values[module + entry.name[dot...]] = try tensors.read(entry)
    }
    self.labels = labels
    self.shape = baseModules == nil ? shape : nil
    outputs = values["\(baseModules?.last ?? "head.\(shape.layers - 1)").weight"]?.shape.first ?? 0
  }
}

extension StackedHead.Shape {
  /// Returns the index of a projection among the modules of the library's head: dropout, projection, activation.
  func flexIndex(of layer: Int) -> Int { layer * (activation == nil ? 2 : 3) + 1 }
}

extension SequenceClassifier {
  /// Returns the modules of the base's head, one per projection, if it has this structure; otherwise `nil`.
  func modules(ofHead shape: StackedHead.Shape) -> [String]? {
    guard shape.bias else { return nil }
    let head = family.head
    if shape.pooler { return hasPooler && shape.layers == 1 ? [head.classifier] : nil }
    guard shape.layers == 2, !head.denseIsPretrained, shape.activation == head.activation else { return nil }
    return [head.dense, head.classifier]
  }
}
