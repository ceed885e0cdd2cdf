import Foundation
import GraftAdapterFiles
import GraftCore
import GraftLoRA
import GraftTestSupport
import Testing

/// A real model agrees with transformers and peft (`Tests/Goldens/real_model_goldens.py`).
@Suite(
  .enabled(
    if: RealBase.folder("all-mpnet-base-v2") != nil,
    "the base is not in the cache: run 'graft get base all-mpnet-base-v2'"))
struct RealModelTests {
  private struct Golden: Decodable {
    let sentences: [String]
    let labels: [Int]
    let ids: [[Int32]]
    let logits: [[Float]]
    let loss: Double
    let gradients: [String: [Double]]
  }

  @Test func `tokens, logits, and gradients of MPNet match those of transformers`() throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/all-mpnet-base-v2", withExtension: "json"))
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    let base = try PretrainedBase(
      #require(RealBase.folder("all-mpnet-base-v2")), classes: 2,
      products: FrozenProducts(.float32, by: FrozenProducts().library))
    let encodings = golden.sentences.map { base.tokenizer.encode($0, pair: nil, maxLength: 128) }
    #expect(encodings.map(\.ids) == golden.ids)

    var lora = LoRAConfiguration()
    lora.rank = 2
    lora.alpha = 4
    let adapter = try base.model.inject(LoRA(lora), as: "golden", seed: 1, classes: 2)
    for (index, parameter) in adapter.parameters.sorted(by: { $0.name < $1.name }).enumerated() {
      let scale = parameter.name.hasSuffix("lora_A") ? 0.02 : 0.05
      for i in parameter.values.indices { parameter.values[i] = Float(scale * sin(Double(index) + 1.7 * Double(i))) }
    }
    var batch = PackedBatch()
    for encoding in encodings { batch.append(ids: encoding.ids, typeIDs: encoding.typeIDs) }
    let (model, labels) = (base.model, golden.labels)
    let bindings = model.adaptable.bindings(training: adapter)
    let workers = Workers(count: 2)
    let parts = workers.run(batch, mode: .training(nil), bindings: bindings) { pass, part in
      let logits = model.logits(in: pass)
      let loss = pass.crossEntropy(
        logits, labels: labels[part.firstSequence..<part.firstSequence + part.sequenceCount],
        weight: 1 / Float(labels.count))
      let rows = logits.toRows()
      pass.runBackwardPass()
      return (rows, loss)
    }
    let logits = parts.flatMap(\.0)
    #expect(distance(Array(logits.joined()), Array(golden.logits.joined())) < 1e-4)
    #expect(abs(parts.reduce(0) { $0 + $1.1 } - golden.loss) < 1e-4 * golden.loss)

    let all = try workers.sumGradients().values
    #expect(Set(adapter.parameters.map(\.name)) == Set(golden.gradients.keys))
    for parameter in adapter.parameters {
      let offset = try #require(bindings.offset(of: parameter))
      let gradient = all[offset..<offset + parameter.count].map(Double.init)
      let expected = try #require(golden.gradients[parameter.name])
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let product = gradient.enumerated().reduce(0) { $0 + $1.element * cos(2.3 * Double($1.offset)) }
      #expect(abs(norm - expected[0]) <= 1e-4 * expected[0], "\(parameter.name): norm \(norm) \(expected[0])")
      #expect(abs(product - expected[1]) <= 1e-4 * expected[0], "\(parameter.name): product \(product) \(expected[1])")
    }
  }
}
