import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftPrefix
import GraftTestSupport
import Testing

/// A prefix that is trained with a projection is folded when it is saved; the model in memory does not change.
struct FoldingTests {
  let work: TemporaryFolder
  let task: TinyTask
  let base: PretrainedBase

  init() throws {
    work = try TemporaryFolder()
    task = try TinyTask()
    base = try PretrainedBase(task.base.folder.path, seed: 1, locator: BaseLocator(home: work.file("home")))
  }

  private func inject(_ id: AdapterID) throws -> Adapter {
    var configuration = PrefixConfiguration()
    configuration.length = 5
    configuration.projection = 7
    return try base.model.inject(Prefix(configuration), as: id, seed: 3, classes: 2)
  }

  private func write(_ adapter: Adapter, _ path: String) throws {
    try AdapterFile.write(
      adapter, on: base, task: AdapterTask(labels: ["a", "b"], columns: .init(text: "text", label: "label")),
      maxLength: 64, seed: 1,
      workers: Workers(count: 1), to: path)
  }

  @Test func `saving does not change an adapter, even if it is named 'folded'`() throws {
    for id in ["folded", "imported", "counted"] as [AdapterID] {
      let adapter = try inject(id)
      let before = adapter.parameters.map { Array($0.values) }
      let others = base.model.adaptable.adapters.map(\.id)
      try write(adapter, work.file("\(id).zst"))
      #expect(base.model.adaptable.adapters.map(\.id) == others)
      #expect(adapter.parameters.map { Array($0.values) } == before)
    }
    let files = try ["folded", "imported", "counted"].map { try work.bytes("\($0).zst") }
    #expect(files[0] == files[1] && files[0] == files[2], "the file does not contain the name")
  }

  @Test func `a folded prefix has the same logits as the trained one`() throws {
    let adapter = try inject("folded")
    try write(adapter, work.file("a.zst"))
    // Attaching checks the reference logits in the file, which are those of the trained prefix.
    let loaded = try LoadedAdapter(
      file: work.file("a.zst"), on: base, as: "loaded", methods: ContractTests.registry())
    let names = try #require(base.model.adaptable.adapter("loaded")).parameters.map(\.name)
    #expect(!names.contains { $0.contains("projection") } && names.contains { $0.hasSuffix("prefix_keys") })
    #expect(try loaded.verify().probeDifference < 1e-6)
  }

  @Test func `packing does not affect adapters with similar names`() throws {
    let adapter = try inject("folded")
    try write(adapter, work.file("a.zst"))
    _ = try inject("x as f16")
    _ = try inject("x rounded")
    let loaded = try LoadedAdapter(file: work.file("a.zst"), on: base, as: "x", methods: ContractTests.registry())
    _ = try loaded.packed(as: .float16)
    #expect(base.model.adaptable.adapters.map(\.id) == ["folded", "x as f16", "x rounded", "x"])
  }
}
