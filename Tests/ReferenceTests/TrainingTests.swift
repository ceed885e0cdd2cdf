import GraftCore
import GraftHarness
import GraftLoRA
import GraftObjectives
import GraftTestSupport
import GraftTransformer
import Testing

struct TrainingTests {
  @Test(arguments: ReferenceMode.all, [1, 3])
  func `the gradient of every trainable tensor matches torch's`(setting: ReferenceMode, workers: Int) throws {
    let reference = setting.reference
    let mode = setting.mode
    let run = try ReferenceRun(reference, mode)
    let adapter = try run.inject(run.lora, values: "lora")
    let (model, labels) = (run.model, run.inputs.labels)
    let bindings = model.adaptable.bindings(training: adapter)
    let workers = Workers(count: workers)
    let losses = workers.run(run.batch(labels.indices), mode: .training(nil), bindings: bindings) { pass, part in
      let logits = model.logits(in: pass)
      let partLabels = labels[part.firstSequence..<part.firstSequence + part.sequenceCount]
      let loss = pass.crossEntropy(logits, labels: partLabels, weight: 1 / Float(labels.count))
      pass.runBackwardPass()
      return loss
    }
    let expected = try run.reference.numbers().loss
    #expect(abs(losses.reduce(0, +) - expected) / expected < mode.gradients / 10)

    let gradients = try reference.tensors("gradients")
    #expect(gradients.entries.count == adapter.parameters.count)
    let all = try workers.sumGradients().values
    for parameter in adapter.parameters {
      let offset = try #require(bindings.offset(of: parameter))
      let error = relativeDistance(all[offset..<offset + parameter.count], try gradients.values(parameter.name))
      #expect(error <= mode.gradients, "\(parameter.name)")
    }
  }

  @Test(arguments: ReferenceMode.all)
  func `twenty steps of AdamW match torch's`(setting: ReferenceMode) throws {
    let reference = setting.reference
    let mode = setting.mode
    let run = try ReferenceRun(reference, mode)
    let adapter = try run.inject(run.lora, values: "lora")
    let expected = try reference.numbers().trajectory
    var training = TrainingConfiguration()
    training.learningRate = expected.learningRate
    training.warmupRatio = Double(expected.warmupSteps) / Double(expected.steps)
    training.betas = [expected.beta1, expected.beta2]
    training.epsilon = expected.epsilon
    training.weightDecay = expected.weightDecay
    training.maxGradNorm = expected.maxGradientNorm
    training.baseDropout = 0
    let steps = TrainingSteps(
      model: run.model, adapter: adapter, objective: Classification(labelNames: ["a", "b", "c"]),
      configuration: training, totalSteps: expected.steps,
      workers: Workers(count: 2))
    for step in 0..<expected.steps {
      let indices = (0..<expected.batchSize).map { (expected.batchSize * step + $0) % run.inputs.labels.count }
      let result = try steps.run(step + 1, run.batch(indices), targets: indices.map { .label(run.inputs.labels[$0]) })
      func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= mode.trajectory * abs(b) }
      #expect(close(result.loss, expected.losses[step]), "loss of step \(step)")
      let norm = expected.gradientNorms[step]
      #expect(
        abs(result.gradientNorm - norm) <= max(mode.trajectory, mode.gradients) * norm, "gradient norm of step \(step)")
      #expect(abs(result.learningRate - expected.learningRates[step]) < 1e-12, "rate of step \(step)")
    }
    let final = try reference.tensors("final")
    for parameter in adapter.parameters {
      #expect(
        relativeDistance(parameter.values, try final.values(parameter.name)) < mode.trajectory, "\(parameter.name)")
    }
  }
}

/// Training on other objectives than classification.
struct ObjectiveTrainingTests {
  private static let objectives: [(name: String, objective: any Objective, target: @Sendable ([Float]) -> Target)] = [
    ("regression", Regression(name: "number"), { .value($0[0]) }),
    ("multi_label", MultiLabel(labels: ["a", "b", "c"]), { row in .labels(row.indices.filter { row[$0] == 1 }) }),
  ]

  @Test(arguments: ReferenceMode.ofMethods, objectives.indices)
  func `twenty steps on an objective match torch's`(setting: ReferenceMode, index: Int) throws {
    let (name, objective, target) = Self.objectives[index]
    let reference = setting.reference
    let mode = setting.mode
    let run = try ReferenceRun(reference, mode)
    let golden = try reference.tensors("methods/\(name)")
    let adapter = try run.model.inject(LoRA(run.lora), as: "golden", seed: 1, classes: objective.outputCount)
    for parameter in adapter.parameters {
      _ = parameter.values.update(from: try golden.values("values/\(parameter.name)"))
    }
    var training = TrainingConfiguration()
    training.learningRate = 1e-2
    training.schedule = .constant
    training.weightDecay = 0.1
    training.maxGradNorm = 0
    training.baseDropout = 0
    let steps = TrainingSteps(
      model: run.model, adapter: adapter, objective: objective, configuration: training, totalSteps: 20,
      workers: Workers(count: 2))
    let (flat, losses) = (try golden.values("targets"), try golden.values("losses"))
    let targets = stride(from: 0, to: flat.count, by: objective.outputCount).map {
      target(Array(flat[$0..<$0 + objective.outputCount]))
    }
    for step in 0..<20 {
      let indices = (0..<4).map { (4 * step + $0) % targets.count }
      let result = try steps.run(step + 1, run.batch(indices), targets: indices.map { targets[$0] })
      #expect(abs(result.loss - Double(losses[step])) <= mode.trajectory * Double(losses[step]), "loss of step \(step)")
    }
    for parameter in adapter.parameters {
      let final = try golden.values("final/\(parameter.name)")
      #expect(relativeDistance(parameter.values, final) < mode.trajectory, "\(parameter.name)")
    }
  }
}
