import GraftCore
import GraftSafetensors
import GraftSupport

extension PeftReading {
  /// Reads LoRA and its variants: the modules with their ranks and alphas.
  mutating func lora() throws -> [String: JSONValue] {
    try ignoreOrientation()
    try checkInitialization()
    let rank = try config.whole("r", from: 1, to: largestRank) ?? 8
    let alpha = try config.number("lora_alpha") ?? 8
    let ranks = try patterns("rank_pattern")
    let alphas = try patterns("alpha_pattern")
    let isDecomposed = try config.flag("use_dora")
    let hasBiases = try config.flag("lora_bias")
    var modules: [ModulePath: (rank: Int, alpha: Double)] = [:]
    for entry in tensors.entries where entry.name.contains(".lora_") {
      let (path, part) = try module(of: entry, before: ".lora_")
      switch part {
      case "lora_A.weight": try read(entry, as: path.parameter("lora_A"))
      case "lora_B.weight": try read(entry, as: path.parameter("lora_B"))
      case "lora_B.bias" where hasBiases: try read(entry, as: path.parameter("lora_B.bias"))
      case "lora_magnitude_vector", "lora_magnitude_vector.weight":
        try read(entry, as: path.parameter("lora_magnitude_vector"))
      default: throw error(entry, "is not a supported part of LoRA")
      }
      guard part == "lora_A.weight" else { continue }
      let key = key(of: path)
      let expected = ranks.first { $0.pattern.matches(key) }.map { Int($0.value) } ?? rank
      guard entry.shape.first == expected else {
        throw error(
          entry, "has rank \(entry.shape.first ?? 0), expected \(expected) according to r and rank_pattern")
      }
      modules[path] = (expected, alphas.first { $0.pattern.matches(key) }?.value ?? alpha)
    }
    let stabilized = try config.flag("use_rslora")
    for (path, (rank, alpha)) in modules {
      let scale = alpha / (stabilized ? Double(rank).squareRoot() : Double(rank))
      guard Allowed.fitsFloat(scale) else {
        throw config.error("lora_alpha", "\(alpha) over the rank \(rank) is out of a 32-bit float's range")
      }
      scales[path] = Float(scale)
    }
    // For families other than DistilBERT, peft has default targets.
    try requireTargets(Set(modules.keys), fallback: names.family == .distilBERT ? nil : [.query, .value])
    var method: [String: JSONValue] = [
      "name": .string("lora"), "rank": .number(Double(rank)), "alpha": .number(alpha),
      "dropout": .number(try config.probability("lora_dropout")), "rank_stabilized": .bool(stabilized),
      "dora": .bool(isDecomposed), "targets": .array(names.selectors(Set(modules.keys)).map(JSONValue.string)),
    ]
    let overrides = Dictionary(grouping: modules.filter { $0.value != (rank, alpha) }) {
      "\($0.value.rank) \($0.value.alpha)"
    }
    method["overrides"] = .array(
      overrides.sorted { $0.key < $1.key }.compactMap { _, group in
        guard let (rank, alpha) = group.first?.value else { return nil }
        return .object([
          "targets": .array(names.selectors(Set(group.map(\.key))).map(JSONValue.string)),
          "rank": .number(Double(rank)),
          "alpha": .number(alpha),
        ])
      })
    return method
  }

  /// The maximum rank; no projection of a supported base has more features.
  private var largestRank: Int { 16384 }

  /// Ignores `fan_in_fan_out` with a note: encoders have no transposed layers, and peft ignores the option with a warning too.
  mutating func ignoreOrientation() throws {
    guard try config.flag("fan_in_fan_out") else { return }
    notes.append("fan_in_fan_out is true, but the base has no transposed layers, so it has no effect, as in peft")
  }

  /// Checks the initialization. Some initializations change the base's weights, so the adapter does not fit the original base.
  private mutating func checkInitialization() throws {
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
      throw config.error(
        key,
        "\(quoted(initialization)) changes the base's weights, so the adapter does not fit this base; "
          + "convert it to plain "
          + "LoRA with peft: save_pretrained(…, path_initial_model_for_weight_conversion=…)")
    default:
      throw config.error(
        key,
        "\(quoted(initialization)) is not supported, expected true, false, gaussian, orthogonal, eva, or mica, "
          + "which do not change the base's weights"
      )
    }
  }

  /// Handles `lora_bias`: B has a bias, which is scaled like the product. It is added to the projection's bias.
  mutating func addBiasesOfB() throws {
    guard case .boolean(true) = config.value("lora_bias") else { return }
    for (path, _, _) in names.projections where values[path.parameter("lora_A")] != nil {
      let name = path.parameter("bias")
      guard let added = values.removeValue(forKey: path.parameter("lora_B.bias")), let base = names.parameters[name]
      else {
        throw config.error("lora_bias", "is true, but the file has no bias of B for \(names.foreign(path.description))")
      }
      guard added.shape == base.shape else {
        throw added.error("has shape \(added.shape), expected \(base.shape)")
      }
      let scale = scales[path] ?? 0
      let bias = values[name]?.values ?? Array(base.values)
      values[name] = added.with(zip(bias, added.values).map { $0 + scale * $1 })
      if !carried.contains(name) { carried.append(name) }
    }
  }

  /// Reads the patterns of a key in file order. Each becomes `(.*\.)?(KEY)$`, and the first one that matches a module applies.
  private mutating func patterns(_ key: String) throws -> [(pattern: ForeignPattern, value: Double)] {
    let isRank = key == "rank_pattern"
    return try config.numbers(key).map { name, value in
      guard value > 0, !isRank || value == value.rounded() && value <= Double(largestRank) else {
        let kind = isRank ? "a whole number from 1 to \(largestRank)" : "a number above 0"
        throw config.error(key, "\(quoted(name)) is \(value), expected \(kind)")
      }
      return (try pattern(#"(.*\.)?(\#(name))$"#, key), value)
    }
  }
}
