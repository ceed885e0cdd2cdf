import GraftCore
import GraftHarness
import GraftObjectives
import GraftSupport
import GraftTestSupport
import Testing

struct TaskDataTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var source: DataSource { DataSource(path: folder.path, description: "test data") }

  private func read(_ text: String) throws -> [Example] {
    try folder.write(text, to: "train.tsv")
    return try source.read("train", of: .sst2)
  }

  private func message(_ text: String) throws -> String {
    let error = #expect(throws: (any Error).self) { try read(text) }
    return try #require(error as? any UserError).description.replacing(folder.path, with: "DIR")
  }

  @Test func `rows are read verbatim, including quotation marks`() throws {
    let text = "sentence\tlabel\n\"a\" b \t1\n  c\t0\r\n\n\t1\n"
    #expect(
      try read(text) == [
        Example(text: "\"a\" b ", label: 1), Example(text: "  c", label: 0), Example(text: "", label: 1),
      ])
  }

  @Test func `columns may be in any order, after a byte order mark, among other columns`() throws {
    #expect(try read("\u{FEFF}label\tx\tsentence\n1\t?\ta") == [Example(text: "a", label: 1)])
  }

  @Test(arguments: [
    ("", "DIR/train.tsv: the file has no examples; expected at least one, after a header in TSV and CSV files"),
    (
      "sentence\tlabel\n",
      "DIR/train.tsv: the file has no examples; expected at least one, after a header in TSV and CSV files"
    ),
    ("sentence\tlabel\na\t1\nb 0\n", "DIR/train.tsv:3: the row has 1 field, expected 2"),
    ("sentence\tlabel\na\t2\n", "DIR/train.tsv:2: unknown label '2'; expected one of 0, 1"),
    ("sentence\tlabel\na\t\n", "DIR/train.tsv:2: unknown label ''; expected one of 0, 1"),
    (
      "sentense\tlabel\na\t1\n",
      "DIR/train.tsv:1: no column 'sentence', did you mean 'sentense'?; the file has 'sentense', 'label'"
    ),
  ])
  func `an error in a row names the file and line`(text: String, expected: String) throws {
    #expect(try message(text) == expected)
  }

  @Test func `invalid UTF-8 is reported with its line`() throws {
    try folder.write(Array("sentence\tlabel\na\t1\n".utf8) + [0xC3, 0x28, 0x09, 0x31, 0x0A], to: "train.tsv")
    let error = #expect(throws: TableError.self) { try source.read("train", of: .sst2) }
    #expect(error == .notUTF8(file: folder.file("train.tsv"), line: 3))
  }

  @Test func `a missing split is named`() {
    #expect(throws: TaskError.unknownSplit("dve", folder: folder.path)) { try source.read("dve", of: .sst2) }
  }

  @Test func `data comes from the given folder, then from GLUE_DIR, then from the sample`() throws {
    try folder.write("x", to: "SST-2/dev.tsv")
    let environment = ["GLUE_DIR": folder.path]
    #expect(
      try DataSource.find(TaskDefinition.sst2.files, path: folder.path, environment: environment).path == folder.path)
    #expect(
      try DataSource.find(TaskDefinition.sst2.files, path: nil, environment: environment).path == folder.file("SST-2"))
    let sample = try DataSource.find(TaskDefinition.sst2.files, path: nil, environment: [:])
    #expect(sample.description.contains("bundled sample") && sample.title == "Sample of film reviews")
    #expect(throws: FileError.self) {
      try DataSource.find(TaskDefinition.sst2.files, path: folder.file("x"), environment: [:])
    }
    #expect(throws: FileError.self) {
      try DataSource.find(TaskDefinition.sst2.files, path: nil, environment: ["GLUE_DIR": "/nowhere"])
    }
  }

  @Test func `titles name the data that is used`() throws {
    func title(_ task: TaskFiles, _ path: String?) throws -> String {
      try DataSource.find(task, path: path, environment: ["GLUE_DIR": folder.path]).title
    }
    try folder.write("x", to: "SST-2/dev.tsv")
    try folder.write("x", to: "tickets/train.csv")
    let custom = TaskDefinition.custom(
      .init(text: "text", label: "label"), objective: Classification(labels: ["a", "b"])
    ).files
    #expect(try title(TaskDefinition.sst2.files, nil) == "SST-2")
    #expect(try title(TaskDefinition.sst2.files, folder.file("SST-2/")) == "SST-2")
    #expect(try title(TaskDefinition.sst2.files, folder.file("tickets")) == "tickets")
    #expect(try title(custom, folder.file("tickets/")) == "tickets")
    #expect(try title(custom, folder.file("tickets/./train.csv")) == "train.csv")
  }

  @Test func `the bundled sample is large, balanced and free of duplicates`() throws {
    let sample = try DataSource.find(TaskDefinition.sst2.files, path: nil, environment: [:])
    let train = try sample.read("train", of: .sst2)
    let dev = try sample.read("dev", of: .sst2)
    #expect(train.count >= 800 && dev.count >= 200)
    for examples in [train, dev] {
      #expect(examples.filter { $0.target == .label(1) }.count * 2 == examples.count)
    }
    #expect(Set((train + dev).map(\.text)).count == train.count + dev.count)
  }

  @Test func `the error for an unknown task suggests the nearest name`() {
    let error = #expect(throws: RegistryError.self) { try TaskRegistry.builtIn.task(named: "sst-2") }
    #expect(
      error?.description
        == "no task named 'sst-2', did you mean 'sst2'?; tasks are cola, sst2, mrpc, stsb, qqp, mnli, qnli, rte, wnli, "
        + "snippets, snippets-rating, snippets-amazon, snippets-amazon-rating, snippets-nyt, snippets-nyt-rating, snippets-tweets, "
        + "snippets-tweets-rating, custom"
    )
  }
}
