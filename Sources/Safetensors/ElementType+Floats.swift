extension ElementType {
  /// Whether floats can be stored as this type.
  public var holdsFloats: Bool { [.f32, .f16, .bf16, .f64].contains(self) }

  /// Whether any of the floats is finite but rounds to infinity in this type.
  public func overflows(_ floats: UnsafeBufferPointer<Float>) -> Bool {
    let limit: Float
    switch self {
    case .f16: limit = 65520
    case .bf16: limit = Float(bitPattern: 0x7F7F_8000)
    default: return false
    }
    return floats.contains { $0.isFinite && abs($0) >= limit }
  }

  /// Returns floats as bytes of this type, little-endian, each rounded to nearest (ties to even).
  public func bytes(of floats: UnsafeBufferPointer<Float>) -> [UInt8] {
    switch self {
    case .f16: encoded(floats, half)
    case .bf16: encoded(floats, brain)
    case .f64: encoded(floats) { Double($0).bitPattern }
    case .f32: encoded(floats, \.bitPattern)
    default: preconditionFailure("\(rawValue) does not hold floats")
    }
  }
}

private func encoded<Bits: FixedWidthInteger & BitwiseCopyable>(
  _ floats: UnsafeBufferPointer<Float>, _ bits: (Float) -> Bits
) -> [UInt8] {
  let width = MemoryLayout<Bits>.size
  return [UInt8](unsafeUninitializedCapacity: floats.count * width) { buffer, count in
    let raw = UnsafeMutableRawBufferPointer(buffer)
    for i in floats.indices { raw.storeBytes(of: bits(floats[i]).littleEndian, toByteOffset: i * width, as: Bits.self) }
    count = floats.count * width
  }
}

/// Returns the nearest IEEE half; implemented here for the same reasons as `floatFromHalf`.
private func half(_ float: Float) -> UInt16 {
  let sign = UInt16(float.bitPattern >> 16 & 0x8000)
  let magnitude = float.bitPattern & 0x7FFF_FFFF
  if magnitude > 0x7F80_0000 { return sign | 0x7E00 }  // NaN
  if magnitude >= 0x477F_F000 { return sign | 0x7C00 }  // rounds beyond 65504
  if magnitude < 0x3880_0000 {
    return sign | UInt16((Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven))
  }
  let rounded = magnitude + 0x0FFF + (magnitude >> 13 & 1)
  return sign | UInt16((rounded - 0x3800_0000) >> 13)
}

/// Returns the nearest bfloat16.
private func brain(_ float: Float) -> UInt16 {
  let bits = float.bitPattern
  if float.isNaN { return UInt16(bits >> 16) | 0x40 }
  return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
}
