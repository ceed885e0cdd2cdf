public import GraftCore

extension LoRA: MLXExchangeable {
  /// `lora` and `dora`
  public static let mlxTypes = ["lora", "dora"]

  /// Reads LoRA and DoRA with `lora_a` `[in, R]`, `lora_b` `[R, out]`, and a scale instead of alpha.
  public init(reading file: any MLXReader) throws {
    var configuration = LoRAConfiguration()
    configuration.dora = file.type == "dora"
    let options = try file.config.object("lora_parameters")
    configuration.rank = try options.whole("rank", from: 1, to: 16384) ?? 8
    let scale = try options.number("scale") ?? 20
    configuration.alpha = scale * Double(configuration.rank)
    guard Allowed.fitsFloat(configuration.alpha) else {
      throw options.error(
        "scale", "\(scale) times the rank \(configuration.rank) is out of a 32-bit float's range")
    }
    configuration.dropout = try options.probability("dropout")
    // The tensors determine the modules.
    options.ignore(["keys"])
    try options.finish()
    var modules: Set<ModulePath> = []
    let parts = [".lora_a": "lora_A", ".lora_b": "lora_B", ".m": "lora_magnitude_vector"]
    for entry in file.tensors.entries {
      let name = file.moduleName(of: entry)
      guard let (end, part) = parts.first(where: { name.hasSuffix($0.key) }) else { continue }
      let path = try file.projection(name.dropLast(end.count), of: entry)
      let tensor = try file.tensors.read(entry)
      modules.insert(path)
      try file.set(part, of: path, to: end == ".m" ? tensor : tensor.transposed)
    }
    configuration.targets = file.names.targets(modules)
    self.init(configuration)
  }
}
