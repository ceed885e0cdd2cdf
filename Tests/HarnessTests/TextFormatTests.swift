import GraftHarness
import GraftObjectives
import GraftSupport
import GraftTestSupport
import Testing

/// Tables as written by spreadsheets, other systems and other programs: each yields the same 24 rows, or a message that names the
/// cause.
struct TextFormatTests {
  let folder: TemporaryFolder
  private let task = TaskDefinition.custom(
    TaskDefinition.Columns(text: "text", label: "label"), objective: Classification(labels: ["neg", "pos"]))

  init() throws { folder = try TemporaryFolder() }

  private static let rows = (0..<24).map { (text: "film number \($0)", label: $0 % 2 == 0 ? "pos" : "neg") }
  private static let expected = rows.map { Example(text: $0.text, label: $0.label == "pos" ? 1 : 0) }

  private func read(_ name: String) throws -> [Example] {
    try DataSource(path: folder.file(name), description: "test data").read("train", of: task)
  }

  private func read(_ text: String, as name: String) throws -> [Example] {
    try folder.write(text, to: name)
    return try read(name)
  }

  private func message(_ bytes: some Collection<UInt8>, as name: String) throws -> String {
    try folder.write(bytes, to: name)
    let error = #expect(throws: (any Error).self) { try read(name) }
    let message = try #require(error as? any UserError).description
    #expect(!message.contains("\n"))
    return message.replacing(folder.path, with: "DIR")
  }

  private func message(_ text: String, as name: String) throws -> String { try message(text.utf8, as: name) }

  /// Returns a table of the rows with the given separators of fields and lines.
  private static func table(_ separator: String, _ end: String, quote: String = "") -> String {
    (["text\(separator)label"] + rows.map { "\(quote)\($0.text)\(quote)\(separator)\($0.label)" })
      .map { $0 + end }.joined()
  }

  // MARK: line ends

