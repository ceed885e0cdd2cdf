import GraftHarness
import GraftObjectives
import GraftTestSupport
import Testing

/// `graft init`: what it finds in data, what it asks, and the configuration that it writes.
struct StarterTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func inspection(_ text: String, _ name: String = "data.csv") throws -> DataInspection {
    try folder.write(text, to: name)
    return try DataInspection(path: folder.file(name))
  }

  private func rows(_ count: Int, _ row: (Int) -> String) -> String {
    (0..<count).map { row($0) + "\n" }.joined()
  }

  @Test func `known names of columns are recognized, and other columns are ignored`() throws {
    let table =
      "id,Review,stars,source\n" + rows(30) { "\($0),this is film number \($0),\($0 % 2 == 0 ? "good" : "bad"),web" }
    #expect(
      try inspection(table).roles(.init())
        == DataRoles(text: "Review", textPair: nil, label: "stars", objective: "classification"))
    let pairs =
      "premise\thypothesis\tlabel\n" + rows(9) { "it rains on day \($0)\tit is wet\t\(["a", "b", "c"][$0 % 3])" }
    #expect(
      try inspection(pairs, "nli.tsv").roles(.init())
        == DataRoles(text: "premise", textPair: "hypothesis", label: "label", objective: "classification"))
  }

  @Test func `columns with unknown names are recognized by their content`() throws {
    let table = "a,b,c\n" + rows(40) { "\($0),\(["red", "green"][$0 % 2]),some words about thing \($0)" }
    let roles = try inspection(table).roles(.init())
    #expect(roles.text == "c" && roles.label == "b" && roles.textPair == nil)
  }

  @Test func `the objective follows from the labels`() throws {
    func objective(_ labels: [String], column: String = "label") throws -> String {
      let lines = labels.enumerated().map { "{\"text\": \"the text of row \($0)\", \"\(column)\": \($1)}\n" }
      return try inspection(lines.joined(), "data.jsonl").roles(.init()).objective
    }
    #expect(try objective(["\"a\"", "\"b\"", "\"a\"", "\"b\""]) == "classification")
    #expect(try objective(["0", "1", "2", "0", "1", "2"]) == "classification")
    #expect(try objective(["0.5", "1.25", "-3", "2.75", "0.1"]) == "regression")
    #expect(try objective((0..<50).map { "\($0 * 3)" }) == "regression")
    #expect(try objective(["[\"a\"]", "[\"a\", \"b\"]", "[]", "[\"b\"]"]) == "multi_label")
  }

  @Test func `an unclear column is a question that names the option`() throws {
    let table = "title,body,kind,team\n" + rows(20) { "a title of \($0),a longer body of \($0),x\($0 % 2),t\($0 % 3)" }
    let unclear = try inspection(table.replacing("title,body", with: "one,two"))
    let text = #expect(throws: DataRoles.Question.self) { try unclear.roles(.init()) }
    #expect(text?.options == ["one", "two"] && text?.description.contains("choose with --text-column") == true)
    let label = #expect(throws: DataRoles.Question.self) { try unclear.roles(.init(text: "two")) }
    #expect(label?.options == ["kind", "team"] && label?.description.contains("--label-column") == true)
    #expect(try unclear.roles(.init(text: "two", label: "team")).label == "team")

    let scale = try inspection("text,rating\n" + rows(20) { "the text of row \($0),\($0 % 5 + 1)" })
    let objective = #expect(throws: DataRoles.Question.self) { try scale.roles(.init()) }
    #expect(objective?.options == ["classification", "regression"])
    #expect(objective?.description.contains("5 whole numbers from 1 to 5") == true)
    #expect(try scale.roles(.init(objective: "regression")).objective == "regression")
  }

  @Test func `huge numbers as labels are no trap`() throws {
    let scale = try inspection("text,y\n" + rows(9) { "the text of row \($0),\(["1e300", "0", "-5"][$0 % 3])" })
    let question = #expect(throws: DataRoles.Question.self) { try scale.roles(.init()) }
    #expect(question?.description.contains("from -5 to 1e+300") == true)
  }

  @Test func `lists of labels are counted by rows, and their order does not matter`() throws {
    let lists = ["[\"a\", \"b\"]", "[\"a\"]", "[\"b\", \"a\"]"]
    for (name, written) in [("m.jsonl", false), ("m.csv", true)] {
      let table =
        (written ? "text,tags\n" : "")
        + rows(30) { number in
          let list = lists[number % 3]
          return written
            ? "the text of row \(number % 10),\"\(list.replacing("\"", with: "\"\""))\""
            : "{\"text\": \"the text of row \(number % 10)\", \"tags\": \(list)}"
        }
      let data = try inspection(table, name)
      let roles = try data.roles(.init())
      let report = try DataReport(data, roles: roles)
      #expect(roles.objective == "multi_label" && report.labeledRows == 30)
      #expect(report.labels == [.init(name: "a", count: 30), .init(name: "b", count: 20)])
      #expect(report.duplicates == 20 && report.contradictions > 0 && report.contradictions < 20)
    }
  }

  @Test func `a choice that does not fit is an error`() throws {
    let data = try inspection("text,label\n" + rows(8) { "the text of row \($0),\($0 % 2)" })
    #expect(throws: TableError.self) { try data.roles(.init(text: "txt")) }
    #expect(throws: TaskError.self) { try data.roles(.init(text: "label", label: "label")) }
    #expect(throws: (any Error).self) { try data.roles(.init(objective: "clustering")) }
  }

  @Test func `the report counts lengths, repeated texts, contradictions, gaps, and imbalance`() throws {
    let long = String(repeating: "word ", count: 300)
    var lines = (0..<60).map { "the text of row \($0),\($0 < 55 ? "common" : "rare")" }
    lines += [
      "the text of row 1,common", "the text of row 2,rare", "\(long),common", ",common", "no label here,", "one,single",
    ]
    let data = try inspection("text,label\n" + lines.joined(separator: "\n") + "\n")
    let report = try DataReport(data, roles: data.roles(.init()))
    #expect(report.rows == 66 && report.duplicates == 2 && report.contradictions == 1 && report.longTexts == 1)
    #expect(report.mostWords == 300 && report.evaluationRows == nil)
    #expect(report.labels.map(\.name) == ["common", "rare", "single"])
    let notes = report.notes.joined(separator: "\n")
    for expected in [
      "1 row has no 'text', the first in line 65", "1 row has no 'label', the first in line 66", "2 rows repeat",
      "1 with a different label", "The labels are imbalanced: 'common' has", "single: only one row each",
    ] {
      #expect(notes.contains(expected), "\(expected) in \(notes)")
    }
  }

  @Test func `texts that are in both files of a folder are reported`() throws {
    try folder.write("text,label\n" + rows(60) { "the text of row \($0),\($0 % 2)" }, to: "set/train.csv")
    try folder.write("text,label\n" + rows(20) { "the text of row \($0 + 50),\($0 % 2)" }, to: "set/dev.csv")
    let data = try DataInspection(path: folder.file("set"))
    let report = try DataReport(data, roles: data.roles(.init()))
    #expect(report.rows == 60 && report.evaluationRows == 20 && report.overlap == 10)
    #expect(report.notes.contains { $0.hasPrefix("10 texts of the evaluation file are also in the training file") })
  }

  @Test func `the configuration decodes with the chosen values, also for difficult names`() throws {
    let table = "the: text\t#label\n" + rows(64) { "the text of row \($0)\t\(["yes", "no"][$0 % 2])" }
    let data = try inspection(table, "a 'b'.tsv")
    let roles = try data.roles(.init(text: "the: text", label: "#label"))
    let report = try DataReport(data, roles: roles)
    for (method, width, rate) in [("lora", 384, 2e-3), ("lora", 768, 5e-4), ("full", 384, 5e-5), ("prefix", 384, 3e-2)]
    {
      let starter = StarterConfiguration(
        data, report: report, roles: roles, base: "all-MiniLM-L6-v2", width: width, method: method, name: "a 'b'")
      let decoded = try ConfigurationFile(text: starter.text, path: "x.yaml").decode(ExperimentConfiguration.self)
      #expect(decoded.data.text == "the: text" && decoded.data.label == "#label" && decoded.data.path == data.path)
      #expect(decoded.training.learningRate == rate && decoded.training.epochs == Double(starter.epochs))
      #expect(type(of: decoded.method).name == method && decoded.training.keep == .best)
      #expect(decoded.output == "runs/a__b_")
    }
  }

  @Test(arguments: [(20, 20), (400, 11), (1000, 5), (5000, 2), (100_000, 2)])
  func `fewer rows get more epochs`(rows count: Int, epochs: Int) throws {
    let data = try inspection("text,label\n" + rows(count) { "the text of row \($0),\($0 % 2)" })
    let roles = try data.roles(.init())
    let starter = StarterConfiguration(
      data, report: try DataReport(data, roles: roles), roles: roles, base: "b", width: nil, method: "lora", name: "x")
    #expect(starter.epochs == epochs)
  }

  @Test func `a file without a header, or with another separator, is recognized`() throws {
    let rows = rows(20) { "this is the long text of row \($0)\tlabel \($0 % 2)" }
    let headless = #expect(throws: TableError.self) { try inspection(rows, "headless.tsv").roles(.init()) }
    #expect(headless?.description.contains("header") == true)
    let commas = #expect(throws: TableError.self) {
      try inspection("text,label\n" + rows.replacing("\t", with: ","), "commas.tsv").roles(.init())
    }
    #expect(commas?.description.contains("comma") == true, "\(commas?.description ?? "")")
  }

  @Test func `files without labels, and empty ones, are errors`() throws {
    try folder.write("a line\nanother line\n", to: "lines.txt")
    #expect(throws: TaskError.self) { try DataInspection(path: folder.file("lines.txt")) }
    #expect(throws: TableError.self) { try inspection("text,label\n") }
    #expect(throws: (any Error).self) { try DataInspection(path: folder.file("missing.csv")) }
    #expect(throws: (any Error).self) { try inspection("text\n" + rows(5) { "some text of row \($0)" }).roles(.init()) }
  }
}
