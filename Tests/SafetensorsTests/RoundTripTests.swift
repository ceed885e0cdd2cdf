import GraftSafetensors
import GraftSupport
import GraftTestSupport
import Testing

struct RoundTripTests {
  @Test(arguments: ElementType.allCases)
  func `every type is read as it was written`(type: ElementType) throws {
    let bytes = (0..<6 * type.width).map { UInt8($0 * 37 % 256) }
    var writer = SafetensorsWriter()
    try writer.add("a", type: type, shape: [2, 3], bytes: bytes)
    let file = try SafetensorsFile(bytes: writer.encoded(), name: "made")
    let entry = try file.entry(named: "a")
    #expect(entry.elementType == type)
    #expect(entry.shape == [2, 3])
    #expect(entry.elementCount == 6)
    #expect(entry.byteRange == 0..<6 * type.width)
    #expect(try file.copiedBytes("a") == bytes)
  }

  @Test func `unusual names, metadata, and shapes are read as they were written`() throws {
    let metadata = ["format": "pt", "": "empty key", "config": #"{"r": 8}"#, "é\n\"\\": "\u{0}\u{1F}/\u{2028}🦜"]
    let names = ["", "plain", "with \"quotes\" and \\", "tab\tand \u{0}", "naïve 🦜"]
    var writer = SafetensorsWriter(metadata: metadata)
    for (i, name) in names.enumerated() { try writer.add(name, type: .u8, shape: [], bytes: [UInt8(i)]) }
    try writer.add("no elements", type: .f32, shape: [3, 0, 2], bytes: [])
    let file = try SafetensorsFile(bytes: writer.encoded(), name: "made")
    #expect(file.metadata == metadata)
    for (i, name) in names.enumerated() { #expect(try file.copiedBytes(name) == [UInt8(i)]) }
    #expect(file["no elements"]?.shape == [3, 0, 2])
    #expect(file["no elements"]?.elementCount == 0)
    #expect(try file.values("no elements") == [])
    #expect(try file.floats(of: file.entry(named: "no elements"))?.count == 0)
  }

  @Test func `a file without tensors has an empty header`() throws {
    let bytes = try SafetensorsWriter().encoded()
    #expect(bytes == madeFile("{}      "))
    let file = try SafetensorsFile(bytes: bytes, name: "made")
    #expect(file.entries.isEmpty)
    #expect(file.metadata.isEmpty)
  }

  @Test func `the order of additions does not change the bytes`() throws {
    let tensors: [(String, ElementType, Int)] = [("b", .f32, 4), ("a", .f32, 4), ("c", .f64, 8), ("d", .u8, 1)]
    let files = try [tensors, tensors.reversed()].map { order in
      var writer = SafetensorsWriter(metadata: ["x": "1", "a": "2", "m": "3"])
      for (name, type, width) in order {
        try writer.add(name, type: type, shape: [1], bytes: [UInt8](repeating: 7, count: width))
      }
      return try writer.encoded()
    }
    #expect(files[0] == files[1])
    #expect(try SafetensorsFile(bytes: files[0], name: "made").entries.map(\.name) == ["c", "a", "b", "d"])
  }

  @Test func `the data begin at a multiple of eight bytes`() throws {
    for length in 0..<9 {
      var writer = SafetensorsWriter()
      let name = String(repeating: "x", count: length)
      try writer.add(name, type: .f64, shape: [], bytes: [UInt8](repeating: 0, count: 8))
      #expect(try writer.encoded().count.isMultiple(of: 8))
    }
  }

  @Test func `a mapped file and one in memory are equal, but only the first has an identity`() throws {
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter(metadata: ["k": "v"])
    try writer.add("a", type: .f32, shape: [2], bytes: littleEndian([Float(1).bitPattern, Float(-2).bitPattern]))
    try folder.write(writer.encoded(), to: "file")
    let mapped = try SafetensorsFile(path: folder.file("file"))
    let owned = try SafetensorsFile(bytes: writer.encoded(), name: "made")
    #expect(mapped.entries == owned.entries)
    #expect(mapped.metadata == owned.metadata)
    #expect(try mapped.values("a") == [1, -2])
    #expect(mapped.identity == FileIdentity(path: folder.file("file")))
    #expect(owned.identity == nil)
    #expect(mapped.path == folder.file("file"))
    #expect(owned.path == "made")
  }

  @Test func `the writer refuses what no reader accepts`() throws {
    var writer = SafetensorsWriter()
    try writer.add("a", type: .u8, shape: [1], bytes: [1])
    #expect(problem { try writer.add("a", type: .u8, shape: [1], bytes: [1]) } == .nameTaken)
    #expect(problem { try writer.add("__metadata__", type: .u8, shape: [1], bytes: [1]) } == .reservedName)
    #expect(
      problem { try writer.add("b", type: .f32, shape: [2], bytes: [1]) } == .wrongByteCount(expected: 8, got: 1))
    #expect(
      problem { try writer.add("b", type: .f64, shape: [.max], bytes: []) }
        == .sizeOverflow(shape: [.max], type: .f64))
  }
}
