import GraftCore

extension IA3: PeftExchangeable {
  /// `IA3`
  public static let peftTypes = ["IA3"]

  /// Reads IA3. A column vector multiplies outputs, a row vector multiplies inputs.
  public init(reading file: any PeftReader) throws {
    file.config.ignore(["init_ia3_weights", "init_weights"])
    try file.ignoreOrientation()
    var outputs: Set<ModulePath> = []
    var inputs: Set<ModulePath> = []
    for entry in file.tensors.entries where entry.name.contains(".ia3_l") {
      let (path, part) = try file.module(of: entry, before: ".ia3_l")
      guard part == "ia3_l", entry.shape.count == 2, entry.shape.contains(1) else {
        throw entry.error("has shape \(entry.shape), expected a row or column vector")
      }
      if entry.shape[1] == 1 { outputs.insert(path) } else { inputs.insert(path) }
      try file.set("ia3_l", of: path, to: file.tensors.read(entry).reshaped([entry.count]))
    }
    try file.requireTargets(outputs.union(inputs), default: nil)
    let isFeedForward = try file.selection("feedforward_modules")
    for path in outputs.union(inputs) where (isFeedForward?(path) ?? false) != inputs.contains(path) {
      let expected =
        inputs.contains(path)
        ? "a column vector for its outputs, got a row vector" : "a row vector for its inputs, got a column vector"
      throw file.config.error(
        "feedforward_modules", "does not match the tensor of \(file.key(of: path)): expected \(expected)")
    }
    var configuration = Configuration()
    configuration.targets = file.names.targets(outputs)
    configuration.feedForward = file.names.targets(inputs)
    self.init(configuration)
  }

  /// Returns IA3, with the full names of the modules.
  public func peftContent(of adapter: ExportedAdapter) throws -> PeftContent {
    let modules = adapter.modules(with: "ia3_l")
    let inputs = modules.filter { configuration.feedForward.matches($0.path, role: $0.role) }.map(\.path)
    var content = PeftContent(
      "IA3", of: adapter,
      config: [
        "fan_in_fan_out": false, "target_modules": .strings(modules.map { adapter.names.foreign($0.path) }),
        "feedforward_modules": .strings(inputs.map { adapter.names.foreign($0) }),
      ])
    content.tensors = modules.map { module in
      let values = Array(module.parameter.values)
      let shape = inputs.contains(module.path) ? [1, values.count] : [values.count, 1]
      return ExportedTensor(content.name(of: module.path, "ia3_l"), shape: shape, values: values)
    }
    return content
  }
}
