import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// The head that lies beside an adapter of AdapterHub's.
struct AdapterHubHead {
  /// The values by our parameters' names.
  var values: [String: ForeignTensor] = [:]
  /// The classes' names, where the file has them.
  let labels: [String]?
  /// Its structure, where that is not the base's.
  var shape: StackedHead.Shape?
  /// How many outputs a flex head's tensors have.
  var outputs = 0
  /// What else the user should know.
  var notes: [String] = []
}

/// Reads `head_config.json` and `model_head.safetensors`: the head of a `ForSequenceClassification` model, or one of the library's
/// own ("flex") heads for classification.
func readAdapterHubHead(_ folder: ForeignFolder, _ names: EncoderNames) throws -> AdapterHubHead? {
  guard try folder.has("head_config.json") else {
    for name in ["model_head.safetensors", "pytorch_model_head.bin"] where try folder.has(name) {
      throw ExchangeError.config(
        file: "\(folder.path)/head_config.json", key: nil, reason: "is missing, but \(name) is there")
    }
    return nil
  }
  var config = try ForeignConfig(file: "\(folder.path)/head_config.json")
  try requireFamily(&config, names)
  let modelClass = try config.text("model_class")
  let name = try config.text("name")
  _ = try config.text("version")
  _ = try config.text("model_name")
  guard case .null = config.value("config") else {
    return try flexHead(folder, names, config, name: name, modelClass: modelClass)
  }
  // Heads for tokens or choices have tensors of the same names.
  guard modelClass == nil || modelClass == names.family.classifierArchitecture else {
    throw config.error(
      "model_class",
      "is \(quoted(modelClass ?? "")), expected \(names.family.classifierArchitecture) or a model with flex heads")
  }
  let labels = try labels(&config, count: try config.whole("num_labels", from: 1))
  try config.finish(ignoring: [])
  var head = AdapterHubHead(labels: labels.names, notes: labels.notes)
  let tensors = try folder.tensors("model_head.safetensors", pickle: "pytorch_model_head.bin")
  for entry in tensors.entries { head.values[names.own(entry.name)] = try ForeignTensor(entry, of: tensors) }
  return head
}

/// `label2id`, or `id2label` as some versions have it: the names in the order of their ids, which may be texts; none, with a note,
/// where they do not name each output.
private func labels(_ config: inout ForeignConfig, count: Int?) throws -> (names: [String]?, notes: [String]) {
  var labels = try config.ids("label2id")
  if case .object(let members) = config.value("id2label") {
    try config.requireShort(members.count, "id2label")
    let turned = try members.map { member in
      guard let id = Int(member.name), let name = member.value.text else {
        throw config.error("id2label", "expected names by the ids 0, 1, …")
      }
      return (key: name, value: id)
    }
    // As the library does, which looks at label2id only where this is missing.
    labels = turned
  }
  labels.sort { $0.value < $1.value }
  guard !labels.isEmpty else { return (nil, []) }
  guard labels.enumerated().allSatisfy({ $0 == $1.value }), count == nil || count == labels.count else {
    return (
      nil,
      ["label2id does not name each output of the head once, so they are called LABEL_0 and so on; --labels names them"]
    )
  }
  return (labels.map(\.key), [])
}

