import GraftCore
import GraftHarness
import GraftLoRA
import GraftSafetensors
import GraftTestSupport
import GraftTransformer

/// The small model of one family in our hands, asked what transformers and peft were asked.
struct ReferenceRun {
  let reference: ReferenceModel
  let model: SequenceClassifier
  let inputs: ReferenceModel.Inputs

  init(_ reference: ReferenceModel, _ mode: Mode = .standard) throws {
    self.reference = reference
    model = try SequenceClassifier(folder: reference.folder, classes: 3, seed: 0, products: mode.products)
    inputs = try reference.inputs()
  }

  /// Some of the sequences as one packed batch.
  func batch(_ indices: some Sequence<Int>) -> PackedBatch {
    var batch = PackedBatch()
    for index in indices { batch.append(ids: inputs.sequences[index], typeIDs: inputs.types[index]) }
    return batch
  }

  /// The logits of all sequences, `[12, 3]`.
  func logits(workers: Int = 1) -> [Float] {
    let model = model
    let parts = Workers(count: workers).run(
      batch(inputs.sequences.indices), mode: .inference, bindings: model.adaptable.bindings()
    ) { pass, _ in model.logits(in: pass).toArray() }
    return Array(parts.joined())
  }

  /// Injects LoRA with the values that peft had.
  @discardableResult
  func inject(_ configuration: LoRAConfiguration, values file: String) throws -> Adapter {
    let adapter = try model.adaptable.inject(LoRA(configuration), as: "golden", seed: 1)
    let tensors = try reference.tensors(file)
    for parameter in adapter.parameters {
      _ = parameter.values.update(from: try tensors.values(parameter.name))
    }
    return adapter
  }

  /// The first adapter: rank 3, alpha 5, on query and value.
  var lora: LoRAConfiguration {
    var configuration = LoRAConfiguration()
    configuration.rank = 3
    configuration.alpha = 5
    return configuration
  }
}

/// The largest absolute difference; infinite when the counts differ.
func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

/// `||a - b|| / ||b||`, infinite when the counts differ.
func relativeDistance(_ a: some Collection<Float>, _ b: [Float]) -> Double {
  guard a.count == b.count else { return .infinity }
  var (difference, size) = (0.0, 0.0)
  for (x, y) in zip(a, b) {
    difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
    size += Double(y) * Double(y)
  }
  return (difference / size).squareRoot()
}
