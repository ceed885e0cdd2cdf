public import GraftSupport

/// An error in a safetensors file, or in a request for one of its tensors.
public struct SafetensorsError: UserError, Equatable {
  /// The file, as the user named it.
  public let path: String
  /// The tensor concerned, if any.
  public let tensor: String?
  /// The error.
  public let problem: Problem

  init(_ path: String, tensor: String? = nil, _ problem: Problem) {
    self.path = path
    self.tensor = tensor
    self.problem = problem
  }

  /// The kinds of errors; counts and offsets are in bytes unless noted otherwise.
  public enum Problem: Equatable, Sendable {
    /// The file is too short to contain the length of its header.
    case fileTooShort(got: Int)
    /// The header is longer than the format allows.
    case headerTooLong(limit: Int, got: UInt64)
    /// The header extends past the end of the file.
    case headerBeyondEnd(length: Int, available: Int)
    /// A tensor's description has a field that the format does not define.
    case unknownField(String)
    /// A tensor's description lacks a field.
    case missingField(String)
    /// The element type is not supported.
    case unknownElementType(String)
    /// The shape has more dimensions than any library allows.
    case tooManyDimensions(limit: Int)
    /// The byte count of the shape overflows.
    case sizeOverflow(shape: [Int], type: ElementType)
    /// The tensor's byte count differs from that of its shape and type.
    case wrongByteCount(expected: Int, got: Int)
    /// The tensor ends before it begins.
    case reversedRange(begin: Int, end: Int)
    /// The tensor does not begin where the previous one ends: there is a gap or an overlap.
    case misplaced(expected: Int, got: Int)
    /// The tensors' data end before or after the end of the file.
    case wrongDataSize(expected: Int, got: Int)
    /// The name is reserved for the file's metadata.
    case reservedName
    /// A tensor with this name was added before.
    case nameTaken
    /// The file has no tensor with this name.
    case noSuchTensor(suggestion: String)
    /// Floats were requested, but the tensor has another element type.
    case notConvertible(ElementType)
  }
}
