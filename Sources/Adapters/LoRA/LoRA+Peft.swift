public import GraftCore

extension LoRA: PeftExchangeable {
  /// `LORA`
  public static let peftTypes = ["LORA"]

  /// Reads LoRA and its variants: DoRA, rank-stabilized LoRA, patterns of ranks and alphas, and biases of B.
  public init(reading file: any PeftReader) throws {
    let config = file.config
    // These options add tensors or modules. They are refused before the tensors are read, so that the message names the cause.
    try config.refuse([
      "trainable_token_indices", "target_parameters", "layer_replication", "use_qalora", "use_bdlora", "arrow_config",
      "alora_invocation_tokens", "megatron_config",
    ])
    config.ignore([
      "ensure_weight_tying", "init_weights", "megatron_core", "merge_weights", "qalora_group_size", "runtime_config",
      // Options of initializations. Those that change the base are refused by the check of init_lora_weights.
      "eva_config", "corda_config", "lora_ga_config",
    ])
    try file.ignoreOrientation()
    try Self.checkInitialization(config)
    var configuration = LoRAConfiguration()
    configuration.rank = try config.whole("r", from: 1, to: Self.largestRank) ?? 8
    configuration.alpha = try config.number("lora_alpha") ?? 8
    let ranks = try file.patterns("rank_pattern") { value in
      value > 0 && value == value.rounded() && value <= Double(Self.largestRank)
        ? nil : "a whole number from 1 to \(Self.largestRank)"
    }
    let alphas = try file.patterns("alpha_pattern") { $0 > 0 ? nil : "a number above 0" }
    configuration.dora = try config.flag("use_dora")
    var modules: [ModulePath: (rank: Int, alpha: Double)] = [:]
    var biases: [ModulePath: ForeignTensor] = [:]
    let hasBiases = try config.flag("lora_bias")
    for entry in file.tensors.entries where entry.name.contains(".lora_") {
      let (path, part) = try file.module(of: entry, before: ".lora_")
      let tensor = try file.tensors.read(entry)
      switch part {
      case "lora_A.weight": try file.set("lora_A", of: path, to: tensor)
      case "lora_B.weight": try file.set("lora_B", of: path, to: tensor)
      case "lora_B.bias" where hasBiases && biases[path] == nil: biases[path] = tensor
      case "lora_magnitude_vector", "lora_magnitude_vector.weight":
        try file.set("lora_magnitude_vector", of: path, to: tensor)
      default: throw entry.error("is not a supported part of LoRA")
      }
      guard part == "lora_A.weight" else { continue }
      let rank = ranks(path).map { Int($0) } ?? configuration.rank
      guard entry.shape.first == rank else {
        throw entry.error("has rank \(entry.shape.first ?? 0), expected \(rank) according to r and rank_pattern")
      }
      modules[path] = (rank, alphas(path) ?? configuration.alpha)
    }
    configuration.rankStabilized = try config.flag("use_rslora")
    var scales: [ModulePath: Float] = [:]
    for (path, (rank, alpha)) in modules {
      let scale = alpha / (configuration.rankStabilized ? Double(rank).squareRoot() : Double(rank))
      guard Allowed.fitsFloat(scale) else {
        throw config.error("lora_alpha", "\(alpha) over the rank \(rank) is out of a 32-bit float's range")
      }
      scales[path] = Float(scale)
    }
    try file.requireTargets(Set(modules.keys), default: file.names.toolkits.peftTargets)
    configuration.dropout = try config.probability("lora_dropout")
    configuration.targets = file.names.targets(Set(modules.keys))
    configuration.overrides = Self.overrides(of: modules, in: configuration, file.names)
    if hasBiases { try Self.addBiases(biases, scales, to: file) }
    self.init(configuration)
  }

  /// The maximum rank; no projection of a supported base has more features.
  private static let largestRank = 16384

