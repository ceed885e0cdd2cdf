import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftLoRA
import GraftObjectives
import GraftTestSupport
import GraftTransformer
import Testing

/// An objective can read the outputs of all tokens.
struct RowsTests {
  /// The mean of the outputs of all tokens is the number to predict.
  private struct MeanOverTokens: Objective {
    static let name = "mean_over_tokens"
    static let hasLabels = false
    static let labelCounts = 1...1
    let labelNames = ["number"]
    let labels: [String] = []
    let rows = EncoderRows.all
    let metrics = [Metric.pearson]
    let summary = "a number"

    init(labelNames: [String]) {}
    static func labels(in field: TargetField) throws(TargetError) -> [String] { [] }
    func target(_ field: TargetField) throws(TargetError) -> Target { .value(0) }
    func check(_ target: Target) throws(TargetError) {}

    func loss(_ outputs: Tensor, _ targets: ArraySlice<Target>, weight: Float, in pass: Pass) -> Double {
      let batch = pass.batch
      var sum = 0.0
      for (sequence, target) in targets.enumerated() {
        let tokens = batch.offsets[sequence]..<batch.offsets[sequence + 1]
        let difference = tokens.reduce(0) { $0 + outputs.values[$1] } / Float(tokens.count) - target.value
        sum += Double(difference * difference)
        for token in tokens { outputs.gradient?[token] += 2 * difference * weight / Float(tokens.count) }
      }
      return sum * Double(weight)
    }

    func loss(_ outputs: [Float], _ target: Target) -> Double {
      let difference = Double(outputs.reduce(0, +) / Float(outputs.count) - target.value)
      return difference * difference
    }

    func baseline(_ training: [Target]) -> Baseline { Baseline(name: "zero", summary: "zero", outputs: [0]) }

    func answer(_ outputs: [Float]) -> Answer { Answer(text: "\(outputs.count)", json: [:]) }
  }

  @Test func `training, evaluation, prediction, and the probe use the outputs of all tokens`() throws {
    let folder = try ModelFolder.written(.bert).folder
    let locator = BaseLocator(home: folder.file("home"))
    var objectives = ObjectiveRegistry.builtIn
    try objectives.register(MeanOverTokens.self)
    let objective = MeanOverTokens(labelNames: [])
    let base = try PretrainedBase(folder.path, seed: 1, locator: locator)
    let adapter = try base.model.inject(LoRA(LoRAConfiguration()), as: "a", seed: 1, classes: 1)
    let texts = ["a b c", "good", "bad and good", "a", "the film is very bad", "is"]
    let examples = EncodedExamples(
      texts.enumerated().map { Example(text: $1, target: .value(Float($0 % 3))) }, tokenizer: base.tokenizer,
      maxLength: 16)
    var training = TrainingConfiguration()
    training.learningRate = 1e-2
    training.batchSize = 6
    training.maxSteps = 60
    training.baseDropout = 0
    let trainer = Trainer(
      model: base.model, adapter: adapter, configuration: training, objective: objective, shuffles: true,
      workers: Workers(count: 2))
    let outcome = try trainer.train(on: examples, evaluatingOn: examples) { _ in }
    #expect(outcome.final.result.loss < 0.1)

    let task = TaskDefinition.custom(.init(text: "text", label: "label"), objective: objective)
    let path = folder.file("a.safetensors.zst")
    _ = try AdapterFile.write(
      adapter, on: base, task: task.adapterTask, maxLength: 16, seed: 1, workers: Workers(count: 1), to: path)
    let other = try PretrainedBase(folder.path, locator: locator)
    let loaded = try LoadedAdapter(file: path, on: other, objectives: objectives)
    #expect(loaded.file.metadata.probe.logits.map(\.count) == loaded.file.metadata.probe.ids.map(\.count))
    #expect(try loaded.predict(texts.map { ($0, nil) }).map(\.logits.count) == [5, 3, 5, 3, 7, 3])
    // Adapters that read all tokens and adapters that read the first one in the same call.
    var lora = LoRAConfiguration()
    lora.rank = 2
    let plain = try base.model.inject(LoRA(lora), as: "plain", seed: 2, classes: 2)
    let plainPath = folder.file("b.safetensors.zst")
    _ = try AdapterFile.write(
      plain, on: base, task: AdapterTask(labels: ["x", "y"], columns: .init(text: "text", label: "label")),
      maxLength: 16, seed: 1, workers: Workers(count: 1), to: plainPath)
    let second = try LoadedAdapter(file: plainPath, on: other, as: "plain")
    let mixed = try LoadedAdapter.predict([(second, texts[0], nil), (loaded, texts[0], nil), (second, texts[1], nil)])
    #expect(mixed.map(\.logits.count) == [2, 5, 2])
    #expect(
      try mixed.map(\.logits) == [
        second.predict(texts[0]).logits, loaded.predict(texts[0]).logits, second.predict(texts[1]).logits,
      ])
  }
}
