import Foundation

/// One option of a configuration, as documentation shows it.
public struct OptionDescription: Sendable, Codable, Equatable {
  /// The key in the file.
  public let name: String
  /// What kind of value it takes.
  public let type: String
  /// The default, as it would be written.
  public let fallback: String
  /// What it is for.
  public let meaning: String

  private enum CodingKeys: String, CodingKey {
    case name, type, meaning
    case fallback = "default"
  }
}

/// Collects the options that a configuration reads while it is decoded.
public final class OptionLog: @unchecked Sendable {  // lives on one thread, within one call of options(of:)
  /// The options, in the order in which they were read.
  public private(set) var options: [OptionDescription] = []

  /// The options of a configuration type, read off the code that decodes it.
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
  /// Where a decoder's `userInfo` holds an ``OptionLog``.
  static let optionLog: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "graft.optionLog") else { preconditionFailure("the key is not empty") }
    return key
  }()
}
