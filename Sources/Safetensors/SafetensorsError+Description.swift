import GraftSupport

extension SafetensorsError {
  /// One line: the file, the tensor, what is wrong, what was expected, and what to do next.
  public var description: String {
    let place = tensor.map { "\(path): tensor \(quoted($0))" } ?? path
    return "\(place): \(problem.wording)"
  }
}

extension SafetensorsError.Problem {
  fileprivate var wording: String {
    switch self {
    case .fileTooShort(let got):
      "the file has \(got) bytes, expected at least 8; \(fetchAgain)"
    case .headerTooLong(let limit, let got):
      "the header length is \(got) bytes, expected at most \(limit): \(notSafetensors)"
    case .headerBeyondEnd(let length, let available):
      "the header length is \(length) bytes, but the file has only \(available) left: \(notSafetensors)"
    case .unknownField(let field):
      "unknown field \(quoted(field)), expected only 'dtype', 'shape', and 'data_offsets'; \(writeAgain)"
    case .missingField(let field):
      "no \(quoted(field)), expected 'dtype', 'shape', and 'data_offsets'; \(writeAgain)"
    case .unknownElementType(let name):
      "unknown dtype \(quoted(name)), expected one of \(knownTypes); convert the tensor to one of them"
    case .tooManyDimensions(let limit):
      "the shape has more than \(limit) dimensions; \(writeAgain)"
    case .sizeOverflow(let shape, let type):
      "the size of shape \(abridged(shape)) of \(type.rawValue) overflows; \(writeAgain)"
    case .wrongByteCount(let expected, let got):
      "it has \(got) bytes, expected \(expected) for its shape and dtype; \(writeAgain)"
    case .reversedRange(let begin, let end):
      "it ends at byte \(end) of the data, before its start at byte \(begin); \(writeAgain)"
    case .misplaced(let expected, let got):
      "it begins at byte \(got) of the data, expected \(expected): "
        + "the tensors \(got > expected ? "leave a gap" : "overlap"); \(writeAgain)"
    case .wrongDataSize(let expected, let got):
      "the tensors need \(expected) bytes of data, the file has \(got); \(fetchAgain)"
    case .reservedName:
      "the name is reserved for the file's metadata, expected another one; rename the tensor"
    case .nameTaken:
      "a tensor with this name was added before, expected unique names; rename one of them"
    case .noSuchTensor(let suggestion):
      "no such tensor\(suggestion.isEmpty ? "; check the name and that this is the right file" : suggestion)"
    case .notConvertible(let type):
      "its elements are \(type.rawValue), expected F32, F16, BF16, or F64; convert the tensor to one of them"
    }
  }

  private var fetchAgain: String { "the file is incomplete or damaged, fetch it again" }

  private var writeAgain: String { "the file is damaged or malformed, fetch or write it again" }

  /// The usual causes are an interrupted download and the pointer file that Git LFS leaves in place of a large file.
  private var notSafetensors: String {
    "this is not a safetensors file, or its download is incomplete (Git LFS pointer?), fetch it again"
  }

  private var knownTypes: String { ElementType.allCases.map(\.rawValue).joined(separator: ", ") }

  private func abridged(_ shape: [Int]) -> String {
    let sizes = shape.prefix(8).map { String($0) } + (shape.count > 8 ? ["…"] : [])
    return "[\(sizes.joined(separator: ", "))]"
  }
}
