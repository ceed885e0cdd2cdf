import GraftCore
import GraftSafetensors
import GraftSupport

extension PeftReading {
  /// Prefix tuning. One matrix holds keys and values of all layers: layer l has the blocks 2l and 2l + 1.
  mutating func prefix() throws -> [String: JSONValue] {
    let (layers, width) = (names.attentions.count, names.width)
    for (key, expected) in [("num_layers", layers), ("token_dim", width)] {
      if let found = try config.whole(key), found != expected {
        throw config.error(key, "is \(found), the base's is \(expected)")
      }
    }
    _ = try config.whole("num_attention_heads")
    let length = try config.whole("num_virtual_tokens", from: 1, to: 4096) ?? 0
    let entry = try tensors.entry(named: "prompt_embeddings")
    guard entry.shape == [length, 2 * layers * width] else {
      throw error(entry, "has shape \(entry.shape), expected \([length, 2 * layers * width])")
    }
    guard names.shiftsPrefix else {
      throw config.error("peft_type", "PREFIX_TUNING of peft runs on BERT alone, so this can't be of this base")
    }
    let whole = try ForeignTensor(entry, of: tensors)
    for (layer, path) in names.attentions.enumerated() {
      values[path.parameter("prefix_keys")] = whole.columns(2 * layer * width, width)
      values[path.parameter("prefix_values")] = whole.columns((2 * layer + 1) * width, width)
    }
    return ["name": .string("prefix"), "length": .number(Double(length)), "position_shift": .bool(true)]
  }

  /// IA3. A vector multiplies outputs where it stands upright, inputs where it lies.
  mutating func ia3() throws -> [String: JSONValue] {
    try passOverOrientation()
    var (outputs, inputs): (Set<ModulePath>, Set<ModulePath>) = ([], [])
    for entry in tensors.entries where entry.name.contains(".ia3_l") {
      let (path, part) = try module(of: entry, before: ".ia3_l")
      guard part == "ia3_l", entry.shape.count == 2, entry.shape.contains(1) else {
        throw error(entry, "can't be honoured")
      }
      if entry.shape[1] == 1 { outputs.insert(path) } else { inputs.insert(path) }
      try take(entry, as: path.parameter("ia3_l")) { $0.reshaped([entry.elementCount]) }
    }
    try requireTargets(outputs.union(inputs))
    let below = try selection("feedforward_modules")
    for path in outputs.union(inputs)
    where (below?.takes(key(of: path)) ?? false) != inputs.contains(path) {
      throw config.error("feedforward_modules", "and the file differ in \(key(of: path))")
    }
    return [
      "name": .string("ia3"), "targets": .array(names.selectors(outputs).map(JSONValue.string)),
      "feed_forward": .array(names.selectors(inputs).map(JSONValue.string)),
    ]
  }
}
