public import GraftSupport

/// What is wrong with a safetensors file, or with a request for one of its tensors.
public struct SafetensorsError: UserError, Equatable {
  /// The file, as the user named it.
  public let path: String
  /// The tensor it is about, when it is about one.
  public let tensor: String?
  /// What is wrong.
  public let problem: Problem

  init(_ path: String, tensor: String? = nil, _ problem: Problem) {
    self.path = path
    self.tensor = tensor
    self.problem = problem
  }

  /// The kinds of mistakes; counts and offsets are in bytes unless said otherwise.
  public enum Problem: Equatable, Sendable {
    /// The file is too short to say how long its header is.
    case fileTooShort(got: Int)
    /// The header is longer than the format allows.
    case headerTooLong(limit: Int, got: UInt64)
    /// The header ends behind the end of the file.
    case headerBeyondEnd(length: Int, available: Int)
    /// A tensor is described by something that the format does not have.
    case unknownField(String)
    /// A tensor's description lacks something.
    case missingField(String)
    /// The type of the elements is none that is known here.
    case unknownElementType(String)
    /// The shape has more dimensions than any library allows.
    case tooManyDimensions(limit: Int)
    /// The shape stands for more bytes than can be counted.
    case sizeOverflow(shape: [Int], type: ElementType)
    /// Shape and type ask for another number of bytes than the tensor has.
    case wrongByteCount(expected: Int, got: Int)
    /// The tensor ends before it begins.
    case reversedRange(begin: Int, end: Int)
    /// The tensor does not begin where the one before it ends: there is a hole or an overlap.
    case misplaced(expected: Int, got: Int)
    /// The tensors' data end before or behind the end of the file.
    case wrongDataSize(expected: Int, got: Int)
    /// The name is kept for the file's metadata.
    case reservedName
    /// A tensor of this name was added before.
    case nameTaken
    /// The file has no tensor of this name.
    case noSuchTensor(suggestion: String)
    /// Floating point numbers were asked for, the tensor has something else.
    case notConvertible(ElementType)
  }
}
