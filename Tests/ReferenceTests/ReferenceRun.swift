import GraftCore
import GraftHarness
import GraftLoRA
import GraftSafetensors
import GraftTestSupport
import GraftTransformer

/// The small reference model of one family, with the same inputs that transformers and peft got.
struct ReferenceRun {
  let reference: ReferenceModel
  let model: SequenceClassifier
  let inputs: ReferenceModel.Inputs

  init(_ reference: ReferenceModel, _ mode: Mode = .standard) throws {
    self.reference = reference
    var families = FamilyRegistry.builtIn
    try families.register(ModernBERTParts.self)
    try families.register(ALBERTParts.self)
    model = try SequenceClassifier(
      folder: reference.folder, classes: 3, seed: 0, products: mode.products, families: families)
    inputs = try reference.inputs()
  }

  /// Returns some of the sequences as one packed batch.
  func batch(_ indices: some Sequence<Int>) -> PackedBatch {
    var batch = PackedBatch()
    for index in indices { batch.append(ids: inputs.sequences[index], typeIDs: inputs.types[index]) }
    return batch
  }

  /// Returns the logits of all sequences, `[12, 3]`.
  func logits(workers: Int = 1) -> [Float] {
    let model = model
    let parts = Workers(count: workers).run(
      batch(inputs.sequences.indices), mode: .inference, bindings: model.adaptable.bindings()
    ) { pass, _ in model.logits(in: pass).toArray() }
    return Array(parts.joined())
  }

  /// Injects LoRA with peft's values.
  @discardableResult
  func inject(_ configuration: LoRAConfiguration, values file: String) throws -> Adapter {
    let adapter = try model.adaptable.inject(LoRA(configuration), as: "golden", seed: 1)
    let tensors = try reference.tensors(file)
    for parameter in adapter.parameters {
      _ = parameter.values.update(from: try tensors.values(parameter.name))
    }
    return adapter
  }

  /// The first adapter: rank 3, alpha 5, on query and value, or on the projection that contains them.
  var lora: LoRAConfiguration {
    var configuration = LoRAConfiguration()
    if reference.isFused { configuration.targets = .roles(.queryKeyValue) }
    configuration.rank = 3
    configuration.alpha = 5
    return configuration
  }
}

/// Returns the largest absolute difference; infinite if the counts differ.
func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

/// Returns `||a - b|| / ||b||`; infinite if the counts differ.
func relativeDistance(_ a: some Collection<Float>, _ b: [Float]) -> Double {
  guard a.count == b.count else { return .infinity }
  var (difference, size) = (0.0, 0.0)
  for (x, y) in zip(a, b) {
    difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
    size += Double(y) * Double(y)
  }
  return (difference / size).squareRoot()
}
