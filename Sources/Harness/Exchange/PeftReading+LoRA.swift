import GraftCore
import GraftSafetensors
import GraftSupport

extension PeftReading {
  /// LoRA and its relatives: which modules there are, with what ranks and alphas.
  mutating func lora() throws -> [String: JSONValue] {
    try passOverOrientation()
    try requirePlainStart()
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
      case "lora_A.weight": try take(entry, as: path.parameter("lora_A"))
      case "lora_B.weight": try take(entry, as: path.parameter("lora_B"))
      case "lora_B.bias" where hasBiases: try take(entry, as: path.parameter("lora_B.bias"))
      case "lora_magnitude_vector", "lora_magnitude_vector.weight":
        try take(entry, as: path.parameter("lora_magnitude_vector"))
      default: throw error(entry, "can't be honoured")
      }
      guard part == "lora_A.weight" else { continue }
      let key = key(of: path)
      let wanted = ranks.first { $0.pattern.matches(key) }.map { Int($0.value) } ?? rank
      guard entry.shape.first == wanted else {
        throw error(
          entry, "has rank \(entry.shape.first ?? 0), but r and rank_pattern of the configuration say \(wanted)")
      }
      modules[path] = (wanted, alphas.first { $0.pattern.matches(key) }?.value ?? alpha)
    }
    let stabilized = try config.flag("use_rslora")
    for (path, (rank, alpha)) in modules {
      let scale = alpha / (stabilized ? Double(rank).squareRoot() : Double(rank))
      guard Allowed.fitsFloat(scale) else {
        throw config.error("lora_alpha", "\(alpha) over the rank \(rank) is out of a 32-bit float's range")
      }
      scales[path] = Float(scale)
    }
    // peft knows a default for these families.
    try requireTargets(Set(modules.keys), fallback: names.family == .distilBERT ? nil : [.query, .value])
    var method: [String: JSONValue] = [
      "name": .string("lora"), "rank": .number(Double(rank)), "alpha": .number(alpha),
      "dropout": .number(try config.probability("lora_dropout")), "rank_stabilized": .bool(stabilized),
      "dora": .bool(isDecomposed), "targets": .array(names.selectors(Set(modules.keys)).map(JSONValue.string)),
    ]
    let others = Dictionary(grouping: modules.filter { $0.value != (rank, alpha) }) {
      "\($0.value.rank) \($0.value.alpha)"
    }
    method["overrides"] = .array(
      others.sorted { $0.key < $1.key }.compactMap { _, group in
        guard let (rank, alpha) = group.first?.value else { return nil }
        return .object([
          "targets": .array(names.selectors(Set(group.map(\.key))).map(JSONValue.string)),
          "rank": .number(Double(rank)),
          "alpha": .number(alpha),
        ])
      })
    return method
  }

  /// No projection of a supported base has more features to spread over.
  private var largestRank: Int { 16384 }

  /// The encoders' layers are all the same way round: peft warns and goes on as if it were off.
  mutating func passOverOrientation() throws {
    guard try config.flag("fan_in_fan_out") else { return }
    notes.append("fan_in_fan_out is true, but the base has no such layers; it has no effect, as in peft")
  }

  /// Some ways to start change the base's own weights, when the adapter is loaded too, so that it belongs to another base.
  private mutating func requirePlainStart() throws {
    let key = "init_lora_weights"
    guard case .string(let start) = config.value(key) else {
      return _ = try config.flag(key)
    }
    switch start.lowercased() {
    case "gaussian", "orthogonal", "eva", "mica": return
    case "loftq":
      throw config.error(
        key, "'loftq' replaces the base's weights with quantized ones, so the adapter does not belong to this base")
    case let name where ["pissa", "corda", "olora", "lora_ga"].contains(where: name.hasPrefix):
      throw config.error(
        key,
        "\(quoted(start)) changes the base's weights, so the adapter does not belong to this base alone; convert it to plain "
          + "LoRA with peft: save_pretrained(…, path_initial_model_for_weight_conversion=…)")
    default:
      throw config.error(
        key,
        "\(quoted(start)) is not known; true, false, gaussian, orthogonal, eva and mica leave the base's weights as they are"
      )
    }
  }

  /// `lora_bias`: B has a bias, which is scaled like the product. The projection's own bias takes it up.
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

  /// `(.*\.)?(KEY)$`, the first that matches, in the file's order.
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
