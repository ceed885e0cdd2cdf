import GraftSafetensors
import GraftSupport
import GraftTestSupport
import Testing

struct DamageTests {
  /// A small file that uses most features of the format.
  private func smallFile() throws -> [UInt8] {
    var writer = SafetensorsWriter(metadata: ["é\n": "🦜"])
    try writer.add("w", type: .f16, shape: [2, 1], bytes: [0, 0x3C, 0, 0x40])
    try writer.add("b", type: .f32, shape: [1], bytes: littleEndian([Float(0.5).bitPattern]))
    try writer.add("n", type: .u8, shape: [], bytes: [9])
    return try writer.encoded()
  }

  /// Opens the file and accesses all its content; returns `false` when it is refused.
  private func decodes(_ bytes: [UInt8]) throws -> Bool {
    do {
      let file = try SafetensorsFile(bytes: bytes, name: "damaged")
      for entry in file.entries {
        #expect(file.bytes(of: entry).count == entry.byteRange.count)
        if (try? file.floats(of: entry)) != nil { _ = try file.values(entry.name) }
      }
      return true
    } catch let error as any UserError {
      #expect(!error.description.contains { $0.isNewline })
      return false
    }
  }

  @Test func `a truncated file is refused at every length`() throws {
    let bytes = try smallFile()
    #expect(try decodes(bytes))
    for count in bytes.indices { #expect(try !decodes(Array(bytes[..<count])), "cut to \(count) bytes") }
    #expect(try !decodes(bytes + [0]))
  }

  @Test func `a file with any one bit flipped is refused or decodes`() throws {
    let bytes = try smallFile()
    let dataOffset = bytes.count - 9
    for position in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[position] ^= 1 << bit
        let accepted = try decodes(damaged)
        if position < 8 { #expect(!accepted, "bit \(bit) of byte \(position)") }
        if position >= dataOffset { #expect(accepted, "bit \(bit) of byte \(position)") }
      }
    }
  }

  @Test func `a file with any one byte of the header replaced is refused or decodes`() throws {
    let bytes = try smallFile()
    for position in 8..<bytes.count - 9 {
      for byte in UInt8.min ... .max {
        var damaged = bytes
        damaged[position] = byte
        _ = try decodes(damaged)
      }
    }
  }
}
