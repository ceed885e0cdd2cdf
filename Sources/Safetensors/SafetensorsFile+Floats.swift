extension SafetensorsFile {
  /// Returns a tensor's elements in place, without copying them; valid during the lifetime of this object.
  ///
  /// - Returns: `nil` when the elements must be converted (see ``convertFloats(of:into:)``): F16, BF16, F64, or F32 that is
  ///   not aligned to 4 bytes.
  /// - Throws: ``SafetensorsError`` when the elements are not floats of a supported type.
  public func floats(of entry: TensorEntry) throws -> UnsafeBufferPointer<Float>? {
    let bytes = bytes(of: entry)
    switch entry.elementType {
    case .f32:
      let address = UInt(bitPattern: bytes.baseAddress)
      return address.isMultiple(of: UInt(MemoryLayout<Float>.alignment)) ? bytes.bindMemory(to: Float.self) : nil
    case .f16, .bf16, .f64:
      return nil
    default:
      throw SafetensorsError(path, tensor: entry.name, .notConvertible(entry.elementType))
    }
  }

  /// Writes a tensor's elements to `destination` as 32-bit floats.
  ///
  /// F32, F16, and BF16 keep their values exactly (including infinities and NaNs); F64 is rounded to nearest.
  ///
  /// - Parameters:
  ///   - entry: A tensor of this file.
  ///   - destination: Memory for exactly `entry.elementCount` floats.
  /// - Throws: ``SafetensorsError`` when the elements are not floats of a supported type.
  public func convertFloats(of entry: TensorEntry, into destination: UnsafeMutableBufferPointer<Float>) throws {
    precondition(destination.count == entry.elementCount, "the destination must have the size of the tensor")
    let source = bytes(of: entry)
    switch entry.elementType {
    case .f32: UnsafeMutableRawBufferPointer(destination).copyMemory(from: source)
    case .f16: convert(source, to: destination) { floatFromHalf($0 as UInt16) }
    case .bf16: convert(source, to: destination) { floatFromBrain($0 as UInt16) }
    case .f64: convert(source, to: destination) { Float(Double(bitPattern: $0 as UInt64)) }
    default: throw SafetensorsError(path, tensor: entry.name, .notConvertible(entry.elementType))
    }
  }
}

/// Reads little-endian integers from `source`, aligned or not, and writes each one converted by `float`.
@inline(__always)
private func convert<Bits: FixedWidthInteger & BitwiseCopyable>(
  _ source: UnsafeRawBufferPointer, to destination: UnsafeMutableBufferPointer<Float>, _ float: (Bits) -> Float
) {
  guard let from = source.baseAddress, let to = destination.baseAddress else { return }
  for i in 0..<destination.count {
    let bits = from.loadUnaligned(fromByteOffset: i * MemoryLayout<Bits>.size, as: Bits.self)
    to[i] = float(Bits(littleEndian: bits))
  }
}

/// Returns the value of an IEEE half: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits.
///
/// Implemented here because `Float16` does not exist on every platform, and because its conversion is a function call where
/// the baseline processor has no instruction for it; this loop is vectorized. Every half is a normal float, so no step rounds.
@inline(__always)
private func floatFromHalf(_ half: UInt16) -> Float {
  let sign = UInt32(half & 0x8000) << 16
  let magnitude = UInt32(half & 0x7FFF)
  let rebias: UInt32 = (127 - 15) << 23
  let normal = magnitude << 13 &+ rebias
  let subnormal = (Float(Int32(bitPattern: magnitude)) * 0x1p-24).bitPattern
  let special = normal &+ rebias
  let bits = magnitude < 0x0400 ? subnormal : magnitude < 0x7C00 ? normal : special
  return Float(bitPattern: sign | bits)
}

/// Returns the value of a bfloat16, which is the upper half of a float.
@inline(__always)
private func floatFromBrain(_ brain: UInt16) -> Float {
  Float(bitPattern: UInt32(brain) << 16)
}
