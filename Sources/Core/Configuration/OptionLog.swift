import Foundation

/// A description of a configuration option for documentation.
public struct OptionDescription: Sendable, Codable, Equatable {
  /// The key in the file.
  public let name: String
  /// The type of value that it accepts.
  public let type: String
  /// The default, as it would be written in a file.
  public let fallback: String
  /// The purpose of the option.
  public let meaning: String

  private enum CodingKeys: String, CodingKey {
    case name, type, meaning
    case fallback = "default"
  }
}

/// Records the options that a configuration reads while it is decoded.
public final class OptionLog: @unchecked Sendable {  // used by one thread, within one call of options(of:)
  /// The options, in the order in which they were read.
  public private(set) var options: [OptionDescription] = []

  /// Returns the options of a configuration type, recorded from the code that decodes it.
  public static func options(of type: (some Decodable).Type) -> [OptionDescription] {
    let log = OptionLog()
    let decoder = JSONDecoder()
    decoder.userInfo[.optionLog] = log
    _ = try? decoder.decode(type, from: Data("{}".utf8))
    return log.options
  }

  func append(_ option: OptionDescription) { options.append(option) }
}

extension CodingUserInfoKey {
  /// The key of an ``OptionLog`` in a decoder's `userInfo`.
  static let optionLog: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "graft.optionLog") else {
      preconditionFailure("the key must not be empty")
    }
    return key
  }()
}
