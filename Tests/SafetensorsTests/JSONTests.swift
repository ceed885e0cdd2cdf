import GraftSafetensors
import Testing

struct JSONTests {
  /// Returns the string for `json`, the inside of a JSON string.
  private func text(_ json: String) throws -> String? {
    try opened(#"{"__metadata__":{"k":"\#(json)"}}"#).metadata["k"]
  }

  /// Opens a file whose only tensor has this shape.
  private func open(shape: String) throws -> SafetensorsFile {
    try opened("{\(member("a", "U8", shape, 0, 0))}")
  }

  @Test func `every escape is resolved`() throws {
    #expect(try text(#"\"\\\/\b\f\n\r\t"#) == "\"\\/\u{8}\u{C}\n\r\t")
    #expect(try text(#"\u0041\u00e9\u00E9\u20ac\uFFFF\u0000"#) == "Aéé€\u{FFFF}\u{0}")
    #expect(try text(#"\ud83e\udD9c \uD800\uDC00\udbff\udfff"#) == "🦜 \u{10000}\u{10FFFF}")
  }

  @Test(arguments: [
    #"\x"#, #"\"#, #"\u"#, #"\u12"#, #"\u12G4"#, #"\u+123"#, #"\u１234"#, #"\U0041"#, #"\ud83e"#, #"\ud83ex"#,
    #"\ud83e\n"#, #"\ud83e\u0041"#, #"\ud83e\ud83e"#, #"\udd9c"#, #"\udd9c\ud83e"#,
  ])
  func `an invalid escape is refused`(json: String) {
    #expect(syntaxProblem { try text(json) } != nil)
  }

  @Test func `control characters must be escaped`() {
    for byte in UInt8(0)..<0x20 {
      let header = Array(#"{"__metadata__":{"k":""#.utf8) + [byte] + Array(#""}}"#.utf8)
      #expect(
        syntaxProblem { try SafetensorsFile(bytes: madeFile(header), name: "made") }?.got
          == "byte 0x\(String(byte, radix: 16))")
    }
  }

  @Test(
    arguments: [
      [0xFF], [0x80], [0xC3], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func `invalid UTF-8 is refused`(bytes: [UInt8]) {
    let header = Array(#"{"__metadata__":{"k":""#.utf8) + bytes + Array(#""}}"#.utf8)
    #expect(
      jsonProblem { try SafetensorsFile(bytes: madeFile(header), name: "made") } == .invalidUTF8(offset: 22))
  }

  @Test func `a byte order mark or another encoding is refused`() {
    #expect(syntaxProblem { try opened("\u{FEFF}{}") }?.got == "byte 0xef")
    #expect(syntaxProblem { try SafetensorsFile(bytes: madeFile([0x7B, 0, 0x7D, 0]), name: "made") } != nil)
  }

  @Test(arguments: [
    "[-1]", "[-0]", "[+1]", "[0.0]", "[1.5]", "[1e0]", "[1E2]", "[00]", "[01]", "[.5]", "[0x1]", "[NaN]",
  ])
  func `a size that is not a plain integer is refused`(shape: String) {
    #expect(syntaxProblem { try open(shape: shape) } != nil)
  }

  @Test(arguments: ["9223372036854775808", "18446744073709551616", String(repeating: "9", count: 1000)])
  func `a size that overflows is refused`(size: String) {
    #expect(syntaxProblem { try open(shape: "[\(size)]") }?.expected == "a number below 2^63")
  }

  @Test func `the largest integer is read`() {
    #expect(
      problem { try open(shape: "[9223372036854775807]") } == .wrongByteCount(expected: .max, got: 0))
  }

  @Test func `white space is allowed between all parts`() throws {
    let header = "{\n\t\"a\" : {\r\n \"dtype\" : \"U8\" , \"shape\" : [ 1 , 1 ] , \"data_offsets\" : [ 0 , 1 ] } }"
    #expect(try opened(header, data: [7]).copiedBytes("a") == [7])
  }

  @Test(arguments: [
    "[]", "1", "null", "\"a\"", "{", "}", "{]", "{\"a\"", "{\"a\":", "{\"a\":{", "{\"a\":}", "{a:1}", "{'a':1}", "{,}",
    "{\"__metadata__\":{},}", "{\"__metadata__\":{\"a\":\"b\",}}", "{\"__metadata__\" {}}", "{/**/}", "{\"a\":[]}",
    "{1:2}",
  ])
  func `a header that is not an object of objects is refused`(header: String) {
    #expect(syntaxProblem { try opened(header) } != nil)
  }

  @Test(arguments: ["[0,]", "[,]", "[0 0]", "[0", "[[0]]", "[\"0\"]", "[null]", "0", "{}"])
  func `a shape that is not an array of sizes is refused`(shape: String) {
    #expect(syntaxProblem { try open(shape: shape) } != nil)
  }

  @Test(arguments: ["[", "{\"a\":", "{\"a\":["])
  func `deep nesting is refused without recursion`(opening: String) {
    let deep = String(repeating: opening, count: 1_000_000)
    #expect(throws: (any Error).self) { try opened("{\"a\":\(deep)") }
    #expect(syntaxProblem { try open(shape: deep) } != nil)
  }
}
