import Foundation
import GraftCore
import GraftSupport

extension ExperimentConfiguration {
  /// Checks options that were set in code in the same way as those of a file.
  ///
  /// - Throws: ``ConfigurationError`` that names the option.
  func validate() throws {
    try Self.check(training, "training")
    try Self.check(data, "data")
    try Self.check(compute, "compute")
    if let problem = contradiction {
      throw ConfigurationError(file: Self.place, line: nil, key: nil, reason: problem)
    }
    guard isLabel(label) else {
      throw ConfigurationError(
        file: Self.place, line: nil, key: "label", reason: "expected a nonempty text on one line, got \(quoted(label))")
    }
    try Self.check(options: method)
  }

  /// The name of a configuration that was created in code, in messages.
  private static let place = "the configuration"

  private static func check(options method: some ParameterEfficientMethod) throws {
    try check(method.configuration, "method")
  }

  private static func check<Options: Codable>(_ options: Options, _ key: String) throws {
    do {
      _ = try JSONDecoder().decode(Options.self, from: JSONEncoder().encode(options))
    } catch let error as DecodingError {
      throw ConfigurationError(file: place, line: nil, key: key, reason: error.summary)
    } catch is EncodingError {
      throw ConfigurationError(file: place, line: nil, key: key, reason: "expected finite numbers, got NaN or infinity")
    }
  }
}
