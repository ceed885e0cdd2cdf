import CZlib

/// Decompresses data in the deflate format. (RFC 1951 and 1952.)
enum Inflate {
  /// What surrounds the compressed data.
  enum Wrapper { case none, gzip }

  /// A reason why data cannot be decompressed.
  enum Failure: Error { case outOfMemory, damaged }

  /// Decompresses data chunk by chunk.
  ///
  /// - Parameters:
  ///   - packed: The compressed data.
  ///   - wrapper: What surrounds the data. The checksum at the end of a gzip wrapper is verified.
  ///   - append: Receives each decompressed chunk.
  /// - Throws: ``Failure``, or an error of `append`.
  static func run(
    _ packed: UnsafeRawBufferPointer, _ wrapper: Wrapper, _ append: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var stream = z_stream()
    let status = wrapper == .gzip ? graft_gunzip_begin(&stream) : graft_inflate_begin(&stream)
    guard status == Z_OK else { throw Failure.outOfMemory }
    defer { inflateEnd(&stream) }
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
    defer { chunk.deallocate() }
    stream.next_in = UnsafeMutablePointer(mutating: packed.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = UInt32(packed.count)
    var result = Z_OK
    while result == Z_OK {
      stream.next_out = chunk.baseAddress
      stream.avail_out = UInt32(chunk.count)
      result = inflate(&stream, Z_NO_FLUSH)
      try append(
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(chunk)[..<(chunk.count - Int(stream.avail_out))]))
    }
    guard result == Z_STREAM_END else { throw Failure.damaged }
  }
}
