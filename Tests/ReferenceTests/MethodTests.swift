import GraftCore
import GraftHarness
import GraftHoulsby
import GraftLoRA
import GraftPrefix
import GraftSafetensors
import GraftTestSupport
import GraftTransformer
import Testing

/// Compares every method with an established library: peft 0.21.2 or AdapterHub's adapters 1.3.0.
struct MethodTests {
  /// A method as implemented by a library.
  struct Case: CustomTestStringConvertible, Sendable {
    let reference: ReferenceModel
    let file: String
    let method: any ParameterEfficientMethod
    /// The maximum length in tokens of the sequences in the goldens.
    var longest = 40
    var testDescription: String { "\(file) on \(reference)" }
  }

  static let cases: [Case] = ReferenceModel.all.flatMap { reference -> [Case] in
    func houlsby(_ placement: HoulsbyConfiguration.Placement, scale: Double = 1) -> Houlsby {
      var configuration = HoulsbyConfiguration()
      configuration.placement = placement
      configuration.reductionFactor = 4
      configuration.scale = scale
      return Houlsby(configuration)
    }
    func prefix(shift: Bool) -> Prefix {
      var configuration = PrefixConfiguration()
      configuration.length = 4
      configuration.positionShift = shift
      return Prefix(configuration)
    }
    var dora = LoRAConfiguration()
    dora.rank = 3
    dora.alpha = 5
    dora.dora = true
    let both = [
      Case(reference: reference, file: "houlsby", method: houlsby(.both)),
      Case(reference: reference, file: "pfeiffer", method: houlsby(.feedForward)),
      Case(reference: reference, file: "parallel", method: houlsby(.parallel, scale: 4)),
      Case(reference: reference, file: "dora", method: LoRA(dora)),
      Case(reference: reference, file: "adapterhub_prefix", method: prefix(shift: false)),
    ]
    let peft = Case(reference: reference, file: "peft_prefix", method: prefix(shift: true), longest: 36)
    return reference.description == "bert" ? both + [peft] : both
  }

  /// Returns the model with the library's adapter, and the library's tensors.
  private func load(_ golden: Case, _ mode: Mode) throws -> (
    run: ReferenceRun, adapter: Adapter, tensors: SafetensorsFile
  ) {
    let run = try ReferenceRun(golden.reference, mode)
    let tensors = try golden.reference.tensors("methods/\(golden.file)")
    let adapter = try run.model.adaptable.inject(golden.method, as: "golden", seed: 1)
    for parameter in adapter.parameters {
      _ = parameter.values.update(from: try tensors.values("values/\(parameter.name)"))
    }
    return (run, adapter, tensors)
  }

  @Test(arguments: ReferenceModel.all)
  func `the initial keys and values of a prefix match torch's`(reference: ReferenceModel) throws {
    let run = try ReferenceRun(reference)
    let tensors = try reference.tensors("methods/activations")
    // An attached adapter does not affect them.
    try run.model.adaptable.inject(Prefix(.init()), as: "other", seed: 1)
    let longest = run.batch([2])
    let activations = run.model.attentionActivations(of: longest, tokens: 1..<longest.tokenCount - 1)
    #expect(2 * activations.count == tensors.entries.count)
    for (index, attention) in activations.enumerated() {
      #expect(distance(attention.keys, try tensors.values("keys/\(index)")) <= 1e-5, "keys of \(attention.path)")
      #expect(distance(attention.values, try tensors.values("values/\(index)")) <= 1e-5, "values of \(attention.path)")
    }
  }

  private func selected(_ run: ReferenceRun, _ golden: Case) -> [Int] {
    run.inputs.sequences.indices.filter { run.inputs.sequences[$0].count <= golden.longest }
  }

  @Test(arguments: cases, Mode.all)
  func `the logits match the library's`(golden: Case, mode: Mode) throws {
    let (run, adapter, tensors) = try load(golden, mode)
    let expected = try tensors.values("logits")
    let model = run.model
    for workers in [1, 3] {
      let parts = Workers(count: workers).run(
        run.batch(selected(run, golden)), mode: .inference, bindings: model.adaptable.bindings()
      ) { pass, _ in model.logits(in: pass).toArray() }
      #expect(distance(Array(parts.joined()), expected) <= mode.logits)
    }
    #expect(
      tensors.entries.count == 2 * adapter.parameters.count + 1, "the file contains exactly the trainable parameters")
  }

  @Test(arguments: cases, Mode.all)
  func `every gradient matches the library's`(golden: Case, mode: Mode) throws {
    let (run, adapter, tensors) = try load(golden, mode)
    let indices = selected(run, golden)
    let (model, labels) = (run.model, indices.map { run.inputs.labels[$0] })
    let bindings = model.adaptable.bindings(training: adapter)
    let workers = Workers(count: 2)
    _ = workers.run(run.batch(indices), mode: .training(nil), bindings: bindings) { pass, part in
      let partLabels = labels[part.firstSequence..<part.firstSequence + part.sequenceCount]
      _ = pass.crossEntropy(model.logits(in: pass), labels: partLabels, weight: 1 / Float(labels.count))
      pass.runBackwardPass()
    }
    let all = try workers.sumGradients().values
    for parameter in adapter.parameters {
      let offset = try #require(bindings.offset(of: parameter))
      let expected = try tensors.values("gradients/\(parameter.name)")
      #expect(
        relativeDistance(all[offset..<offset + parameter.count], expected) <= mode.gradients, "\(parameter.name)")
    }
  }
}
