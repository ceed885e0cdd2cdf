import GraftCore
import GraftLoRA
import GraftTestSupport
import GraftTransformer
import Testing

struct ForwardTests {
  @Test(arguments: ReferenceMode.all)
  func `the base's logits match transformers'`(setting: ReferenceMode) throws {
    let reference = setting.reference
    let mode = setting.mode
    let run = try ReferenceRun(reference, mode)
    let expected = try reference.tensors("logits").values("base")
    for workers in [1, 2, 5] {
      #expect(distance(run.logits(workers: workers), expected) < mode.logits, "\(workers) workers")
    }
  }

  @Test(arguments: ReferenceMode.all)
  func `LoRA's logits match peft's, plain and rank-stabilized`(setting: ReferenceMode) throws {
    let reference = setting.reference
    let mode = setting.mode
    let run = try ReferenceRun(reference, mode)
    let expected = try reference.tensors("logits")
    try run.inject(run.lora, values: "lora")
    #expect(distance(run.logits(), try expected.values("lora")) < mode.logits)

    try run.model.adaptable.remove("golden")
    #expect(distance(run.logits(), try expected.values("base")) < mode.logits)

    var stabilized = run.lora
    stabilized.rankStabilized = true
    try run.inject(stabilized, values: "lora")
    #expect(distance(run.logits(), try expected.values("rank_stabilized")) < mode.logits)
  }

  @Test(arguments: ReferenceMode.all)
  func `logits with overridden ranks and alphas match peft's`(setting: ReferenceMode) throws {
    let reference = setting.reference
    let mode = setting.mode
    let run = try ReferenceRun(reference, mode)
    var configuration = run.lora
    configuration.targets =
      reference.isFused
      ? .roles(.queryKeyValue, .attentionOutput, .feedForwardIn, .feedForwardOut)
      : .roles(.query, .key, .value, .attentionOutput, .feedForwardIn, .feedForwardOut)
    let queries = TargetModules(include: [try TargetSelector("*.{0,2}.*.query|q_lin|q|Wqkv")])
    configuration.overrides = [.init(targets: queries, rank: 2, alpha: 7)]
    try run.inject(configuration, values: "patterns")
    #expect(distance(run.logits(), try reference.tensors("logits").values("patterns")) < mode.logits)
  }

  @Test(arguments: ReferenceMode.all)
  func `merging keeps the logits, and unmerging restores their bits`(setting: ReferenceMode) throws {
    let reference = setting.reference
    let mode = setting.mode
    let run = try ReferenceRun(reference, mode)
    let expected = try reference.tensors("logits").values("lora")
    try run.inject(run.lora, values: "lora")
    let attached = run.logits()
    try run.model.adaptable.merge("golden")
    #expect(run.logits() != attached)
    #expect(distance(run.logits(), expected) < mode.logits)
    try run.model.adaptable.unmerge("golden")
    #expect(run.logits() == attached)
  }

  /// The script that creates the goldens shows the same for tanh-GELU, which this model does not use.
  @Test(arguments: ReferenceModel.families + ReferenceModel.assembled)
  func `the goldens detect a single different token and a scale that is off by one percent`(reference: ReferenceModel)
    throws
  {
    let run = try ReferenceRun(reference)
    var configuration = run.lora
    configuration.alpha *= 1.01
    try run.inject(configuration, values: "lora")
    #expect(distance(run.logits(), try reference.tensors("logits").values("lora")) > 1e-4)

    try run.model.adaptable.remove("golden")
    var batch = PackedBatch()
    for (index, sequence) in run.inputs.sequences.enumerated() {
      var ids = sequence
      if index == 2 { ids[20] = (ids[20] + 1) % 96 }
      batch.append(ids: ids, typeIDs: run.inputs.types[index])
    }
    let pass = Pass()
    pass.begin(batch, mode: .inference, bindings: run.model.adaptable.bindings())
    let logits = run.model.logits(in: pass).toArray()
    #expect(distance(logits, try reference.tensors("logits").values("base")) > 1e-4)
  }
}
