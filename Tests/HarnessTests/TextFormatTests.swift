import GraftHarness
import GraftTestSupport
import Testing

/// Tables as spreadsheets, other systems and other programs write them: the same 24 rows each time, or a message that names
/// the cause.
struct TextFormatTests {
  let folder: TemporaryFolder
  private let task = TaskDefinition.custom(
    TaskDefinition.Columns(text: "text", label: "label"), labels: ["neg", "pos"])

  init() throws { folder = try TemporaryFolder() }

  private static let rows = (0..<24).map { (text: "film number \($0)", label: $0 % 2 == 0 ? "pos" : "neg") }
  private static let expected = rows.map { Example(text: $0.text, label: $0.label == "pos" ? 1 : 0) }

  private func read(_ name: String) throws -> [Example] {
    try DataSource(path: folder.file(name), description: "made").read("train", of: task)
  }

  private func read(_ text: String, as name: String) throws -> [Example] {
    try folder.write(text, to: name)
    return try read(name)
  }

  private func message(_ bytes: some Collection<UInt8>, as name: String) throws -> String {
    try folder.write(bytes, to: name)
    let error = #expect(throws: TaskError.self) { try read(name) }
    let message = try #require(error).description
    #expect(!message.contains("\n"))
    return message.replacing(folder.path, with: "DIR")
  }

  private func message(_ text: String, as name: String) throws -> String { try message(text.utf8, as: name) }

  /// A table of the rows with these marks between fields and lines.
  private static func table(_ separator: String, _ end: String, quote: String = "") -> String {
    (["text\(separator)label"] + rows.map { "\(quote)\($0.text)\(quote)\(separator)\($0.label)" })
      .map { $0 + end }.joined()
  }

  // MARK: line ends

