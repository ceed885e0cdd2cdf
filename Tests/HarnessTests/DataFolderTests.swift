import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftLoRA
import GraftSupport
import GraftTestSupport
import Testing

/// Tests which files of a data folder are used, and the notes about the others.
struct DataFolderTests {
  let task: TinyTask
  let work: TemporaryFolder

  init() throws {
    task = try TinyTask()
    work = try TemporaryFolder()
  }

  private static func rows(_ count: Int, _ separator: String = ",") -> String {
    "text\(separator)label\n" + (0..<count).map { "film \($0)\(separator)\($0 % 2 == 0 ? "pos" : "neg")\n" }.joined()
  }

  private func experiment(_ changes: String...) throws -> Experiment {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    var file = try ConfigurationFile(text: task.configuration(output: work.file("run")), path: "own.yaml")
    for change in ["task=custom", "data.path=\(work.file("data"))", "training.max_steps=1"] + changes {
      try file.set(change)
    }
    return Experiment(
      try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods)),
      locator: BaseLocator(home: work.file("home")))
  }

  private func header(_ changes: String...) throws -> Experiment.Header {
    var header: Experiment.Header?
    let experiment = changes.isEmpty ? try experiment() : try experiment(changes[0])
    _ = try experiment.run(begin: { header = $0 })
    return try #require(header)
  }

  private func load() throws -> LoadedAdapter {
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    return try LoadedAdapter(
      file: work.file("run/adapter.safetensors.zst"), methods: methods, locator: BaseLocator(home: work.file("home")))
  }

  @Test(arguments: [
    "dev.csv", "validation.csv", "valid.csv", "val.csv", "eval.csv", "evaluation.csv", "Validation.CSV", "val.tsv",
    "validation-00000-of-00001.csv", "test.csv", "testing.csv",
  ])
  func `an evaluation file is found by any of its usual names`(name: String) throws {
    try work.write(Self.rows(24), to: "data/train.csv")
    try work.write(Self.rows(8, name.hasSuffix("tsv") ? "\t" : ","), to: "data/\(name)")
    let header = try header()
    #expect(header.trainExamples == 24 && header.evalExamples == 8)
    #expect(header.evaluation == .file("\(work.path)/data/\(name)", isTest: name.hasPrefix("test")))
    #expect(header.notes.isEmpty, "\(header.notes)")
  }

  @Test func `the first of the usual names is used, and unused files are listed`() throws {
    for (name, count) in [
      ("training.jsonl", 0), ("val.csv", 10), ("valid.csv", 6), ("test.csv", 4), ("notes.md", 1),
      ("validation.tsv.bak", 3),
    ] {
      try work.write(Self.rows(count), to: "data/\(name)")
    }
    let lines = (0..<24).map { "{\"text\": \"film \($0)\", \"label\": \($0 % 2)}\n" }.joined()
    try work.write(lines, to: "data/training.jsonl")
    try work.write("x", to: "data/.hidden")
    try work.write("x", to: "data/more/x.csv")
    for name in ["val.csv", "valid.csv", "test.csv"] {
      try work.write("text,label\na,1\nb,0\n" + (name == "valid.csv" ? "c,1\n" : ""), to: "data/\(name)")
    }
    let header = try header()
    #expect(header.trainExamples == 24 && header.evalExamples == 3)
    #expect(header.notes == ["Not used: 'more', 'notes.md', 'test.csv', 'val.csv', 'validation.tsv.bak'."])
  }

  @Test(arguments: ["id,text\n1,a\n", "text,label\na,-1\nb,-1\n", "text,label\na,\nb,\n"])
  func `a test file without labels is not evaluated but listed`(content: String) throws {
    try work.write(Self.rows(24), to: "data/train.csv")
    try work.write(content, to: "data/test.csv")
    let header = try header()
    #expect(header.isHeldOut && header.trainExamples == 22 && header.evalExamples == 2)
    #expect(header.notes == ["Not used: 'test.csv'."])
  }

  @Test func `file names are quoted, and a long list is shortened`() throws {
    try work.write(Self.rows(24), to: "data/train.csv")
    for number in 0..<30 { try work.write("x", to: "data/x\(10 + number)\u{1B}") }
    let header = try header()
    let shown = (10..<18).map { "'x\($0)\\u{1b}'" }.joined(separator: ", ")
    #expect(header.notes == ["Not used: \(shown) and 22 more."])
  }

  @Test func `labels that differ only in Unicode normalization are rejected, not merged`() throws {
    try work.write("text,label\na,caf\u{E9}\nb,x\nc,cafe\u{301}\n", to: "data/train.csv")
    let error = #expect(throws: TaskError.self) { try experiment().run() }
    #expect(
      error?.description.contains("train.csv:4: label 'cafe\u{301}' appears in two Unicode forms") == true)
  }

  @Test func `an evaluation file in an unsupported format is named with the reason`() throws {
    try work.write(Self.rows(24), to: "data/train.csv")
    try work.write("PAR1", to: "data/validation.parquet")
    let note = try #require(try header().notes.first)
    #expect(
      note.hasPrefix("Not used: 'validation.parquet'. 'validation.parquet' is a Parquet file, which is not supported"))
  }

  @Test func `the error for a folder without a training file lists its files`() throws {
    try work.write(Self.rows(24), to: "data/reviews.csv")
    let error = #expect(throws: TaskError.self) { try experiment().run() }
    #expect(
      error?.description.replacing(work.path, with: "DIR")
        == "DIR/data has no training file such as train.csv; it has 'reviews.csv'; rename the file to 'train' "
        + "plus its extension, or set data.path to the file or its folder")
    try work.write("x", to: "data/train.parquet")
    let parquet = #expect(throws: TableError.self) { try experiment().run() }
    #expect(parquet?.description.contains("data/train.parquet: by its name, the file is a Parquet file") == true)
  }

  @Test func `several parts or several files for one split are ambiguous`() throws {
    // A single part is not accepted as the whole file, either.
    for part in 0..<2 {
      try work.write(Self.rows(4), to: "data/train-0000\(part)-of-00002.csv")
      let error = #expect(throws: TaskError.self) { try experiment().run() }
      #expect(
        error?.description.contains("train-00000-of-00002.csv: by its name, the file is one of 2 parts") == true)
    }
    for part in 0..<2 { try FileManager.default.removeItem(atPath: work.file("data/train-0000\(part)-of-00002.csv")) }
    for name in ["train.csv", "training.csv", "train.jsonl"] { try work.write(Self.rows(4), to: "data/\(name)") }
    let error = #expect(throws: TaskError.self) { try experiment().run() }
    #expect(
      error?.description.contains(
        "several files for 'train': 'train.csv' and 'train.jsonl'; keep one of them, or join them") == true)
  }

  @Test func `a dangling link is not treated as a missing file`() throws {
    try work.write(Self.rows(24), to: "data/train.csv")
    try FileManager.default.createSymbolicLink(atPath: work.file("data/dev.csv"), withDestinationPath: "/nowhere")
    let error = #expect(throws: FileError.self) { try experiment().run() }
    #expect(error?.path == work.file("data/dev.csv") && error?.action == "cannot read")
  }

  @Test func `evaluate accepts a split by the name of its file or by a synonym`() throws {
    try work.write(Self.rows(24), to: "data/train.csv")
    try work.write(Self.rows(8), to: "data/validation.csv")
    try work.write(Self.rows(6), to: "data/test.csv")
    try work.write("x", to: "data/notes.md")
    _ = try experiment().run()
    let loaded = try load()
    func evaluate(_ split: String?) throws -> (split: String, examples: Int, unused: [String]) {
      let evaluation = try loaded.evaluate(data: work.file("data"), split: split)
      return (evaluation.split, evaluation.examples, evaluation.unusedFiles)
    }
    #expect(try evaluate(nil) == ("validation", 8, ["notes.md", "test.csv"]))
    #expect(try evaluate("validation") == ("validation", 8, ["notes.md"]))
    #expect(try evaluate("dev") == ("validation", 8, ["notes.md"]))
    #expect(try evaluate("train") == ("train", 24, ["notes.md"]))
    #expect(try evaluate("test") == ("test", 6, ["notes.md"]))
    #expect(throws: TaskError.unknownSplit("holdout", folder: work.file("data"))) { try evaluate("holdout") }
  }

  @Test func `a comparison lists unused files before it trains`() throws {
    try work.write(Self.rows(24), to: "data/train.csv")
    try work.write(Self.rows(8), to: "data/validation.csv")
    try work.write("x", to: "data/notes.md")
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    let text = """
      base: \(task.base.folder.path)
      tasks: [custom]
      seeds: [1]
      data: {path: \(work.path)/data}
      training: {max_steps: 1}
      methods: [{name: lora, rank: 2}]
      output: \(work.path)/compare
      """
    let configuration = try ConfigurationFile(text: text, path: "c.yaml").comparison(
      registries: Registries(methods: methods))
    var notes: [[String]] = []
    let results = try Comparison(configuration, locator: BaseLocator(home: work.file("home"))).run(
      report: { event in
        if case .data("custom", let taskNotes) = event { notes.append(taskNotes) }
      })
    #expect(notes == [["Not used: 'notes.md'."]] && results.isComplete)
  }

  @Test func `labels that look alike are reported`() throws {
    let labels = ["pos", "Pos ", "neg", "1", "1.0", "other"]
    let rows = (0..<48).map { "film \($0)\t\(labels[$0 % 6])\n" }.joined()
    try work.write("text\tlabel\n\(rows)", to: "data/train.tsv")
    let header = try header()
    #expect(header.labels.count == 6)
    #expect(
      header.notes == [
        "Labels '1', '1.0' differ only in case, white space, or number format; they are different labels.",
        "Labels 'Pos ', 'pos' differ only in case, white space, or number format; they are different labels.",
      ])
  }

  @Test func `too many labels are rejected before all of them are collected`() throws {
    let rows = (0..<1500).map { "film \($0)\tl\($0)\n" }.joined()
    try work.write("text\tlabel\n\(rows)", to: "data/train.tsv")
    let error = #expect(throws: TaskError.self) { try experiment().run() }
    #expect(
      error?.description.hasSuffix(
        "column 'label' has more than 1000 different labels, expected 2 to 1000; is it the right column?")
        == true, "\(error?.description ?? "")")
  }

  @Test func `the error for a decimal comma names it`() throws {
    try work.write("text;label\na;3,5\nb;2\n", to: "data/train.csv")
    let error = #expect(throws: TaskError.self) { try experiment("data.regression=true").run() }
    #expect(error?.description.hasSuffix("train.csv:2: '3,5' is not a number; write the decimal point as '.'") == true)
  }

  // MARK: selection

  @Test(arguments: [true, false])
  func `a limit selects the same examples as shuffling the whole file in memory`(shuffles: Bool) throws {
    try work.write(Self.rows(500), to: "data.csv")
    let experiment = try experiment(
      "data.path=\(work.file("data.csv"))", "data.shuffle=\(shuffles)", "data.train_limit=20", "data.eval_limit=10",
      "training.seed=7")
    let data = try ExperimentData(experiment.configuration)
    // The reference: the whole file in memory, with examples held out per class in random order.
    var random = RandomStream(seed: 7, purpose: "held out")
    let order = shuffles ? (0..<500).shuffled(using: &random) : (0..<500).reversed()
    let heldOut = Set([0, 1].flatMap { label in order.filter { $0 % 2 == label }.prefix(25) })
    var selection = RandomStream(seed: 7, purpose: "selection")
    let rest = (0..<500).filter { !heldOut.contains($0) }
    let selected = (shuffles ? rest.indices.shuffled(using: &selection) : Array(rest.indices)).prefix(20).map {
      rest[$0]
    }
    #expect(try data.train.examples().map(\.text) == selected.map { "film \($0)" })
    #expect(try data.evaluationSet.examples().map(\.text) == heldOut.sorted().prefix(10).map { "film \($0)" })
  }

  @Test func `a file that changes after it was indexed is rejected`() throws {
    try work.write(Self.rows(24), to: "data.csv")
    let data = try ExperimentData(experiment("data.path=\(work.file("data.csv"))").configuration)
    try work.write("text,label\n" + Self.rows(30), to: "data.csv")
    let error = #expect(throws: FileError.self) { try data.train.examples() }
    #expect(error?.reason.contains("it changed while it was being read") == true)
  }

  @Test func `an error far beyond the limit is detected`() throws {
    try work.write(Self.rows(400) + "film,pos,more\n", to: "data.csv")
    let error = #expect(throws: TableError.self) {
      try experiment("data.path=\(work.file("data.csv"))", "data.train_limit=4", "data.eval_limit=2").run()
    }
    #expect(error?.description.contains("data.csv:402: the row has 3 fields, expected 2") == true)
  }
}
