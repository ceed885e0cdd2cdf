import GraftCore
import GraftSafetensors
import GraftSupport

extension PeftReading {
  /// Reads prefix tuning. One matrix contains the keys and values of all layers: layer l has the blocks 2l and 2l + 1.
  mutating func prefix() throws -> [String: JSONValue] {
    let layers = names.attentions.count
    let width = names.width
    for (key, expected) in [("num_layers", layers), ("token_dim", width)] {
      if let value = try config.whole(key), value != expected {
        throw config.error(key, "is \(value), expected \(expected) as in the base")
      }
    }
    _ = try config.whole("num_attention_heads")
    let length = try config.whole("num_virtual_tokens", from: 1, to: 4096) ?? 0
    let entry = try tensors.entry(named: "prompt_embeddings")
    guard entry.shape == [length, 2 * layers * width] else {
      throw error(entry, "has shape \(entry.shape), expected \([length, 2 * layers * width])")
    }
    guard names.shiftsPrefix else {
      throw config.error(
        "peft_type", "PREFIX_TUNING of peft runs only on BERT, so this adapter can't belong to this base")
    }
    let matrix = try ForeignTensor(entry, of: tensors)
    for (layer, path) in names.attentions.enumerated() {
      values[path.parameter("prefix_keys")] = matrix.columns(2 * layer * width, width)
      values[path.parameter("prefix_values")] = matrix.columns((2 * layer + 1) * width, width)
    }
    return ["name": .string("prefix"), "length": .number(Double(length)), "position_shift": .bool(true)]
  }

  /// Reads IA3. A column vector multiplies outputs, a row vector multiplies inputs.
  mutating func ia3() throws -> [String: JSONValue] {
    try ignoreOrientation()
    var outputs: Set<ModulePath> = []
    var inputs: Set<ModulePath> = []
    for entry in tensors.entries where entry.name.contains(".ia3_l") {
      let (path, part) = try module(of: entry, before: ".ia3_l")
      guard part == "ia3_l", entry.shape.count == 2, entry.shape.contains(1) else {
        throw error(entry, "has shape \(entry.shape), expected a row or column vector")
      }
      if entry.shape[1] == 1 { outputs.insert(path) } else { inputs.insert(path) }
      try read(entry, as: path.parameter("ia3_l")) { $0.reshaped([entry.elementCount]) }
    }
    try requireTargets(outputs.union(inputs))
    let feedForward = try selection("feedforward_modules")
    for path in outputs.union(inputs)
    where (feedForward?.matches(key(of: path)) ?? false) != inputs.contains(path) {
      let expected =
        inputs.contains(path)
        ? "a column vector for its outputs, got a row vector" : "a row vector for its inputs, got a column vector"
      throw config.error("feedforward_modules", "the file does not match for \(key(of: path)): expected \(expected)")
    }
    return [
      "name": .string("ia3"), "targets": .array(names.selectors(outputs).map(JSONValue.string)),
      "feed_forward": .array(names.selectors(inputs).map(JSONValue.string)),
    ]
  }
}