  @Test(arguments: ["\n", "\r\n", "\r", "\r\r\n", "\r\r\r\n"], ["csv", "tsv"])
  func `lines end as each system ends them`(end: String, ending: String) throws {
    let table = Self.table(ending == "csv" ? "," : "\t", end)
    #expect(try read(table, as: "x.\(ending)") == Self.expected)
    // The last line may lack its end.
    #expect(
      try read(String(table.unicodeScalars.dropLast(end.unicodeScalars.count)), as: "y.\(ending)") == Self.expected)
  }

  @Test(arguments: ["\n", "\r\n", "\r", "\r\r\n"])
  func `JSON lines and plain lines do so too`(end: String) throws {
    let lines = Self.rows.map { "{\"text\": \"\($0.text)\", \"label\": \"\($0.label)\"}" }
    #expect(try read(lines.joined(separator: end) + end, as: "x.jsonl") == Self.expected)
    try folder.write(Self.rows.map(\.text).joined(separator: end) + end, to: "x.txt")
    var input = try TextInput(path: folder.file("x.txt"))
    #expect(try input.rest().map(\.text) == Self.rows.map(\.text))
  }

  @Test func `line ends may be mixed, and those within quotation marks are text`() throws {
    let text = "text,label\r\n\"a\rb\r\nc\nd\",pos\ne,neg\r\r\n\r\nf,pos"
    #expect(
      try read(text, as: "x.csv") == [
        Example(text: "a\rb\r\nc\nd", label: 1), Example(text: "e", label: 0), Example(text: "f", label: 1),
      ])
    #expect(try read("text,label\r\"a\nb\",pos\rc,neg\r", as: "mac.csv").map(\.text) == ["a\nb", "c"])
  }

  @Test func `a carriage return in a file of line feeds is text where it moves nothing, and named where it does`()
    throws
  {
    #expect(try read("text\tlabel\na\rb\tpos\n", as: "x.tsv") == [Example(text: "a\rb", label: 1)])
    #expect(
      try message("text,label\na,pos\rb,neg\n", as: "x.csv")
        == "DIR/x.csv:2: the row has 3 fields, expected 2; a carriage return in it is not followed by a line feed; "
        + "give all lines of the file the same line ends")
  }

  // MARK: separators

  @Test(arguments: [",", ";", "\t"], ["", "\""])
  func `the separator of a CSV file is that of its header`(separator: String, quote: String) throws {
    #expect(try read(Self.table(separator, "\n", quote: quote), as: "x.csv") == Self.expected)
  }

  @Test func `other separators in fields are text, and quoted ones of the header don't count`() throws {
    let text = "\"text\";label;\"a, b, c, d\"\n\"x; \"\"y\"\", z\";pos;1,5\nplain, with commas;neg;\n"
    #expect(
      try read(text, as: "x.csv") == [
        Example(text: "x; \"y\", z", label: 1), Example(text: "plain, with commas", label: 0),
      ])
    #expect(try read("text,label\na; b; c; d,pos\n", as: "y.csv") == [Example(text: "a; b; c; d", label: 1)])
  }

  @Test func `a separator that is declared is honored or rejected`() throws {
    #expect(try read("sep=|\ntext|label\na,b|pos\n", as: "x.csv").count == 1)
    #expect(
      try message("sep=:\ntext:label\na:pos\n", as: "x.csv").contains("x.csv:1: the separator ':' is declared, but"))
  }

  @Test func `two encodings of one accent are two columns`() throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(try read("text,label,\(composed),\(decomposed)\na,pos,1,2\n", as: "x.csv").count == 1)
    #expect(
      try read("{\"text\":\"a\",\"label\":\"pos\",\"\(composed)\":1,\"\(decomposed)\":2}\n", as: "x.jsonl").count == 1)
  }

  @Test(arguments: ["sep=;\r\n", "\"sep=;\"\n", "\u{FEFF}SEP=;\n"])
  func `Excel's line with the separator is no header`(line: String) throws {
    #expect(try read(line + Self.table(";", "\r\n"), as: "x.csv") == Self.expected)
    #expect(try read("sep=;\ntext,en;label\na;pos\n".replacing("text,en", with: "text"), as: "y.csv").count == 1)
  }

  @Test func `a semicolon within a text moves the label and is named`() throws {
    #expect(
      try message("text;label\na; b;pos\n", as: "x.csv")
        == "DIR/x.csv:2: the row has 3 fields, expected 2; a semicolon at its end or within a text moves the label; "
        + "put texts with semicolons in quotation marks, and give every column a name in the header")
  }

  @Test func `a TSV file with commas is told apart from one without the column`() throws {
    let message = try message("text,label\na,pos\n", as: "x.tsv")
    #expect(
      message.hasSuffix("the fields seem to be separated by a comma, which is not what the file's ending says"),
      "\(message)")
  }

  // MARK: columns

  @Test func `a column without a name, as pandas writes its index, is not read`() throws {
    let table = ([",text,label"] + Self.rows.enumerated().map { "\($0),\($1.text),\($1.label)" }).joined(
      separator: "\n")
    #expect(try read(table, as: "x.csv") == Self.expected)
    // Spreadsheets add empty columns at the end, and rows of them.
    #expect(
      try read("text,label,,\na,pos,,\nb,neg\n,,,\n", as: "y.csv") == [
        Example(text: "a", label: 1), Example(text: "b", label: 0),
      ])
  }

  @Test func `a file without a header is told so`() throws {
    #expect(
      try message("this film was very good,pos\nb,neg\n", as: "x.csv")
        == "DIR/x.csv:1: no column 'text'; the file has 'this film was very good', 'pos'; the first line looks like an "
        + "example: where it is one, put a line with the columns' names before it")
    let unnamed = try message(",body,pos\n1,a,neg\n", as: "y.csv")
    #expect(unnamed.contains("the file has one without a name, 'body', 'pos'"), "\(unnamed)")
  }

  @Test func `what a file says is quoted in messages`() throws {
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
  func `another encoding is named`(bytes: [UInt8], name: String) throws {
    #expect(
      try message(bytes, as: "x.csv")
        == "DIR/x.csv: the file is \(name) text, and only UTF-8 is read; convert it: iconv -f \(name) -t UTF-8 FILE > NEW"
    )
  }

  @Test func `bytes that no text has are named with their line`() throws {
    #expect(
      try message(Array("text,label\nna".utf8) + [0xEF, 0x76] + Array("e,pos\n".utf8), as: "x.csv").contains(
        "DIR/x.csv:2: the line is not valid UTF-8; convert the file to UTF-8, if it is from Excel or Windows with iconv"
      ))
    #expect(try message("text,label\na,pos\nb\0,neg\n", as: "y.csv").hasPrefix("DIR/y.csv:3: the line has a NUL byte"))
  }

  @Test(arguments: [
    ("x.parquet", "PAR1\u{15}\u{4}", "DIR/x.parquet: the name says that this is a Parquet file"),
    ("x.csv", "PAR1\u{15}\u{4}\u{15}", "DIR/x.csv: the content is that of a Parquet file"),
    ("x.csv", "PK\u{3}\u{4}\u{14}", "DIR/x.csv: the content is that of an archive or a spreadsheet"),
    (
      "x.xlsx", "PK\u{3}\u{4}",
      "DIR/x.xlsx: the name says that this is a spreadsheet, which is not read; save it as CSV"
    ),
    ("x.csv.gz", "x", "DIR/x.csv.gz: the name says that this is a compressed file, which is not read; decompress it"),
    ("x.arrow", "x", "DIR/x.arrow: the name says that this is an Arrow file"),
    ("x.zip", "x", "DIR/x.zip: the name says that this is an archive"),
    (
      "x.txt", "a\nb\n", "DIR/x.txt: plain lines of text have no labels; expected a file with columns that ends in .tsv"
    ),
    ("x.dat", "a\nb\n", "DIR/x.dat: the name does not say what the file is; expected one that ends in .tsv"),
  ])
  func `files of other kinds are named, with what to do`(name: String, content: String, expected: String) throws {
    let message = try message(content, as: name)
    #expect(message.hasPrefix(expected), "\(message)")
  }

  @Test func `a text that begins like a Parquet file is a text`() throws {
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
          == "DIR/\(name):3: the line or record has more than 1048576 bytes, which is the limit; divide or shorten it")
    }
    #expect(
      try message("text,label\n\"a,pos\n" + String(repeating: "b,neg\n", count: 200_000), as: "z.csv")
        == "DIR/z.csv:2: the quotation mark that opens a field is never closed within 1048576 bytes, which is the limit "
        + "of a record; write quotation marks within a field twice")
  }

  @Test func `a label has at most a thousand bytes`() throws {
    let long = String(repeating: "l", count: 1001)
    #expect(
      try message("text,label\na,\(long)\n", as: "x.csv")
        == "DIR/x.csv:2: the label in 'label' has more than 1000 bytes; is it the right column?")
  }
}
