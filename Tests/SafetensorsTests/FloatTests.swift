import Foundation
import GraftSafetensors
import GraftTestSupport
import Testing

struct FloatTests {
  /// Opens a file with the single tensor `a`, whose data begin `misalignment` bytes after a multiple of eight.
  private func open(
    _ type: ElementType, _ bytes: [UInt8], misalignment: Int = 0
  ) throws -> SafetensorsFile {
    var header = "{\(member("a", type.rawValue, "[\(bytes.count / type.width)]", 0, bytes.count))}"
    while header.utf8.count % 8 != misalignment { header += " " }
    return try opened(header, data: bytes)
  }

  @Test func `halves are converted to their values`() throws {
    let values: [(UInt16, Float)] = [
      (0x0000, 0), (0x3C00, 1), (0xC000, -2), (0x3555, 0x1.554p-2), (0x7BFF, 65504), (0xFBFF, -65504),
      (0x0400, 0x1p-14), (0x03FF, 0x1.FF8p-15), (0x0001, 0x1p-24), (0x8001, -0x1p-24), (0x0200, 0x1p-15),
      (0x7C00, .infinity), (0xFC00, -.infinity),
    ]
    let file = try open(.f16, littleEndian(values.map(\.0)))
    #expect(try file.values("a") == values.map(\.1))
  }

  @Test func `zeros keep their sign, and NaNs stay NaNs with their bits`() throws {
    let halves = try open(.f16, littleEndian([0x8000, 0x7E00, 0xFE01, 0x7C01] as [UInt16]))
    #expect(
      try halves.values("a").map(\.bitPattern) == [0x8000_0000, 0x7FC0_0000, 0xFFC0_2000, 0x7F80_2000])
    let brains = try open(.bf16, littleEndian([0x8000, 0x7FC0, 0xFF81] as [UInt16]))
    #expect(try brains.values("a").map(\.bitPattern) == [0x8000_0000, 0x7FC0_0000, 0xFF81_0000])
  }

  @Test func `all 65,536 halves agree with the formula of the standard`() throws {
    let floats = try open(.f16, littleEndian(Array(UInt16.min ... .max))).values("a")
    for (bits, float) in floats.enumerated() {
      let (exponent, fraction) = (bits >> 10 & 31, Double(bits & 1023) / 1024)
      let magnitude =
        switch exponent {
        case 0: fraction * 0x1p-14
        case 31: fraction == 0 ? Double.infinity : .nan
        default: (1 + fraction) * pow(2, Double(exponent - 15))
        }
      let expected = bits < 0x8000 ? magnitude : -magnitude
      #expect(Double(float) == expected || float.isNaN && expected.isNaN, "half \(bits)")
    }
  }

  @Test func `bfloat16 is converted to its values`() throws {
    let values: [(UInt16, Float)] = [
      (0x0000, 0), (0x3F80, 1), (0xC020, -2.5), (0x7F7F, 0x1.FEp127), (0x0001, 0x1p-133), (0x0080, 0x1p-126),
      (0x7F80, .infinity), (0xFF80, -.infinity),
    ]
    #expect(try open(.bf16, littleEndian(values.map(\.0))).values("a") == values.map(\.1))
  }

  @Test func `doubles are rounded to the nearest float`() throws {
    let values: [(Double, Float)] = [
      (0.1, 0.1), (1 + 0x1p-24, 1), (1 + 0x1.8p-24, 1 + 0x1p-23), (1e300, .infinity), (-1e-300, -0.0),
      (0x1p-149, 0x1p-149),
    ]
    let file = try open(.f64, littleEndian(values.map(\.0.bitPattern)))
    #expect(try file.values("a").map(\.bitPattern) == values.map(\.1.bitPattern))
  }

  @Test(arguments: 0..<8)
  func `data at any address are converted`(misalignment: Int) throws {
    let floats: [Float] = [1, -0.5, .infinity, 0x1p-149]
    let single = try open(.f32, littleEndian(floats.map(\.bitPattern)), misalignment: misalignment)
    #expect(try single.values("a") == floats)
    #expect(try (single.floats(of: single.entry(named: "a")) != nil) == misalignment.isMultiple(of: 4))
    let half = try open(.f16, littleEndian([0x3C00, 0x0001] as [UInt16]), misalignment: misalignment)
    #expect(try half.values("a") == [1, 0x1p-24])
    let double = try open(.f64, littleEndian([Double(0.25).bitPattern]), misalignment: misalignment)
    #expect(try double.values("a") == [0.25])
  }

  @Test func `aligned floats are used directly from the mapped file`() throws {
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter()
    try writer.add("a", type: .f32, shape: [3], bytes: littleEndian([1, 2, 3].map { Float($0).bitPattern }))
    let bytes = try writer.encoded()
    try folder.write(bytes, to: "file")
    let file = try SafetensorsFile(path: folder.file("file"))
    let entry = try file.entry(named: "a")
    let floats = try #require(try file.floats(of: entry))
    #expect(Array(floats) == [1, 2, 3])
    let address = try #require(floats.baseAddress)
    #expect(UnsafeRawPointer(address) == file.bytes(of: entry).baseAddress)
    // Only a mapping begins at a page boundary.
    let start = UInt(bitPattern: address) - UInt(bytes.count - entry.byteRange.count)
    #expect(start.isMultiple(of: UInt(getpagesize())))
  }

  @Test(arguments: [ElementType.f16, .bf16, .f64])
  func `other floats must be converted`(type: ElementType) throws {
    let file = try open(type, [UInt8](repeating: 0, count: type.width))
    #expect(try file.floats(of: file.entry(named: "a")) == nil)
  }

  @Test func `integers are not read as floats`() throws {
    for type in ElementType.allCases where ![.f64, .f32, .f16, .bf16].contains(type) {
      let file = try open(type, [UInt8](repeating: 0, count: type.width))
      let entry = try file.entry(named: "a")
      #expect(problem { try file.floats(of: entry) } == .notConvertible(type))
      #expect(problem { try file.values("a") } == .notConvertible(type))
    }
  }
}
