/// The format of a file of texts or examples.
public enum TableFormat: String, CaseIterable, Sendable {
  /// Tab-separated fields with a header; quotation marks are ordinary characters.
  case tsv
  /// Fields separated by commas, semicolons, or tabs, with a header and quoting as in RFC 4180.
  case csv
  /// One JSON object per line.
  case jsonl
  /// A list of JSON objects, or one object per line.
  case json
  /// One text per line, without a header.
  case txt

  /// Whether rows are JSON objects.
  var isJSON: Bool { self == .json || self == .jsonl }

  /// Returns the format indicated by a file's extension, or `nil`.
  static func of(_ path: String) -> TableFormat? {
    guard let fileExtension = fileExtension(of: path) else { return nil }
    return fileExtension == "ndjson" ? .jsonl : TableFormat(rawValue: fileExtension)
  }

  /// The extensions of formats with labels, as a list for messages; the first one lacks its dot.
  static let labeledExtensions = "tsv, .csv, .jsonl or .json"

  /// Returns a file's extension in lowercase, without the dot.
  static func fileExtension(of path: String) -> String? {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    return path[path.index(after: dot)...].lowercased()
  }
}

/// Unsupported file formats that data often comes in, with advice on how to convert them.
enum ForeignFormat: CaseIterable, Sendable, Equatable {
  case parquet, arrow, spreadsheet, zip, compressed, pickle, database, array, page

  /// Returns the format indicated by a file's extension, or `nil`.
  static func of(_ path: String) -> ForeignFormat? {
    let fileExtension = TableFormat.fileExtension(of: path) ?? ""
    return allCases.first { $0.extensions.contains(fileExtension) }
  }

  /// Returns the format indicated by a file's first bytes, regardless of its name, or `nil`.
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

  private var extensions: [String] {
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

  /// The description of the format, and how to convert it.
  var advice: String {
    switch self {
    case .parquet:
      "a Parquet file, which is not supported; convert it to JSON Lines, in pandas with "
        + "read_parquet(…).to_json('data.jsonl', orient='records', lines=True)"
    case .arrow:
      "an Arrow file, which is not supported; convert it to JSON Lines, in datasets with Dataset.to_json('data.jsonl')"
    case .spreadsheet: "a spreadsheet, which is not supported; save it as CSV UTF-8 in the spreadsheet program"
    case .zip: "an archive or a spreadsheet, which is not supported; unpack it, or save the spreadsheet as CSV UTF-8"
    case .compressed: "a compressed file, which is not supported; decompress it first"
    case .pickle: "a Python object, which is not supported; write its rows as JSON Lines"
    case .database: "a database, which is not supported; export the table as CSV"
    case .array: "an array of numbers; expected a table of texts"
    case .page: "a document, not a table; expected a .\(TableFormat.labeledExtensions) file"
    }
  }
}
