import GraftHarness
import GraftObjectives
import GraftSupport
import GraftTestSupport
import Testing

/// JSON files as programs write them: lists and lines are read, whole tables in one object are reported.
struct JSONTableTests {
  let folder: TemporaryFolder
  private let task = TaskDefinition.custom(
    TaskDefinition.Columns(text: "text", label: "label"), objective: Classification(labels: ["neg", "pos"]))

  init() throws { folder = try TemporaryFolder() }

  private static let rows = (0..<24).map { (text: "film [\($0)] {\"x\": 1}\\", label: $0 % 2 == 0 ? "pos" : "neg") }
  private static let objects = rows.map {
    let text = $0.text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "{\"id\": {\"n\": [1, \"]\"]}, \"text\": \"\(text)\", \"label\": \"\($0.label)\"}"
  }
  private static let expected = rows.map { Example(text: $0.text, label: $0.label == "pos" ? 1 : 0) }

  private func read(_ text: String, as name: String) throws -> [Example] {
    try folder.write(text, to: name)
    return try DataSource(path: folder.file(name), description: "test data").read("train", of: task)
  }

  private func message(_ text: String, as name: String) throws -> String {
    let error = #expect(throws: (any Error).self) { try read(text, as: name) }
    return try #require(error as? any UserError).description.replacing(folder.path, with: "DIR")
  }

  @Test(arguments: ["json", "jsonl", "ndjson", "JSON"])
  func `a list of objects and one object per line are read with every extension`(ending: String) throws {
    let objects = Self.objects
    #expect(try read("[\(objects.joined(separator: ", "))]", as: "a.\(ending)") == Self.expected)
    #expect(try read("\n [\n  \(objects.joined(separator: ",\r\n  "))\n]\n\n", as: "b.\(ending)") == Self.expected)
    #expect(try read(objects.joined(separator: "\n"), as: "c.\(ending)") == Self.expected)
    #expect(try read("\u{FEFF}[\(objects.joined(separator: ","))]", as: "d.\(ending)") == Self.expected)
  }