private func flexHead(
  _ folder: ForeignFolder, _ names: EncoderNames, _ outer: ForeignConfig, name: String?, modelClass: String?
) throws -> AdapterHubHead {
  var outer = outer
  guard let name, !name.isEmpty else { throw outer.error("name", "is missing, and a flex head's tensors have it") }
  var config = try outer.object("config")
  let kind = try config.text("head_type") ?? ""
  guard kind == "classification" else {
    throw config.error("head_type", "\(quoted(kind)): only heads for classification can be imported")
  }
  let count = try config.whole("num_labels", from: 1, to: ForeignConfig.longestList) ?? 2
  let inner = try labels(&config, count: count)
  let outside = try labels(&outer, count: count)
  _ = try outer.whole("num_labels", from: 1)
  let layers = try config.whole("layers", from: 1, to: StackedHead.Shape.maximumLayers) ?? 2
  let activation: Activation?
  let hasActivation = !config.has("activation_function") || config.value("activation_function") != .null
  switch try config.text("activation_function") {
  case nil: activation = config.has("activation_function") ? nil : .tanh
  case let text?:
    let known = adapterHubActivations[text.lowercased()]
    // Before the only projection there is none to follow.
    guard known != nil || text.lowercased() == "linear" || layers == 1 else {
      throw config.error(
        "activation_function",
        "\(quoted(text)) is not supported; known are \(adapterHubActivations.keys.sorted().joined(separator: ", "))")
    }
    activation = known
  }
  var shape = StackedHead.Shape(
    layers: layers, activation: activation,
    pooler: try config.flag("use_pooler"), bias: try config.flag("bias", default: true))
  if case .null = config.value("dropout_prob") {
    // The library looks for the encoder's dropout under names that DistilBERT's configuration does not have.
    shape.dropout = names.family == .distilBERT ? 0 : nil
  } else {
    shape.dropout = try config.probability("dropout_prob")
  }
  guard !shape.pooler || names.hasPooler else {
    throw config.error(
      "use_pooler", "the head reads the pooled vector, but this base (\(names.family.name)) has no pretrained pooler")
  }
  try config.finish(ignoring: [])
  try outer.finish(ignoring: [])
  var head = try AdapterHubHead(
    flex: shape, step: hasActivation ? 3 : 2, name: name, labels: inner.names ?? outside.names, folder, names)
  head.notes = head.labels == nil ? inner.notes + outside.notes : []
  guard head.outputs == count || head.outputs == 0 else {  // a tensor that is missing is named later
    throw config.error("num_labels", "is \(count), but the head has \(head.outputs) outputs")
  }
  return head
}

extension AdapterHubHead {
  /// Takes a flex head's tensors, `heads.NAME.INDEX.weight`: as the base's own head where that has the same structure.
  ///
  /// - Parameter step: The library's modules for each projection: dropout, projection, and perhaps an activation.
  fileprivate init(
    flex shape: StackedHead.Shape, step: Int, name: String, labels: [String]?, _ folder: ForeignFolder,
    _ names: EncoderNames
  ) throws {
    let tensors = try folder.tensors("model_head.safetensors", pickle: "pytorch_model_head.bin")
    let own = names.modules(ofHead: shape)
    var modules: [String: String] = [:]
    for layer in 0..<shape.layers {
      modules["heads.\(name).\(layer * step + 1)"] = own?[layer] ?? "head.\(layer)"
    }
    for entry in tensors.entries {
      guard let dot = entry.name.lastIndex(of: "."), let module = modules[String(entry.name[..<dot])],
        ["weight", "bias"].contains(entry.name[entry.name.index(after: dot)...])
      else {
        throw ExchangeError.tensor(
          file: tensors.path, name: entry.name, reason: "belongs to nothing that the head in head_config.json has")
      }
      values[module + entry.name[dot...]] = try ForeignTensor(entry, of: tensors)
    }
    self.labels = labels
    self.shape = own == nil ? shape : nil
    outputs = values["\(own?.last ?? "head.\(shape.layers - 1)").weight"]?.shape.first ?? 0
  }
}

extension StackedHead.Shape {
  /// Where a projection stands among the modules of the library's head: dropout, projection, activation.
  func flexIndex(of layer: Int) -> Int { layer * (activation == nil ? 2 : 3) + 1 }
}

extension EncoderNames {
  /// The modules of the base's own head, one for each projection, where it has this structure; `nil` where it has not.
  func modules(ofHead shape: StackedHead.Shape) -> [String]? {
    guard shape.bias else { return nil }
    let classifier = family.classifierWeight.dropLast(".weight".count)
    if shape.pooler { return hasPooler && shape.layers == 1 ? [String(classifier)] : nil }
    guard shape.layers == 2, !family.headDenseIsPretrained, shape.activation == family.headActivation else {
      return nil
    }
    return [family.headDense, String(classifier)]
  }
}
