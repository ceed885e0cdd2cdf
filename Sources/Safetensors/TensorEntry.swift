/// The description of one tensor in a file's header.
///
/// Entries are created only by reading a file, so type, shape, and range always agree.
public struct TensorEntry: Hashable, Sendable {
  /// The tensor's name, unique in its file.
  public let name: String
  /// The type of its elements.
  public let elementType: ElementType
  /// The sizes of its dimensions, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The range of its elements, in bytes from the start of the data section.
  public let byteRange: Range<Int>

  /// The number of elements.
  public var elementCount: Int { byteRange.count / elementType.width }

  init(name: String, elementType: ElementType, shape: [Int], byteRange: Range<Int>) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.byteRange = byteRange
  }
}
