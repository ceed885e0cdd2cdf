/// How a file of texts or examples is to be read.
enum TableFormat: String, CaseIterable {
  /// Fields between tabs under a header; quotation marks are text.
  case tsv
  /// Fields between commas, semicolons, or tabs under a header, with quotation marks as in RFC 4180.
  case csv
  /// One JSON object a line.
  case jsonl
  /// A list of JSON objects, or one object a line.
  case json
  /// A text a line, without a header.
  case txt

  /// Whether rows are JSON objects.
  var isJSON: Bool { self == .json || self == .jsonl }

  /// The format that a file's name stands for, or `nil`.
  static func of(_ path: String) -> TableFormat? {
    guard let ending = ending(of: path) else { return nil }
    return ending == "ndjson" ? .jsonl : TableFormat(rawValue: ending)
  }

  /// The endings of files with labels, in the order in which messages list them.
  static let labelled = "tsv, .csv, .jsonl or .json"

  /// What follows the last point of a file's name, in small letters.
  static func ending(of path: String) -> String? {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    return path[path.index(after: dot)...].lowercased()
  }
}

/// Kinds of files that people have instead of text, and how to get text out of them.
enum ForeignFormat: CaseIterable, Sendable, Equatable {
  case parquet, arrow, spreadsheet, zip, compressed, pickle, database, array, page

  /// The kind that a file's name stands for, or `nil`.
  static func of(_ path: String) -> ForeignFormat? {
    let ending = TableFormat.ending(of: path) ?? ""
    return allCases.first { $0.endings.contains(ending) }
  }

  /// The kind that a file's first bytes show, whatever its name, or `nil`.
  static func of(firstBytes bytes: some Collection<UInt8>) -> ForeignFormat? {
    let first = Array(bytes.prefix(8))
    func begins(_ signature: [UInt8]) -> Bool { first.starts(with: signature) }
    if begins(Array("PK\u{3}\u{4}".utf8)) { return .zip }
    if begins([0x1F, 0x8B]) || begins([0x28, 0xB5, 0x2F, 0xFD]) || begins([0xFD, 0x37, 0x7A, 0x58, 0x5A]) {
      return .compressed
    }
    if begins(Array("PAR1".utf8)), first.count > 4, first[4] < 0x20, ![0x09, 0x0A, 0x0D].contains(first[4]) {
      return .parquet
    }
    if begins(Array("ARROW1\0".utf8)) { return .arrow }
    if begins([0xD0, 0xCF, 0x11, 0xE0]) { return .spreadsheet }
    return nil
  }

  private var endings: [String] {
    switch self {
    case .parquet: ["parquet", "pq"]
    case .arrow: ["arrow", "feather"]
    case .spreadsheet: ["xlsx", "xls", "xlsm", "ods", "numbers"]
    case .zip: ["zip", "tar", "7z", "rar"]
    case .compressed: ["gz", "tgz", "bz2", "xz", "zst", "lz4"]
    case .pickle: ["pkl", "pickle", "pt", "pth", "joblib"]
    case .database: ["db", "sqlite", "sqlite3"]
    case .array: ["npy", "npz", "h5", "hdf5", "safetensors", "bin"]
    case .page: ["html", "htm", "xml", "pdf", "doc", "docx", "yaml", "yml", "md"]
    }
  }

  /// What it is, and what to do with it.
  var advice: String {
    switch self {
    case .parquet:
      "a Parquet file, which is not read; write it as JSON lines, in pandas with "
        + "read_parquet(…).to_json('data.jsonl', orient='records', lines=True)"
    case .arrow:
      "an Arrow file, which is not read; write it as JSON lines, in datasets with Dataset.to_json('data.jsonl')"
    case .spreadsheet: "a spreadsheet, which is not read; save it as CSV UTF-8 in the spreadsheet program"
    case .zip: "an archive or a spreadsheet, which is not read; unpack it, or save the spreadsheet as CSV UTF-8"
    case .compressed: "a compressed file, which is not read; decompress it first"
    case .pickle: "a Python object, which is not read; write its rows as JSON lines"
    case .database: "a database, which is not read; export the table as CSV"
    case .array: "an array of numbers, not a table of texts"
    case .page: "a document, not a table; examples are read from .\(TableFormat.labelled) files"
    }
  }
}
