public import GraftCore

extension LoRA: AdapterHubExchangeable {
  /// `lora`
  public static let adapterHubArchitectures = ["lora"]
  /// `lora`
  public static let adapterHubPresets: [String: [String: JSONValue]] = [
    "lora": ["architecture": "lora", "r": 8, "alpha": 8]
  ]

  /// Reads LoRA. Its `r` is the rank.
  public init(reading file: any AdapterHubReader) throws {
    let config = file.config
    let mode = try config.text("composition_mode") ?? "add"
    guard mode == "add" else {
      throw config.valueError("composition_mode", "is not supported, expected 'add', which is LoRA")
    }
    var configuration = LoRAConfiguration()
    configuration.rank = try config.whole("r", from: 1, to: 16384) ?? 8
    configuration.alpha = try config.number("alpha") ?? 8
    // Before adapters 1.1, LoRA was trained without the scale alpha / r, so alpha = r gives the scale 1.
    if file.isBefore(major: 1, minor: 1) { configuration.alpha = Double(configuration.rank) }
    guard Allowed.fitsFloat(configuration.alpha / Double(configuration.rank)) else {
      throw config.error(
        "alpha", "\(configuration.alpha) over r, which is \(configuration.rank), is out of a 32-bit float's range")
    }
    configuration.dropout = try config.probability("dropout")
    // The tensors determine the modules.
    config.ignore([
      "attn_matrices", "selfattn_lora", "intermediate_lora", "output_lora", "leave_out", "init_weights",
      "init_weights_seed", "dtype",
    ])
    try config.finish()
    var modules: Set<ModulePath> = []
    for entry in file.tensors.entries {
      let parts = [".loras.\(file.adapterName).lora_A": "lora_A", ".loras.\(file.adapterName).lora_B": "lora_B"]
      let (end, part) = parts.first { entry.name.hasSuffix($0.key) } ?? ("", "")
      let path = try file.projection(end.isEmpty ? "" : entry.name.dropLast(end.count), of: entry)
      modules.insert(path)
      try file.set(part, of: path, to: try file.tensors.read(entry))
    }
    configuration.targets = file.names.targets(modules)
    self.init(configuration)
  }

  // MARK: Writing

  /// Returns plain LoRA on the projections that the library can adapt, the same ones in each layer.
  public func adapterHubContent(of adapter: ExportedAdapter) throws -> AdapterHubContent {
    if configuration.dora { throw adapter.refusal("DoRA is not supported; export it to peft") }
    if configuration.rankStabilized {
      throw adapter.refusal("a rank-stabilized scale is not supported; export it to peft")
    }
    if !configuration.overrides.isEmpty {
      throw adapter.refusal("LoRA with overrides is not supported; export it to peft")
    }
    let modules = adapter.modules(with: "lora_A")
    let letters: [Role: String] = [.query: "q", .key: "k", .value: "v"]
    let roles = Set(modules.map(\.role))
    if roles.contains(.attentionOutput) || roles.contains(.pooler) {
      throw adapter.refusal(
        "LoRA on the attention's output projection or the pooler is not supported; export it to peft")
    }
    let layers = Set(modules.map(\.layer))
    for role in roles where Set(modules.filter { $0.role == role }.map(\.layer)) != layers {
      throw adapter.refusal("LoRA on different projections in different layers is not supported; export it to peft")
    }
    let config: [String: JSONValue] = [
      "architecture": "lora", "r": .number(Double(configuration.rank)), "alpha": .number(configuration.alpha),
      "dropout": .number(configuration.dropout), "composition_mode": "add", "use_gating": false,
      "init_weights": "lora", "selfattn_lora": .bool(!roles.isDisjoint(with: letters.keys)),
      "intermediate_lora": .bool(roles.contains(.feedForwardIn)),
      "output_lora": .bool(roles.contains(.feedForwardOut)),
      "attn_matrices": .strings(roles.compactMap { letters[$0] }.sorted()),
      "leave_out": .array(
        adapter.names.feedForwards.indices.filter { !layers.contains($0) }.map { .number(Double($0)) }),
    ]
    let tensors = ["lora_A", "lora_B"].flatMap { last in
      adapter.modules(with: last).map { module in
        ExportedTensor(
          "\(adapter.names.foreign(module.path)).loras.\(AdapterHubContent.adapterName).\(last)", module.parameter)
      }
    }
    return AdapterHubContent(config: config, tensors: tensors)
  }
}
