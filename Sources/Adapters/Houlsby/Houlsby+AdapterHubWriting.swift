public import GraftCore

extension Houlsby {
  /// Returns bottlenecks in one of the three placements. A layer must have all bottlenecks of the placement or none.
  public func adapterHubContent(of adapter: ExportedAdapter) throws -> AdapterHubContent {
    guard !configuration.trainLayerNorm else {
      throw adapter.refusal("trained layer norms are not supported; train without train_layer_norm")
    }
    let downs = adapter.parameters.filter { $0.name.hasSuffix(".adapter_down.weight") }
    guard let width = downs.first?.rows else { throw adapter.refusal("the adapter has no bottlenecks") }
    let paths = Set(downs.map { ModulePath(String($0.name.dropLast(".adapter_down.weight".count))) })
    var config = Self.flags(of: configuration.placement)
    for (key, value) in Self.fixedFlags { config[key] = .bool(value) }
    for key in ["cross_adapter", "use_gating", "phm_layer"] { config[key] = false }
    config["non_linearity"] = .string(configuration.resolvedActivation.rawValue)
    config["scaling"] = .number(configuration.scale)
    config["dropout"] = .number(configuration.dropout)
    config["reduction_factor"] = .number(reduction(adapter.names.width, to: width))
    config["init_weights"] = "bert"
    config["inv_adapter"] = .null
    config["leave_out"] = .array(try leftOut(paths, adapter).map { .number(Double($0)) })
    let tensors = adapter.parameters.map { parameter in
      let path = paths.first { parameter.name.hasPrefix("\($0).adapter_") } ?? ""
      let part = parameter.name.dropFirst(path.description.count + 1).replacing(
        "adapter_down.", with: "adapter_down.0.")
      return ExportedTensor(
        "\(place(of: path, adapter.names)).adapters.\(AdapterHubContent.adapterName).\(part)", parameter)
    }
    return AdapterHubContent(config: config, floats: ["scaling"], tensors: tensors)
  }

  /// Returns a reduction factor with which the library's integer division of the width results in the bottleneck width.
  private func reduction(_ width: Int, to bottleneck: Int) -> Double {
    let width = Double(width)
    var factor = width / Double(bottleneck)
    // Python's floor division uses the exact remainder: 32 // 6.4 is 4, not 5.
    while ((width - width.truncatingRemainder(dividingBy: factor)) / factor).rounded() < Double(bottleneck) {
      factor = factor.nextDown
    }
    return factor
  }

  /// Returns the layers without bottlenecks. A layer must have all bottlenecks of the placement or none.
  private func leftOut(_ paths: Set<ModulePath>, _ adapter: ExportedAdapter) throws -> [Int] {
    let names = adapter.names
    return try names.feedForwards.indices.filter { layer in
      let all = (configuration.placement == .both ? [names.attentions[layer]] : []) + [names.feedForwards[layer]]
      let present = all.filter(paths.contains).count
      guard present == 0 || present == all.count else {
        throw adapter.refusal(
          "layer \(layer) has a bottleneck after only one of its sub-layers, which is not supported")
      }
      return present == 0
    }
  }

  /// Returns the library's module name for a sub-layer's bottleneck.
  private func place(of path: ModulePath, _ names: EncoderNames) -> String {
    let name = names.foreign(path)
    if name.hasSuffix(".ffn") { return "\(name.dropLast("ffn".count))output_adapters" }
    guard names.attentions.contains(path) else { return name }
    return names.toolkits.adapterHub?.bottlenecks == .inBlock
      ? "\(name.dropLast("attention".count))attention_adapters" : "\(name).output"
  }
}