  @Test func `an object in a list may span lines, and an error has its line`() throws {
    let list =
      "[\n  {\n    \"text\": \"a\",\n    \"label\": \"pos\"\n  },\n  {\n    \"text\": \"b\",\n    \"label\": \"x\"\n  }\n]"
    #expect(try message(list, as: "x.json").hasPrefix("DIR/x.json:6: unknown label 'x'"))
    #expect(
      try message("[{\"text\": \"a\", \"label\": \"pos\"}", as: "y.json")
        == "DIR/y.json:1: not a list of JSON objects: expected ']' at the end of the list, got the end of the file")
    #expect(
      try message("[{\"text\": \"a\", \"label\": \"pos\"},\n]", as: "z.json")
        == "DIR/z.json:2: not a list of JSON objects: expected one object per example, got ']'")
    #expect(
      try message("[{\"text\": \"a\", \"label\": \"pos\"}] x", as: "w.json")
        == "DIR/w.json:1: not a list of JSON objects: expected nothing after the list, got 'x'")
    #expect(try message("[]", as: "e.json").hasPrefix("DIR/e.json: the file has no examples"))
  }

  @Test(arguments: [
    // pandas' to_json with the orientations columns, index and split; Dataset.to_dict
    #"{"text":{"0":"a","1":"b"},"label":{"0":"pos","1":"neg"}}"#,
    #"{"0":{"text":"a","label":"pos"},"1":{"text":"b","label":"neg"}}"#,
    #"{"columns":["text","label"],"index":[0,1],"data":[["a","pos"],["b","neg"]]}"#,
    "{\n  \"text\": [\"a\", \"b\"],\n  \"label\": [\"pos\", \"neg\"]\n}\n",
  ])
  func `a whole table in one object is reported`(text: String) throws {
    #expect(
      try message(text, as: "x.json")
        == "DIR/x.json: the file is one JSON object with the whole table, as pandas' to_json writes by default; "
        + "expected one object per line (JSON Lines): to_json('data.jsonl', orient='records', lines=True)")
  }

  @Test(arguments: [
    #"{"version": "1.0", "data": [{"text": "a", "label": "pos"}, {"text": "b", "label": "neg"}]}"#,
    "{\n  \"version\": \"1.0\",\n  \"data\": [\n    {\"text\": \"a\", \"label\": \"pos\"}\n  ]\n}\n",
    "{\"data\": [" + Array(repeating: "{\"text\": \"a\", \"label\": \"pos\"}", count: 50_000).joined(separator: ",")
      + "]}",
  ])
  func `examples in a list within an object are reported with the list's name`(text: String) throws {
    #expect(
      try message(text, as: "x.json")
        == "DIR/x.json: the file is one JSON object with the examples in a list named 'data'; expected one object per line "
        + "(JSON Lines) or a list of objects; convert it: jq -c '.[\"data\"][]' FILE > NEW.jsonl")
  }

  @Test func `objects that span several lines are reported, but not confused with damaged ones`() throws {
    #expect(
      try message("{\n  \"text\": \"a\",\n  \"label\": \"pos\"\n}\n{\n  \"text\": \"b\"\n}\n", as: "x.jsonl")
        == "DIR/x.jsonl:1: the JSON object spans several lines; expected one object per line (JSON Lines) or a list "
        + "of objects; convert the file: jq -c . FILE > NEW.jsonl")
    #expect(
      try message("{\"text\": \"a\n{\"text\": \"b\"}\n", as: "y.jsonl").hasPrefix(
        "DIR/y.jsonl:1: not one JSON object: expected '\"' at the end of a string"))
  }

  @Test func `a list of labels is refused where each example has one label`() throws {
    let lines = "{\"text\": \"a\", \"label\": \"pos\"}\n{\"text\": \"b\", \"label\": [\"pos\", \"neg\"]}\n"
    #expect(
      try message(lines, as: "x.jsonl")
        == "DIR/x.jsonl:2: got a list of labels, but the objective has one label per example; give each example one label, "
        + "or train with objective: multi_label")
    // Text tables contain lists in the notation that pandas writes.
    for list in ["\"['pos', 'neg']\"", "[1]", "\"[\"\"pos\"\", \"\"x\"\"]\""] {
      #expect(
        try message("text,label\na,pos\nb,\(list)\n", as: "x.csv").hasPrefix(
          "DIR/x.csv:3: got a list of labels, but the objective has one label per example"))
    }
    #expect(try message("text,label\na,[CLS]\n", as: "x.csv").contains("unknown label '[CLS]'"))
    #expect(
      try message("{\"text\": \"a\", \"label\": {\"name\": \"pos\"}}\n", as: "y.jsonl")
        == "DIR/y.jsonl:1: expected a text, a number, true or false for 'label', got an object")
    #expect(
      try message(
        "{\"text\": [\"a\", \"film\"], \"label\": \"pos\"}\n{\"text\": \"b\", \"label\": \"pos\"}\n", as: "z.jsonl")
        == "DIR/z.jsonl:1: expected a text, a number, true or false for 'text', got a list")
  }

  @Test func `a duplicate key, an invalid number and text after an object are reported with their line`() throws {
    let good = "{\"text\": \"a\", \"label\": \"pos\"}\n"
    #expect(
      try message(good + "{\"text\": \"a\", \"text\": \"b\", \"label\": \"pos\"}\n", as: "x.jsonl").hasPrefix(
        "DIR/x.jsonl:2: not one JSON object: 'text' appears twice in one object"))
    #expect(
      try message(good + "{\"text\": 1-2, \"label\": \"pos\"}\n", as: "y.jsonl").hasPrefix(
        "DIR/y.jsonl:2: not one JSON object: expected a number, a text in double quotation marks"))
    #expect(
      try message(good + "{\"text\": \"b\", \"label\": \"neg\"} {\"text\"", as: "z.jsonl").hasPrefix(
        "DIR/z.jsonl:2: not one JSON object: expected the end of the line, got '{'"))
  }
}
