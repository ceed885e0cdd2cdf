public import GraftCore
import GraftSafetensors

/// Finds a model's parameters in a checkpoint, with any known prefix or spelling of the keys, and tracks which tensors are used.
public struct WeightLoader {
  /// The model folder, for messages.
  let folder: String
  private let checkpoint: Checkpoint
  private let prefix: String
  private let products: FrozenProducts
  /// The checkpoint key of each parameter that was found, by parameter name.
  private(set) var keys: [String: String] = [:]
  /// The names of the parameters that were missing and have been initialized.
  private(set) var initialized: [String] = []

  /// The initializer of a new head's weights, as in transformers; its biases are zero.
  let headInitializer: Initializer

  /// What to do if a parameter is missing.
  enum Missing {
    case refuse
    case initialize(seed: UInt64)
  }

  init(
    _ checkpoint: Checkpoint, folder: String, prefix: String, headDeviation: Float, products: FrozenProducts
  ) {
    self.checkpoint = checkpoint
    self.folder = folder
    self.products = products
    self.prefix = prefix
    headInitializer = .normal(deviation: headDeviation)
  }

  /// The keys of unused tensors, sorted.
  var unused: [String] {
    let used = Set(keys.values)
    return checkpoint.names.filter { !used.contains($0) }.sorted()
  }

  /// Returns the possible keys of a parameter: with or without the family's prefix; layer norms in old TensorFlow checkpoints
  /// have `gamma` and `beta`.
  private func spellings(of name: String) -> [String] {
    var names = [name]
    if name.contains("LayerNorm") || name.contains("layer_norm") {
      if name.hasSuffix(".weight") { names.append(name.dropLast("weight".count) + "gamma") }
      if name.hasSuffix(".bias") { names.append(name.dropLast("bias".count) + "beta") }
    }
    return names.flatMap { [prefix + $0, $0] }
  }

  private func key(of name: String) -> String? { spellings(of: name).first { checkpoint[$0] != nil } }

  /// Returns whether the checkpoint has a module's weight or bias; if it has one, it must have both.
  func has(_ path: ModulePath) -> Bool { ["weight", "bias"].contains { key(of: path.parameter($0)) != nil } }

  func shape(of name: String) -> [Int]? { key(of: name).flatMap { checkpoint[$0] }?.entry.shape }

  /// Loads a parameter. F32 values stay in the mapped file; other types are converted.
  ///
  /// - Parameters:
  ///   - name: The name without the family's prefix.
  ///   - shape: The expected shape.
  /// - Throws: ``TransformerError`` if the tensor is missing or has another shape.
  public mutating func parameter(_ name: String, _ shape: [Int]) throws -> Parameter {
    try parameter(name, shape, missing: .refuse)
  }

  mutating func parameter(_ name: String, _ shape: [Int], missing: Missing) throws -> Parameter {
    guard let key = key(of: name), let found = checkpoint[key] else {
      guard case .initialize(let seed) = missing else {
        throw TransformerError.missingTensor(folder: folder, name: name, candidates: spellings(of: name))
      }
      return newParameter(name, shape, seed: seed)
    }
    guard found.entry.shape == shape else {
      throw TransformerError.shape(folder: folder, name: key, expected: shape, found: found.entry.shape)
    }
    keys[name] = key
    if let floats = try found.file.floats(of: found.entry) {
      return Parameter(name: name, shape: shape, storage: FloatStorage(borrowing: floats, from: found.file))
    }
    let parameter = Parameter(name: name, shape: shape)
    try found.file.convertFloats(of: found.entry, into: parameter.values)
    return parameter
  }

  private mutating func newParameter(_ name: String, _ shape: [Int], seed: UInt64) -> Parameter {
    initialized.append(name)
    let parameter = Parameter(name: name, shape: shape)
    (name.hasSuffix(".bias") ? Initializer.zeros : headInitializer).fill(parameter, seed: seed)
    return parameter
  }

  /// Creates a newly initialized projection of the head, regardless of the checkpoint.
  mutating func newLinear(_ path: ModulePath, output: Int, input: Int, seed: UInt64) -> Linear {
    Linear(
      weight: newParameter(path.parameter("weight"), [output, input], seed: seed),
      bias: newParameter(path.parameter("bias"), [output], seed: seed),
      products: FrozenProducts(.float32, by: .openBLAS))
  }

  /// Loads a projection. A trained projection of the head is not packed, because every adapter has its own values.
  mutating func linear(
    _ path: ModulePath, output: Int, input: Int, hasBias: Bool = true, missing: Missing = .refuse,
    isTrained: Bool = false
  ) throws -> Linear {
    Linear(
      weight: try parameter(path.parameter("weight"), [output, input], missing: missing),
      bias: hasBias ? try parameter(path.parameter("bias"), [output], missing: missing) : nil,
      products: isTrained ? FrozenProducts(.float32, by: .openBLAS) : products)
  }

  /// Loads a projection of the encoder as a place for adapters.
  ///
  /// - Parameters:
  ///   - path: The path, without the family's prefix.
  ///   - role: The role.
  ///   - layer: The index of the block, from 0.
  ///   - output: The number of outputs.
  ///   - input: The number of inputs.
  ///   - hasBias: Whether the projection has a bias.
  /// - Throws: ``TransformerError`` if a tensor is missing or has another shape.
  public mutating func projection(
    _ path: String, role: Role, layer: Int, output: Int, input: Int, hasBias: Bool = true
  ) throws -> ProjectionSlot {
    let path = ModulePath(path)
    return ProjectionSlot(
      path: path, role: role, layer: layer,
      frozen: try linear(path, output: output, input: input, hasBias: hasBias))
  }

  /// Loads the layer norm of a head, which has no bias, or creates one that scales by one.
  mutating func headNorm(_ path: String, width: Int, epsilon: Float) throws -> NamedNorm {
    guard !has(ModulePath(path)) else { return try norm(path, width: width, epsilon: epsilon, hasBias: false) }
    let name = ModulePath(path).parameter("weight")
    initialized.append(name)
    let weight = Parameter(name: name, shape: [width])
    weight.values.update(repeating: 1)
    return NamedNorm(path: ModulePath(path), norm: LayerNorm(weight: weight, bias: nil, epsilon: epsilon))
  }

  /// Loads a layer norm.
  ///
  /// - Parameters:
  ///   - path: The path, without the family's prefix.
  ///   - width: The number of features.
  ///   - epsilon: The constant added to the variance.
  ///   - hasBias: Whether the norm has a bias.
  /// - Throws: ``TransformerError`` if a tensor is missing or has another shape.
  public mutating func norm(_ path: String, width: Int, epsilon: Float, hasBias: Bool = true) throws -> NamedNorm {
    let path = ModulePath(path)
    return NamedNorm(
      path: path,
      norm: LayerNorm(
        weight: try parameter(path.parameter("weight"), [width]),
        bias: hasBias ? try parameter(path.parameter("bias"), [width]) : nil, epsilon: epsilon))
  }
}
