import GraftHarness
import GraftObjectives
import GraftSupport
import GraftTestSupport
import Testing

/// Reading your own files as texts and as examples.
struct TableTests {
  let folder: TemporaryFolder
  private let columns = TaskDefinition.Columns(text: "body", textPair: "reply", label: "queue")

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String, as name: String) throws -> [Example] {
    try folder.write(text, to: name)
    let task = TaskDefinition.custom(columns, objective: Classification(labels: ["bill", "tech"]))
    return try DataSource(path: folder.file(name), description: "test data").read("train", of: task)
  }

  private func message(_ text: String, as name: String) throws -> String {
    let error = #expect(throws: (any Error).self) { try read(text, as: name) }
    return try #require(error as? any UserError).description.replacing(folder.path, with: "DIR")
  }

  private func texts(_ name: String, format: TableFormat? = nil, text: String? = nil) throws -> [String] {
    var input = try TextInput(path: folder.file(name), format: format, text: text)
    return try input.rest().map(\.text)
  }

  private let expected = [
    Example(text: "a, \"b\"\nc", pair: "", label: 1), Example(text: "ä", pair: "d", label: 0),
  ]

  @Test func `quoted CSV fields may contain commas, line feeds and doubled quotation marks`() throws {
    let text = "queue,body,reply\ntech,\"a, \"\"b\"\"\nc\",\n\nbill,ä,d\n"
    #expect(try read(text, as: "x.csv") == expected)
    #expect(try read("\u{FEFF}" + text.replacing("\nbill", with: "\r\nbill"), as: "x.CSV") == expected)
    #expect(try read(String(text.dropLast()), as: "y.csv") == expected)
  }

  @Test func `JSON Lines may have keys in any order, and numbers and Booleans as labels`() throws {
    let text = #"""
      {"queue": "tech", "body": "a, \"b\"\nc", "reply": "", "extra": [1, {"x": null}]}

      {"reply": "d", "body": "\u00e4", "queue": "bill"}
      """#
    #expect(try read(text, as: "x.jsonl") == expected)
    try folder.write("{\"text\": \"a\", \"label\": 2}\n{\"text\": \"b\", \"label\": true}\n", to: "n.jsonl")
    #expect(try texts("n.jsonl") == ["a", "b"])
  }

  @Test(arguments: [
    ("x.csv", "body,reply,queue\n\"a,b,tech\n", "DIR/x.csv:2: the quotation mark that opens a field is never closed"),
    ("x.csv", "body,reply,queue\n\"a\"b,c,tech\n", "DIR/x.csv:2: text follows a closing quotation mark"),
    (
      "x.csv", "body,reply,queue\na,b,c,tech\n",
      "DIR/x.csv:2: the row has 4 fields, expected 3; a comma within a text or at the end of the row shifts the label"
    ),
    ("x.csv", "body,reply,queue\na,b\n", "DIR/x.csv:2: the row has 2 fields, expected 3"),
    ("x.csv", "", "DIR/x.csv: the file has no examples"),
    ("x.csv", "body,reply,queu\na,b,tech\n", "DIR/x.csv:1: no column 'queue', did you mean 'queu'?"),
    (
      "x.jsonl", "{\"body\": \"a\", \"reply\": \"\"}\n",
      "DIR/x.jsonl:1: no column 'queue'; the file has 'body', 'reply'"
    ),
    ("x.jsonl", "\n[1]\n", "DIR/x.jsonl:2: not a list of JSON objects: expected one object per example, got '1'"),
    ("x.jsonl", "{\"body\": \"a\"}\n[1]\n", "DIR/x.jsonl:1: no column 'queue'; the file has 'body'"),
    ("x.jsonl", "{} {}\n", "DIR/x.jsonl:1: not one JSON object: expected the end of the line"),
    ("x.jsonl", "{\"a\":1,\"a\":2}\n", "DIR/x.jsonl:1: not one JSON object: 'a' appears twice"),
    (
      "x.parquet", "x",
      "DIR/x.parquet: by its name, the file is a Parquet file, which is not supported; convert it to JSON Lines"
    ),
    ("x.csv", "body,reply,body\na,b,c\n", "DIR/x.csv:1: two columns are named 'body'"),
  ])
  func `an error names the file and line`(name: String, text: String, expected: String) throws {
    let message = try message(text, as: name)
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func `a table has at most a thousand columns, and a message lists only a few`() throws {
    let object = (0..<1001).map { "\"k\($0)\": 1" }.joined(separator: ", ")
    #expect(
      try message("{\(object)}", as: "x.jsonl")
        == "DIR/x.jsonl: the table has more than 1000 columns, the maximum; is it the right file?")
    let header = (0..<1001).map { "k\($0)" }.joined(separator: ",")
    #expect(
      try message("\(header)\na\n", as: "x.csv")
        == "DIR/x.csv: the table has more than 1000 columns, the maximum; is it the right file?")
    let some = (0..<20).map { "k\($0)" }.joined(separator: ",")
    #expect(
      try message("\(some)\na\n", as: "x.csv")
        == "DIR/x.csv:1: no column 'body'; the file has 'k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7' and 12 more")
  }

  @Test func `a missing value is reported with its column`() throws {
    let text =
      "{\"body\": \"a\", \"reply\": \"b\", \"queue\": \"tech\"}\n{\"body\": \"a\", \"reply\": null, \"queue\": \"tech\"}\n"
    #expect(try message(text, as: "x.jsonl") == "DIR/x.jsonl:2: the column 'reply' has no value")
  }

  @Test func `plain lines are texts`() throws {
    try folder.write("one\n\n  two, \"x\"\t\r\n", to: "x.txt")
    #expect(try texts("x.txt") == ["one", "", "  two, \"x\"\t"])
    #expect(throws: TableError.unknownFormat(file: folder.file("x"))) { try TextInput(path: folder.file("x")) }
  }

  @Test func `a file with an unknown extension is read in the given format`() throws {
    try folder.write("a,text\n1,b\n", to: "x.data")
    #expect(try texts("x.data", format: .csv) == ["b"])
    #expect(try texts("x.data", format: .csv, text: "a") == ["1"])
  }
}
