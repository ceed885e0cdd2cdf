public import GraftCore

extension Houlsby: AdapterHubExchangeable {
  /// `bottleneck`; the first versions wrote no architecture.
  public static let adapterHubArchitectures = ["bottleneck", ""]

  /// The configurations by their old names, such as `pfeiffer`, and by their current names, such as `seq_bn`.
  public static let adapterHubPresets: [String: [String: JSONValue]] = {
    func preset(_ placement: HoulsbyConfiguration.Placement, _ activation: String, _ more: [String: JSONValue] = [:])
      -> [String: JSONValue]
    {
      flags(of: placement).merging(["non_linearity": .string(activation)]) { $1 }.merging(more) { $1 }
    }
    let (houlsby, pfeiffer) = (preset(.both, "swish"), preset(.feedForward, "relu"))
    let (parallel, scaled) = (
      preset(.parallel, "relu", ["scaling": 4]), preset(.parallel, "relu", ["scaling": "learned"])
    )
    let invertiblePfeiffer = preset(.feedForward, "relu", ["inv_adapter": "nice"])
    let invertibleHoulsby = preset(.both, "swish", ["inv_adapter": "nice"])
    return [
      "pfeiffer": pfeiffer, "seq_bn": pfeiffer, "houlsby": houlsby, "double_seq_bn": houlsby,
      "parallel": parallel, "par_bn": parallel, "scaled_parallel": scaled, "scaled_par_bn": scaled,
      "pfeiffer+inv": invertiblePfeiffer, "seq_bn_inv": invertiblePfeiffer,
      "houlsby+inv": invertibleHoulsby, "double_seq_bn_inv": invertibleHoulsby,
    ]
  }()

  /// The keys that distinguish the placements.
  static func flags(of placement: HoulsbyConfiguration.Placement) -> [String: JSONValue] {
    [
      "mh_adapter": .bool(placement == .both), "output_adapter": true, "is_parallel": .bool(placement == .parallel),
      "original_ln_before": .bool(placement == .feedForward),
    ]
  }

  /// The keys that have one value in all placements. It is also the library's default for files without the key.
  static let fixedFlags: [(key: String, value: Bool)] = [
    ("original_ln_after", true), ("residual_before_ln", true), ("adapter_residual_before_ln", false),
    ("ln_before", false), ("ln_after", false),
  ]

  // MARK: Reading

  /// Reads bottlenecks: Houlsby (also in only one of the two sub-layers), Pfeiffer, and parallel adapters.
  public init(reading file: any AdapterHubReader) throws {
    let config = file.config
    var configuration = HoulsbyConfiguration()
    configuration.placement = try Self.placement(config)
    configuration.activation = try file.activation("non_linearity", default: "relu")
    configuration.scale = try Self.scale(config)
    configuration.dropout = try config.probability("dropout")
    configuration.initialization = .bert
    // Check the keys before the tensors, so that an error names the key that causes it.
    // Old task adapters have keys for invertible adapters, which were neither trained nor saved. The library ignores them too.
    if file.isTaskAdapter, !file.tensors.entries.contains(where: { $0.name.contains("invertible") }) {
      config.ignore(["inv_adapter", "invertible_adapter"])
    }
    config.ignore([
      "reduction_factor", "leave_out", "init_weights", "init_weights_seed", "factorized_phm_W", "factorized_phm_rule",
      "hypercomplex_nonlinearity", "learn_phm", "phm_bias", "phm_c_init", "phm_dim", "phm_init_range", "phm_rank",
      "shared_W_phm", "shared_phm_rule", "inv_adapter_reduction_factor", "stochastic_depth",
      // A fusion option that the first versions wrote.
      "attention_type",
    ])
    try config.finish()
    var present: Set<ModulePath> = []
    var widths: Set<Int> = []
    for entry in file.tensors.entries {
      let (path, part) = try Self.subLayer(of: entry, in: file)
      if part == "adapter_down.weight" {
        present.insert(path)
        widths.insert(entry.shape.first ?? 0)
      }
      try file.set(part, of: path, to: try file.tensors.read(entry))
    }
    guard !widths.isEmpty else {
      throw config.error("leave_out", "leaves no layer with an adapter, and the file has no adapter tensors")
    }
    guard let width = widths.first, widths.count == 1 else {
      throw config.error("reduction_factor", "layers with different bottleneck widths are not supported")
    }
    configuration.bottleneck = width
    let names = file.names
    let all = configuration.placement == .both ? names.attentions + names.feedForwards : names.feedForwards
    if present != Set(all) { configuration.targets = TargetModules(paths: all.filter(present.contains)) }
    self.init(configuration)
  }

  private static func placement(_ config: ForeignConfig) throws -> HoulsbyConfiguration.Placement {
    for (key, expected) in fixedFlags where try config.flag(key, default: expected) != expected {
      throw config.error(key, "\(!expected) is not supported for bottleneck adapters, expected \(expected)")
    }
    let keys = ["mh_adapter", "output_adapter", "is_parallel", "original_ln_before"]
    let flags = try keys.map { try config.flag($0) }
    // Without `original_ln_before`, each sub-layer works like the two in Houlsby's placement.
    let known: [[Bool]: HoulsbyConfiguration.Placement] = [
      [true, true, false, false]: .both, [true, false, false, false]: .both, [false, true, false, false]: .both,
      [false, true, false, true]: .feedForward, [false, true, true, false]: .parallel,
    ]
    guard let placement = known[flags] else {
      let values = zip(keys, flags).map { "\($0) \($1)" }.joined(separator: ", ")
      throw config.error(
        "mh_adapter", "expected the placement of Houlsby, Pfeiffer, or parallel adapters, got \(values)")
    }
    return placement
  }

  private static func scale(_ config: ForeignConfig) throws -> Double {
    guard case .string = config.value("scaling") else { return try config.number("scaling") ?? 1 }
    throw config.error("scaling", "a learned scale is not supported, expected a number")
  }

  /// Returns the sub-layer that a tensor belongs to, and the name of the part.
  private static func subLayer(of entry: ForeignTensors.Entry, in file: any AdapterHubReader) throws -> (
    path: ModulePath, part: String
  ) {
    var key = file.names.localName(entry.name)
    // The first versions had separate names for task and language adapters.
    for place in ["attention", "layer"] {
      for kind in ["task", "lang"] { key = key.replacing("\(place)_text_\(kind)_adapters", with: "adapters") }
    }
    guard let range = key.firstRange(of: ".adapters.\(file.adapterName).") else {
      throw entry.error("is not a tensor of the adapter \(file.quotedName), so it can't be imported")
    }
    // The library stores bottlenecks in the dense layer after a sub-layer; in DistilBERT, next to the block's modules.
    let place = String(key[..<range.lowerBound])
    let names = file.names
    let path = (names.attentions + names.feedForwards).first { path in
      let text = path.description
      return place == "\(text).output" && names.attentions.contains(path)
        || place == text && names.feedForwards.contains(path)
        || place == text.dropLast("attention".count) + "attention_adapters" && text.hasSuffix(".attention")
        || place == text.dropLast("ffn".count) + "output_adapters" && text.hasSuffix(".ffn")
    }
    let part = String(key[range.upperBound...]).replacing("adapter_down.0.", with: "adapter_down.")
    let known = ["adapter_down.weight", "adapter_down.bias", "adapter_up.weight", "adapter_up.bias"]
    guard let path, known.contains(part) else {
      throw entry.error("belongs to no sub-layer of the base's encoder, so it can't be imported")
    }
    return (path, part)
  }
}