  private static func overrides(
    of modules: [ModulePath: (rank: Int, alpha: Double)], in configuration: LoRAConfiguration, _ names: EncoderNames
  ) -> [LoRAConfiguration.Override] {
    let groups = Dictionary(grouping: modules.filter { $0.value != (configuration.rank, configuration.alpha) }) {
      "\($0.value.rank) \($0.value.alpha)"
    }
    return groups.sorted { $0.key < $1.key }.compactMap { _, group in
      group.first.map {
        .init(targets: names.targets(Set(group.map(\.key))), rank: $0.value.rank, alpha: $0.value.alpha)
      }
    }
  }

  /// Handles `lora_bias`: B has a bias, which is scaled like the product. It is added to the projection's bias.
  private static func addBiases(
    _ biases: [ModulePath: ForeignTensor], _ scales: [ModulePath: Float], to file: any PeftReader
  ) throws {
    for path in file.names.projections.map(\.path) {
      guard let scale = scales[path] else { continue }
      guard let bias = biases[path] else {
        throw file.config.error("lora_bias", "is true, but the file has no bias of B for \(file.names.foreign(path))")
      }
      file.addToBias(of: path, bias.with(bias.values.map { scale * $0 }))
    }
    if let (path, bias) = biases.first(where: { scales[$0.key] == nil }) {
      throw bias.error("belongs to \(file.names.foreign(path)), which has no A")
    }
  }

  /// Checks the initialization. Some initializations change the base's weights, so the adapter does not fit the original base.
  private static func checkInitialization(_ config: ForeignConfig) throws {
    let key = "init_lora_weights"
    guard case .string(let initialization) = config.value(key) else {
      return _ = try config.flag(key)
    }
    switch initialization.lowercased() {
    case "gaussian", "orthogonal", "eva", "mica": return
    case "loftq":
      throw config.error(
        key, "'loftq' replaces the base's weights with quantized ones, so the adapter does not belong to this base")
    case let name where ["pissa", "corda", "olora", "lora_ga"].contains(where: name.hasPrefix):
      throw config.valueError(
        key,
        "changes the base's weights, so the adapter does not fit this base; convert it to plain LoRA with peft: save_pretrained(…, path_initial_model_for_weight_conversion=…)"
      )
    default:
      throw config.valueError(
        key,
        "is not supported, expected true, false, gaussian, orthogonal, eva, or mica, which do not change the base's weights"
      )
    }
  }

  // MARK: Writing

  /// Returns LoRA in all its forms.
  public func peftContent(of adapter: ExportedAdapter) throws -> PeftContent {
    let modules = adapter.modules(with: "lora_A")
    var ranks: [String: JSONValue] = [:]
    var alphas: [String: JSONValue] = [:]
    for module in modules {
      // A path as a regular expression.
      let key = adapter.names.foreign(module.path).replacing(".", with: "\\.")
      if module.parameter.rows != configuration.rank { ranks[key] = .number(Double(module.parameter.rows)) }
      let override = configuration.overrides.first { $0.targets.matches(module.path, role: module.role) }
      let alpha = override?.alpha ?? configuration.alpha
      if alpha != configuration.alpha { alphas[key] = .number(alpha) }
    }
    var content = PeftContent(
      "LORA", of: adapter,
      config: [
        "r": .number(Double(configuration.rank)), "lora_alpha": .number(configuration.alpha),
        "lora_dropout": .number(configuration.dropout), "use_rslora": .bool(configuration.rankStabilized),
        "use_dora": .bool(configuration.dora), "bias": "none", "fan_in_fan_out": false,
        "rank_pattern": .object(ranks), "alpha_pattern": .object(alphas),
        "target_modules": .strings(adapter.names.endings(modules.map(\.path))),
      ])
    let parts = [
      "lora_A": "lora_A.weight", "lora_B": "lora_B.weight", "lora_magnitude_vector": "lora_magnitude_vector",
    ]
    for (last, part) in parts.sorted(by: { $0.key < $1.key }) {
      for module in adapter.modules(with: last) {
        content.tensors.append(ExportedTensor(content.name(of: module.path, part), module.parameter))
      }
    }
    return content
  }
}
