import GraftAdapterFiles
import GraftHarness
import Testing

struct ZstdFrameTests {
  private let text = Array(String(repeating: "adapters are small, bases are large; ", count: 12).utf8)

  private func unpack(_ frame: [UInt8], limit: Int = 1 << 20) throws -> [UInt8] {
    try frame.withUnsafeBytes { try decompress($0, limit: limit, name: "made") }
  }

  private func problem(_ frame: [UInt8], limit: Int = 1 << 20) -> ZstdFrameError.Problem? {
    let error = #expect(throws: ZstdFrameError.self) { try unpack(frame, limit: limit) }
    #expect(error?.file == "made")
    return error?.problem
  }

  private func isFailure(_ problem: ZstdFrameError.Problem?) -> Bool {
    if case .failed = problem { true } else { false }
  }

  /// Returns a handmade frame: magic number, the given header and blocks, and an arbitrary checksum.
  private func frame(_ header: [UInt8], blocks: [UInt8] = [1, 0, 0]) -> [UInt8] {
    [0x28, 0xB5, 0x2F, 0xFD] + header + blocks + [0, 0, 0, 0]
  }

  private func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  /// Blocks that decompress to a gigabyte of zeros, 128 KiB per four bytes.
  private var gigabyteOfZeros: [UInt8] {
    (0..<8192).flatMap { i -> [UInt8] in
      let header = UInt32(128 << 10) << 3 | 1 << 1 | (i == 8191 ? 1 : 0)
      return littleEndian(header).prefix(3) + [0]
    }
  }

  @Test(arguments: [0, 1, 255, 256, 257, 65_791, 65_792, 300_000])
  func `bytes survive a round trip`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }
    #expect(try unpack(compress(bytes)) == bytes)
  }

  @Test(arguments: [1, 3, 19, 22])
  func `content larger than the window survives a round trip at every level`(level: Int) throws {
    let bytes = [UInt8](unsafeUninitializedCapacity: 9 << 20) { buffer, count in
      for i in buffer.indices { buffer[i] = UInt8(truncatingIfNeeded: i >> 12) }
      count = buffer.count
    }
    #expect(try unpack(compress(bytes, level: level), limit: bytes.count) == bytes)
  }

  @Test func `compression is deterministic`() throws {
    #expect(try compress(text) == compress(text))
  }

  @Test func `a truncated frame is rejected at every length`() throws {
    let packed = try compress(text)
    for count in packed.indices {
      #expect(throws: ZstdFrameError.self, "cut to \(count) bytes") { try unpack(Array(packed[..<count])) }
    }
  }

  @Test(arguments: [12, 300])
  func `a frame with any single bit flipped is rejected or yields the same bytes`(repeats: Int) throws {
    let bytes = Array(repeatElement(text, count: repeats).joined())
    let packed = try compress(bytes)
    for position in packed.indices {
      for bit in 0..<8 {
        var damaged = packed
        damaged[position] ^= 1 << bit
        do {
          #expect(try unpack(damaged) == bytes, "bit \(bit) of byte \(position)")
        } catch is ZstdFrameError {}
      }
    }
  }

  @Test func `the limit is the largest accepted content size`() throws {
    let packed = try compress(text)
    #expect(try unpack(packed, limit: text.count) == text)
    #expect(
      problem(packed, limit: text.count - 1) == .contentTooLarge(limit: text.count - 1, got: UInt64(text.count)))
    #expect(try unpack(compress([]), limit: 0) == [])
  }

  @Test func `a decompression bomb is rejected before memory is allocated`() {
    let bomb = frame([0b1100_0100, 0x68] + littleEndian(UInt64(1) << 30), blocks: gigabyteOfZeros)
    #expect(bomb.count < 33_000)
    #expect(problem(bomb) == .contentTooLarge(limit: 1 << 20, got: 1 << 30))
    // No machine could provide this much memory.
    for size in [UInt64(1) << 62, .max] {
      #expect(problem(frame([0b1100_0100, 0x68] + littleEndian(size))) == .contentTooLarge(limit: 1 << 20, got: size))
    }
  }

  @Test func `a decompression bomb with a false size is stopped at that size`() {
    #expect(isFailure(problem(frame([0b1100_0100, 0x68] + littleEndian(UInt64(1000)), blocks: gigabyteOfZeros))))
  }

  @Test func `a frame with less content than declared is rejected`() {
    #expect(isFailure(problem(frame([0b0010_0100, 5], blocks: [0b0000_1001, 0, 0, 65]))))
  }

  @Test func `a second frame and trailing bytes are rejected`() throws {
    let packed = try compress(text)
    #expect(problem(packed + packed) == .trailingBytes(packed.count))
    #expect(problem(packed + [0]) == .trailingBytes(1))
  }

  @Test func `a skippable frame is rejected before and after the content`() throws {
    let packed = try compress(text)
    for kind in UInt32(0x184D_2A50)...0x184D_2A5F {
      let skippable = littleEndian(kind) + [2, 0, 0, 0, 1, 1]
      #expect(problem(skippable + packed) == .skippable)
      #expect(problem(skippable) == .skippable)
      #expect(problem(packed + skippable) == .trailingBytes(10))
    }
  }

  @Test func `a frame must declare its content size`() {
    #expect(problem(frame([0b0000_0100, 0x68])) == .noContentSize)
  }

  @Test func `a frame must have a correct checksum`() throws {
    #expect(problem(frame([0b0010_0000, 0])) == .noChecksum)
    var packed = try compress(text)
    packed[packed.count - 1] ^= 1
    #expect(isFailure(problem(packed)))
  }

  @Test func `a dictionary is rejected`() {
    for (flag, count) in [(UInt8(1), 1), (2, 2), (3, 4)] {
      #expect(problem(frame([0b0010_0100 | flag] + [UInt8](repeating: 1, count: count) + [0])) == .dictionary)
    }
  }

  @Test func `a window above 8 MiB is rejected`() {
    let size = littleEndian(UInt16(0))
    #expect(problem(frame([0b0100_0100, 0x70] + size)) == .windowTooLarge(limit: 1 << 23, got: 1 << 24))
    #expect(problem(frame([0b0100_0100, 0x69] + size)) == .windowTooLarge(limit: 1 << 23, got: 9 << 20))
    #expect(
      problem(frame([0b1010_0100] + littleEndian(UInt32(8_388_609))), limit: 1 << 25)
        == .windowTooLarge(limit: 1 << 23, got: 8_388_609))
  }

  @Test func `data that is not a frame is rejected`() {
    #expect(problem(Array("PK\u{3}\u{4}…".utf8)) == .notAFrame)
    #expect(problem([]) == .incomplete(size: 0))
    #expect(problem([0x28, 0xB5, 0x2F]) == .incomplete(size: 3))
  }

  @Test func `an error is described on one line with what to do`() {
    let error = #expect(throws: ZstdFrameError.self) { try unpack(frame([0b0010_0000, 0])) }
    #expect(
      error?.description
        == "made: the zstd frame has no checksum; decompress the file and compress it with 'zstd -19 NAME.safetensors'")
  }
}
