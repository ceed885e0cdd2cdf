public import GraftCore

extension Prefix: PeftExchangeable {
  /// `PREFIX_TUNING`
  public static let peftTypes = ["PREFIX_TUNING"]

  /// Reads prefix tuning. One matrix contains the keys and values of all layers: layer l has the blocks 2l and 2l + 1.
  public init(reading file: any PeftReader) throws {
    let config = file.config
    config.ignore(["encoder_hidden_size", "num_transformer_submodules", "prefix_projection"])
    let layers = file.names.attentions.count
    let width = file.names.width
    for (key, expected) in [("num_layers", layers), ("token_dim", width)] {
      if let value = try config.whole(key), value != expected {
        throw config.error(key, "is \(value), expected \(expected) as in the base")
      }
    }
    _ = try config.whole("num_attention_heads")
    let length = try config.whole("num_virtual_tokens", from: 1, to: 4096) ?? 0
    let matrix = try file.tensors.read("prompt_embeddings")
    guard matrix.shape == [length, 2 * layers * width] else {
      throw matrix.error("has shape \(matrix.shape), expected \([length, 2 * layers * width])")
    }
    guard file.names.toolkits.peftPrefixes else {
      throw config.error(
        "peft_type", "PREFIX_TUNING of peft runs only on BERT, so this adapter can't belong to this base")
    }
    for (layer, path) in file.names.attentions.enumerated() {
      try file.set("prefix_keys", of: path, to: matrix.columns(2 * layer * width, width))
      try file.set("prefix_values", of: path, to: matrix.columns((2 * layer + 1) * width, width))
    }
    var configuration = PrefixConfiguration()
    configuration.length = length
    configuration.positionShift = true
    self.init(configuration)
  }

  /// Returns prefix tuning. In peft, it shifts the positions, needs all layers, and runs only on BERT.
  public func peftContent(of adapter: ExportedAdapter) throws -> PeftContent {
    guard adapter.names.toolkits.peftPrefixes else {
      throw adapter.refusal("prefix tuning in peft does not run on \(adapter.names.family)")
    }
    guard configuration.positionShift else {
      throw adapter.refusal(
        "prefix tuning in peft shifts the positions, but this adapter does not; train with position_shift: true")
    }
    let parameters = Dictionary(uniqueKeysWithValues: adapter.parameters.map { ($0.name, $0) })
    let blocks = adapter.names.attentions.flatMap { path in
      ["prefix_keys", "prefix_values"].map { parameters[path.parameter($0)] }
    }
    guard let length = blocks.first??.rows, blocks.allSatisfy({ $0 != nil }) else {
      throw adapter.refusal("prefix tuning in peft needs a prefix in every layer, but this adapter omits some layers")
    }
    let width = adapter.names.width
    let layers = adapter.names.attentions.count
    let values = (0..<length).flatMap { row in
      blocks.compactMap { $0 }.flatMap { $0.values[row * width..<(row + 1) * width] }
    }
    var content = PeftContent(
      "PREFIX_TUNING", of: adapter,
      config: [
        "num_virtual_tokens": .number(Double(length)), "num_layers": .number(Double(layers)),
        "token_dim": .number(Double(width)), "num_attention_heads": .number(Double(adapter.names.headCount)),
        "num_transformer_submodules": 1, "encoder_hidden_size": .number(Double(width)), "prefix_projection": false,
      ], wrapsModules: false)
    content.tensors = [ExportedTensor("prompt_embeddings", shape: [length, 2 * layers * width], values: values)]
    return content
  }
}
