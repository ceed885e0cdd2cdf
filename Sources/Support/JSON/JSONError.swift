/// An error in a JSON text.
public struct JSONError: UserError, Equatable {
  /// The file, as the user named it.
  public let path: String
  /// The error.
  public let problem: Problem

  init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// The kinds of errors; offsets are in bytes from the start of the text.
  public enum Problem: Equatable, Sendable {
    /// The text does not match the expected grammar.
    case syntax(offset: Int, expected: String, got: String)
    /// A string is not valid UTF-8.
    case invalidUTF8(offset: Int)
    /// An object has two members with the same name.
    case duplicateKey(String, offset: Int)
    /// Two names in an object differ only in their Unicode encoding, such as that of an accent.
    case equivalentKey(String, offset: Int)
  }

  /// The error, without the file.
  package var explanation: String {
    switch problem {
    case .syntax(let offset, let expected, let got):
      "expected \(expected), got \(got) at byte \(offset) of the JSON text"
    case .invalidUTF8(let offset): "the string at byte \(offset) of the JSON text is not valid UTF-8"
    case .duplicateKey(let key, let offset):
      "\(quoted(key)) appears twice in one object, the second time at byte \(offset) of the JSON text"
    case .equivalentKey(let key, let offset):
      "\(quoted(key)) appears twice in one object, in two Unicode encodings, the second time at byte \(offset) of the "
        + "JSON text"
    }
  }

  /// One line: the file, what is wrong, what was expected, and what to do next.
  public var description: String {
    "\(path): \(explanation); the file is damaged or malformed, fetch or write it again"
  }
}
