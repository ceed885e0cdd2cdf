import GraftSafetensors
import GraftSupport
import Testing

/// Returns the bytes of a file with this header, valid or not, and this data.
func madeFile(_ header: String, data: [UInt8] = []) -> [UInt8] { madeFile(Array(header.utf8), data: data) }

func madeFile(_ header: [UInt8], data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
}

/// Returns the part of a header that describes one tensor.
func member(_ name: String, _ type: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
  #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
}

func opened(_ header: String, data: [UInt8] = []) throws -> SafetensorsFile {
  try SafetensorsFile(bytes: madeFile(header, data: data), name: "made")
}

/// Returns the problem of the error that `body` throws; records an issue when it throws none.
func problem(in body: () throws -> some Any) -> SafetensorsError.Problem? {
  let error = #expect(throws: SafetensorsError.self) { _ = try body() }
  return error?.problem
}

/// Returns the problem of the JSON error that `body` throws; records an issue when it throws none.
func jsonProblem(in body: () throws -> some Any) -> JSONError.Problem? {
  let error = #expect(throws: JSONError.self) { _ = try body() }
  return error?.problem
}

/// Returns what was expected and found at the JSON syntax error that `body` throws.
func syntaxProblem(in body: () throws -> some Any) -> (expected: String, got: String)? {
  guard case .syntax(_, let expected, let got) = jsonProblem(in: body) else { return nil }
  return (expected, got)
}

extension SafetensorsFile {
  /// Returns a copy of a tensor's bytes.
  func copiedBytes(_ name: String) throws -> [UInt8] { Array(bytes(of: try entry(named: name))) }
}

/// Returns the little-endian bytes of numbers.
func littleEndian(_ numbers: [some FixedWidthInteger]) -> [UInt8] {
  numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
}
