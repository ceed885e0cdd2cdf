import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftLoRA
import GraftTestSupport
import Testing

/// Tests a RoBERTa base model from folder to prediction.
struct RoBERTaTests {
  @Test func `a RoBERTa base is trained, saved, loaded and used for prediction`() throws {
    let task = try TinyTask()
    let work = try TemporaryFolder()
    var base = try ModelFolder(.roBERTa)
    base.rename { $0.contains("classifier") ? nil : $0 }
    try base.write()
    try base.writeTokenizer()

    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    let text = """
      base: \(base.folder.path)
      data: {path: \(task.data.path)}
      method: {name: lora, rank: 2, targets: "*.attention.self.query|value"}
      training: {epochs: 1, batch_size: 8, learning_rate: 1.0e-2}
      output: \(work.path)/run
      """
    let locator = BaseLocator(home: work.file("home"))
    let configuration = try ConfigurationFile(text: text, path: "r.yaml")
      .decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    var header: Experiment.Header?
    let summary = try Experiment(configuration, locator: locator).run(begin: { header = $0 })
    // The whole head is trained: a projection of width 32 and the classes.
    #expect(summary.trainableParameters == 6 * 128 + 32 * 32 + 32 + 2 * 32 + 2)
    #expect(header?.initialized.sorted().first == "classifier.dense.bias")

    let adapter = try LoadedAdapter(file: work.file("run"), methods: methods, locator: locator)
    let verification = try adapter.verify()
    #expect(verification.probeDifference == 0 && verification.answersRestored && verification.baseUntouched)
    let prediction = try adapter.predict("the film is good")
    #expect(["negative", "positive"].contains(prediction.label) && prediction.logits.allSatisfy(\.isFinite))
  }
}
