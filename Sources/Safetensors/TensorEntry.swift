/// What a file's header says about one tensor.
///
/// Only files that were read hand these out, so type, shape and range always agree.
public struct TensorEntry: Hashable, Sendable {
  /// The tensor's name, unique in its file.
  public let name: String
  /// The type of its elements.
  public let elementType: ElementType
  /// The sizes of its dimensions, outermost first; empty for a single number.
  public let shape: [Int]
  /// Where its elements lie, in bytes from the start of the data section.
  public let byteRange: Range<Int>

  /// How many elements it has.
  public var elementCount: Int { byteRange.count / elementType.width }

  init(name: String, elementType: ElementType, shape: [Int], byteRange: Range<Int>) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.byteRange = byteRange
  }
}
