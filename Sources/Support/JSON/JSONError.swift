/// What is wrong in a JSON text.
public struct JSONError: UserError, Equatable {
  /// The file, as the user named it.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// The kinds of mistakes; offsets are in bytes from the start of the text.
  public enum Problem: Equatable, Sendable {
    /// Something else is there than must be.
    case syntax(offset: Int, expected: String, got: String)
    /// A string is not UTF-8.
    case invalidUTF8(offset: Int)
    /// Two members of an object have one name.
    case duplicateKey(String, offset: Int)
    /// Two names of an object differ only in how accents are encoded.
    case equivalentKey(String, offset: Int)
  }

  /// What is wrong, without the file.
  package var explanation: String {
    switch problem {
    case .syntax(let offset, let expected, let got):
      "expected \(expected), got \(got) at byte \(offset) of the JSON text"
    case .invalidUTF8(let offset): "the string at byte \(offset) of the JSON text is not UTF-8"
    case .duplicateKey(let key, let offset):
      "\(quoted(key)) is there twice in one object, again at byte \(offset) of the JSON text"
    case .equivalentKey(let key, let offset):
      "\(quoted(key)) is there in two Unicode encodings, which are taken for one name, again at byte \(offset) of the JSON text"
    }
  }

  /// One line: the file, what is wrong, what was expected, and what to do next.
  public var description: String {
    "\(path): \(explanation); the file is damaged or badly written, fetch or write it again"
  }
}
