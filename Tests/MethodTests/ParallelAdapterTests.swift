import GraftCore
import GraftHarness
import GraftTestSupport
import Testing

/// The method that `Docs/adding-a-method.md` shows.
struct ParallelAdapterTests {
  @Test func `a program can register the method and name it in a configuration`() throws {
    let task = try TinyTask()
    let folder = try TemporaryFolder()
    let text = task.configuration(output: folder.file("run"))
    try folder.write(text.replacing(/(?m)^method:.*$/, with: "method: {name: parallel, width: 4}"), to: "parallel.yaml")
    let path = folder.file("parallel.yaml")

    var methods = MethodRegistry()
    try methods.register(ParallelAdapter.self)
    let file = try ConfigurationFile(path: path)
    let experiment = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    let summary = try Experiment(experiment).run()
    #expect(summary.method == "parallel" && summary.steps == 12)
  }
}