  @Test(arguments: ["\n", "\r\n", "\r", "\r\r\n", "\r\r\r\n"], ["csv", "tsv"])
  func `the line ends of every system are accepted`(end: String, format: String) throws {
    let table = Self.table(format == "csv" ? "," : "\t", end)
    #expect(try read(table, as: "x.\(format)") == Self.expected)
    // The last line may lack its end.
    #expect(
      try read(String(table.unicodeScalars.dropLast(end.unicodeScalars.count)), as: "y.\(format)") == Self.expected)
  }

  @Test(arguments: ["\n", "\r\n", "\r", "\r\r\n"])
  func `JSON Lines and plain lines accept the line ends of every system, too`(end: String) throws {
    let lines = Self.rows.map { "{\"text\": \"\($0.text)\", \"label\": \"\($0.label)\"}" }
    #expect(try read(lines.joined(separator: end) + end, as: "x.jsonl") == Self.expected)
    try folder.write(Self.rows.map(\.text).joined(separator: end) + end, to: "x.txt")
    var input = try TextInput(path: folder.file("x.txt"))
    #expect(try input.rest().map(\.text) == Self.rows.map(\.text))
  }

  @Test func `line ends may be mixed, and those within quotation marks are kept`() throws {
    let text = "text,label\r\n\"a\rb\r\nc\nd\",pos\ne,neg\r\r\n\r\nf,pos"
    #expect(
      try read(text, as: "x.csv") == [
        Example(text: "a\rb\r\nc\nd", label: 1), Example(text: "e", label: 0), Example(text: "f", label: 1),
      ])
    #expect(try read("text,label\r\"a\nb\",pos\rc,neg\r", as: "mac.csv").map(\.text) == ["a\nb", "c"])
  }

  @Test func `a carriage return in a file with line feeds is text, and is reported if it shifts fields`() throws {
    #expect(try read("text\tlabel\na\rb\tpos\n", as: "x.tsv") == [Example(text: "a\rb", label: 1)])
    #expect(
      try message("text,label\na,pos\rb,neg\n", as: "x.csv")
        == "DIR/x.csv:2: the row has 3 fields, expected 2; it contains a carriage return without a line feed; "
        + "use the same line ending on all lines of the file")
  }

  // MARK: separators

  @Test(arguments: [",", ";", "\t"], ["", "\""])
  func `the separator of a CSV file is detected in its header`(separator: String, quote: String) throws {
    #expect(try read(Self.table(separator, "\n", quote: quote), as: "x.csv") == Self.expected)
  }

  @Test func `other separators in fields are text, and quoted ones in the header are ignored`() throws {
    let text = "\"text\";label;\"a, b, c, d\"\n\"x; \"\"y\"\", z\";pos;1,5\nplain, with commas;neg;\n"
    #expect(
      try read(text, as: "x.csv") == [
        Example(text: "x; \"y\", z", label: 1), Example(text: "plain, with commas", label: 0),
      ])
    #expect(try read("text,label\na; b; c; d,pos\n", as: "y.csv") == [Example(text: "a; b; c; d", label: 1)])
  }

  @Test func `a declared separator is honored or rejected`() throws {
    #expect(try read("sep=|\ntext|label\na,b|pos\n", as: "x.csv").count == 1)
    #expect(
      try message("sep=:\ntext:label\na:pos\n", as: "x.csv").contains("x.csv:1: unsupported separator ':' in 'sep='"))
  }

  @Test func `columns that differ only in Unicode normalization are distinct`() throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(try read("text,label,\(composed),\(decomposed)\na,pos,1,2\n", as: "x.csv").count == 1)
    #expect(
      try read("{\"text\":\"a\",\"label\":\"pos\",\"\(composed)\":1,\"\(decomposed)\":2}\n", as: "x.jsonl").count == 1)
  }

  @Test(arguments: ["sep=;\r\n", "\"sep=;\"\n", "\u{FEFF}SEP=;\n"])
  func `Excel's line that declares the separator is not the header`(line: String) throws {
    #expect(try read(line + Self.table(";", "\r\n"), as: "x.csv") == Self.expected)
    #expect(try read("sep=;\ntext,en;label\na;pos\n".replacing("text,en", with: "text"), as: "y.csv").count == 1)
  }

  @Test func `a semicolon within a text that shifts the label is reported`() throws {
    #expect(
      try message("text;label\na; b;pos\n", as: "x.csv")
        == "DIR/x.csv:2: the row has 3 fields, expected 2; a semicolon within a text or at the end of the row shifts the label; "
        + "quote texts that contain a semicolon, and name every column in the header")
  }

  @Test func `a TSV file with commas is distinguished from one without the column`() throws {
    let message = try message("text,label\na,pos\n", as: "x.tsv")
    #expect(
      message.hasSuffix("the fields seem to be separated by a comma, which does not match the file's extension"),
      "\(message)")
  }

  // MARK: columns

  @Test func `an unnamed column, such as the index that pandas writes, is ignored`() throws {
    let table = ([",text,label"] + Self.rows.enumerated().map { "\($0),\($1.text),\($1.label)" }).joined(
      separator: "\n")
    #expect(try read(table, as: "x.csv") == Self.expected)
    // Spreadsheets add empty columns and empty rows at the end.
    #expect(
      try read("text,label,,\na,pos,,\nb,neg\n,,,\n", as: "y.csv") == [
        Example(text: "a", label: 1), Example(text: "b", label: 0),
      ])
  }

  @Test func `a file without a header is reported`() throws {
    #expect(
      try message("this film was very good,pos\nb,neg\n", as: "x.csv")
        == "DIR/x.csv:1: no column 'text'; the file has 'this film was very good', 'pos'; the first line looks like an "
        + "example; if so, add a header line with the column names before it")
    let unnamed = try message(",body,pos\n1,a,neg\n", as: "y.csv")
    #expect(unnamed.contains("the file has an unnamed one, 'body', 'pos'"), "\(unnamed)")
  }

  @Test func `messages quote the content of files`() throws {
    let hostile = "te\u{202E}xt\u{1B}[31m"
    for message in [
      try message("\(hostile),label\na,pos\n", as: "x.csv"), try message("text,label\na,\(hostile)\n", as: "y.csv"),
      try message("\(hostile),\(hostile),text,label\na,b,c,pos\n", as: "z.csv"),
    ] {
      #expect(message.contains("te\\u{202e}xt\\u{1b}[31m"), "\(message)")
      #expect(!message.contains("\u{1B}") && !message.contains("\u{202E}"))
    }
  }

  // MARK: encodings and foreign files

  @Test(arguments: [
    ([0xFF, 0xFE, 0x74, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x74], "UTF-16"),
    ([0x74, 0, 0x65, 0, 0x78, 0, 0x74, 0, 0x0A, 0], "UTF-16"), ([0xFF, 0xFE, 0, 0, 0x74, 0, 0, 0], "UTF-32"),
  ])
  func `an encoding other than UTF-8 is named`(bytes: [UInt8], name: String) throws {
    #expect(
      try message(bytes, as: "x.csv")
        == "DIR/x.csv: expected UTF-8 text, got \(name); convert it: iconv -f \(name) -t UTF-8 FILE > NEW")
  }

  @Test func `bytes that are not text are reported with their line`() throws {
    #expect(
      try message(Array("text,label\nna".utf8) + [0xEF, 0x76] + Array("e,pos\n".utf8), as: "x.csv").contains(
        "DIR/x.csv:2: the line is not valid UTF-8; convert the file to UTF-8 (from Excel or Windows: iconv"
      ))
    #expect(
      try message("text,label\na,pos\nb\0,neg\n", as: "y.csv").hasPrefix(
        "DIR/y.csv:3: expected UTF-8 text, got a NUL byte"))
  }

  @Test(arguments: [
    ("x.parquet", "PAR1\u{15}\u{4}", "DIR/x.parquet: by its name, the file is a Parquet file"),
    ("x.csv", "PAR1\u{15}\u{4}\u{15}", "DIR/x.csv: by its content, the file is a Parquet file"),
    ("x.csv", "PK\u{3}\u{4}\u{14}", "DIR/x.csv: by its content, the file is an archive or a spreadsheet"),
    (
      "x.xlsx", "PK\u{3}\u{4}",
      "DIR/x.xlsx: by its name, the file is a spreadsheet, which is not supported; save it as CSV"
    ),
    (
      "x.csv.gz", "x",
      "DIR/x.csv.gz: by its name, the file is a compressed file, which is not supported; decompress it"
    ),
    ("x.arrow", "x", "DIR/x.arrow: by its name, the file is an Arrow file"),
    ("x.zip", "x", "DIR/x.zip: by its name, the file is an archive"),
    (
      "x.txt", "a\nb\n", "DIR/x.txt: plain lines of text have no labels; expected a .tsv"
    ),
    ("x.dat", "a\nb\n", "DIR/x.dat: unrecognized file extension; expected .tsv"),
  ])
  func `unsupported files are named, with advice on what to do`(name: String, content: String, expected: String) throws
  {
    let message = try message(content, as: name)
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func `a text that begins like a Parquet file is read as text`() throws {
    try folder.write("PAR1 was a good film\nPK\n", to: "x.txt")
    var input = try TextInput(path: folder.file("x.txt"))
    #expect(try input.rest().map(\.text) == ["PAR1 was a good film", "PK"])
  }

  // MARK: limits

  @Test func `a record has at most a mebibyte`() throws {
    let long = String(repeating: "a", count: 1 << 20)
    #expect(try read("text,label\n\(long.dropLast(10)),pos\nb,neg\n", as: "x.csv").count == 2)
    for (name, text) in [
      ("y.csv", "text,label\nb,neg\n\(long),pos\n"), ("y.tsv", "text\tlabel\nb\tneg\n\(long)\tpos\n"),
    ] {
      #expect(
        try message(text, as: name)
          == "DIR/\(name):3: the line or record has more than 1048576 bytes, the maximum; split or shorten it")
    }
    #expect(
      try message("text,label\n\"a,pos\n" + String(repeating: "b,neg\n", count: 200_000), as: "z.csv")
        == "DIR/z.csv:2: the quotation mark that opens a field is never closed within 1048576 bytes, the maximum size "
        + "of a record; double the quotation marks within a field")
  }

  @Test func `a label has at most a thousand bytes`() throws {
    let long = String(repeating: "l", count: 1001)
    #expect(
      try message("text,label\na,\(long)\n", as: "x.csv")
        == "DIR/x.csv:2: the label in 'label' has more than 1000 bytes, the maximum; is it the right column?")
  }
}
