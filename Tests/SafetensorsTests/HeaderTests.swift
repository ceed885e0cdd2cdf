import GraftSafetensors
import Testing

struct HeaderTests {
  @Test func `tensors may be listed in any order and are sorted by their data`() throws {
    let file = try opened(
      "{\(member("b", "U8", "[1]", 2, 3)),\(member("a", "I16", "[1]", 0, 2)),\(member("e", "F32", "[0]", 2, 2))}",
      data: [1, 2, 3])
    #expect(file.entries.map(\.name) == ["a", "e", "b"])
    #expect(try file.copiedBytes("b") == [3])
  }

  @Test func `spaces may follow the header, but no other bytes`() throws {
    #expect(try opened("{}   ").entries.isEmpty)
    #expect(syntaxProblem { try opened("{}\n") }?.got == "byte 0xa")
    #expect(syntaxProblem { try opened("{} {}") }?.got == "'{'")
    #expect(syntaxProblem { try opened(" {}") }?.expected == "'{' as the first byte")
  }

  @Test func `a file too short for the header's length is refused`() {
    for count in 0..<8 {
      #expect(
        problem { try SafetensorsFile(bytes: [UInt8](repeating: 0, count: count), name: "made") }
          == .fileTooShort(got: count))
    }
  }

  @Test func `a header that extends past the end of the file is refused`() {
    let bytes = littleEndian([UInt64(3)]) + Array("{}".utf8)
    #expect(
      problem { try SafetensorsFile(bytes: bytes, name: "made") } == .headerBeyondEnd(length: 3, available: 2))
  }

  @Test(arguments: [100_000_001, UInt64(Int.max), UInt64(Int.max) + 1, .max])
  func `a header above 100 MB is refused before anything is read`(length: UInt64) {
    #expect(
      problem { try SafetensorsFile(bytes: littleEndian([length]) + [UInt8(ascii: "{")], name: "made") }
        == .headerTooLong(limit: 100_000_000, got: length))
  }

  @Test func `a header of exactly 100 MB is read`() throws {
    let header = Array("{}".utf8) + [UInt8](repeating: UInt8(ascii: " "), count: 99_999_998)
    #expect(try SafetensorsFile(bytes: madeFile(header), name: "made").entries.isEmpty)
  }

  @Test func `a tensor with 64 dimensions is read, and one with more is refused`() throws {
    func shape(_ dimensions: Int) -> String { "[\(Array(repeating: "1", count: dimensions).joined(separator: ","))]" }
    let file = try opened("{\(member("a", "U8", shape(64), 0, 1))}", data: [7])
    #expect(file.entries.first?.shape.count == 64)
    #expect(
      problem { try opened("{\(member("a", "U8", shape(65), 0, 1))}", data: [7]) } == .tooManyDimensions(limit: 64))
  }

  @Test func `an empty header is refused`() {
    #expect(syntaxProblem { try opened("") }?.got == "the end")
  }

  @Test func `a gap is refused wherever it is`() {
    #expect(
      problem { try opened("{\(member("a", "U8", "[1]", 1, 2))}", data: [0, 0]) } == .misplaced(expected: 0, got: 1))
    #expect(
      problem {
        try opened("{\(member("a", "U8", "[1]", 0, 1)),\(member("b", "U8", "[1]", 2, 3))}", data: [0, 0, 0])
      } == .misplaced(expected: 1, got: 2))
    #expect(
      problem { try opened("{\(member("a", "U8", "[1]", 0, 1))}", data: [0, 0]) } == .wrongDataSize(expected: 1, got: 2)
    )
    #expect(problem { try opened("{}", data: [0]) } == .wrongDataSize(expected: 0, got: 1))
  }

  @Test func `overlapping tensors are refused`() {
    #expect(
      problem {
        try opened("{\(member("a", "U8", "[2]", 0, 2)),\(member("b", "U8", "[2]", 1, 3))}", data: [0, 0, 0])
      } == .misplaced(expected: 2, got: 1))
    #expect(
      problem { try opened("{\(member("a", "U8", "[1]", 0, 1)),\(member("b", "U8", "[1]", 0, 1))}", data: [0]) }
        == .misplaced(expected: 1, got: 0))
  }

  @Test func `data that end before the last tensor are refused`() {
    #expect(
      problem { try opened("{\(member("a", "U8", "[3]", 0, 3))}", data: [0, 0]) } == .wrongDataSize(expected: 3, got: 2)
    )
  }

  @Test func `a tensor that ends before it begins is refused`() {
    #expect(
      problem { try opened("{\(member("a", "U8", "[1]", 2, 1))}", data: [0]) } == .reversedRange(begin: 2, end: 1))
  }

  @Test func `a tensor must have the byte count of its shape and type`() {
    #expect(
      problem { try opened("{\(member("a", "F32", "[2,2]", 0, 4))}", data: [0, 0, 0, 0]) }
        == .wrongByteCount(expected: 16, got: 4))
    #expect(
      problem { try opened("{\(member("a", "F32", "[]", 0, 0))}") } == .wrongByteCount(expected: 4, got: 0))
  }

  @Test func `shapes that overflow are refused, even if a zero makes the product zero`() {
    let half = 1 << 32
    let shapes: [([Int], ElementType)] = [
      ([half, half], .u8), ([1 << 61], .f64), ([.max], .f32), ([half, half, 0], .u8),
    ]
    for (shape, type) in shapes {
      #expect(
        problem { try opened("{\(member("a", type.rawValue, "\(shape)", 0, 0))}") }
          == .sizeOverflow(shape: shape, type: type))
    }
  }

  @Test(arguments: ["F8_E8M0", "f32", "F32 ", "C64", ""])
  func `an unknown type is named in the error`(type: String) {
    let error = #expect(throws: SafetensorsError.self) { try opened("{\(member("a", type, "[0]", 0, 0))}") }
    #expect(error?.problem == .unknownElementType(type))
    #expect(error?.tensor == "a")
    #expect(error?.description.contains("unknown dtype '\(type)', expected one of U64, I64") == true)
  }

  @Test func `each of the three fields is required once, and others are refused`() {
    #expect(problem { try opened(#"{"a":{"shape":[0],"data_offsets":[0,0]}}"#) } == .missingField("dtype"))
    #expect(problem { try opened(#"{"a":{"dtype":"U8","data_offsets":[0,0]}}"#) } == .missingField("shape"))
    #expect(problem { try opened(#"{"a":{"dtype":"U8","shape":[0]}}"#) } == .missingField("data_offsets"))
    #expect(
      problem { try opened(#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}"#) } == .unknownField("x"))
    #expect(
      jsonProblem { try opened(#"{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#) }
        == .duplicateKey("dtype", offset: 19))
  }

  @Test(arguments: ["[]", "[0]", "[0,0,0]", "0", "null", "{}"])
  func `exactly two offsets are required`(offsets: String) {
    #expect(syntaxProblem { try opened(#"{"a":{"dtype":"U8","shape":[0],"data_offsets":\#(offsets)}}"#) } != nil)
  }

  @Test func `duplicate tensor names are refused, however they are written`() {
    let empty = #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#
    #expect(jsonProblem { try opened(#"{"a":\#(empty),"a":\#(empty)}"#) } == .duplicateKey("a", offset: 53))
    #expect(jsonProblem { try opened(#"{"a":\#(empty),"\u0061":\#(empty)}"#) } == .duplicateKey("a", offset: 53))
    #expect(jsonProblem { try opened(#"{"é":\#(empty),"e\u0301":\#(empty)}"#) } == .equivalentKey("é", offset: 54))
  }

  @Test(arguments: ["1", "null", "[]", "\"x\"", #"{"k":1}"#, #"{"k":null}"#, #"{"k":{}}"#])
  func `metadata must map strings to strings`(metadata: String) {
    #expect(syntaxProblem { try opened(#"{"__metadata__":\#(metadata)}"#) } != nil)
  }

  @Test func `duplicate metadata keys are refused`() {
    #expect(
      jsonProblem { try opened(#"{"__metadata__":{"k":"1","k":"2"}}"#) } == .duplicateKey("k", offset: 25))
    #expect(
      jsonProblem { try opened(#"{"__metadata__":{},"__metadata__":{}}"#) } == .duplicateKey("__metadata__", offset: 19)
    )
  }
}
