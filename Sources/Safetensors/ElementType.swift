/// The type of a tensor's elements, with its name in the format.
///
/// The cases are in the order in which the reference library lays out tensors, by decreasing alignment, so files written here
/// are byte-identical to those it writes.
public enum ElementType: String, CaseIterable, Hashable, Sendable {
  case u64 = "U64"
  case i64 = "I64"
  case f64 = "F64"
  case f32 = "F32"
  case u32 = "U32"
  case i32 = "I32"
  case bf16 = "BF16"
  case f16 = "F16"
  case u16 = "U16"
  case i16 = "I16"
  case f8e4m3 = "F8_E4M3"
  case f8e5m2 = "F8_E5M2"
  case i8 = "I8"
  case u8 = "U8"
  case bool = "BOOL"

  /// Bytes per element.
  public var width: Int {
    switch self {
    case .u64, .i64, .f64: 8
    case .f32, .u32, .i32: 4
    case .bf16, .f16, .u16, .i16: 2
    case .f8e4m3, .f8e5m2, .i8, .u8, .bool: 1
    }
  }

  /// Returns the size in bytes of a tensor of this type, or `nil` when it overflows.
  func byteCount(shape: [Int]) -> Int? {
    var count = 1
    for size in shape + [width] {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }
}

extension ElementType: Comparable {
  private static let ranks = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

  /// Whether tensors of type `left` are laid out before those of type `right`.
  public static func < (left: ElementType, right: ElementType) -> Bool {
    ranks[left, default: 0] < ranks[right, default: 0]
  }
}
