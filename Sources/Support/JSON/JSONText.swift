import Foundation

/// Returns a value as JSON with sorted keys in snake case, the format that every `--json` option prints. It is on one line unless
/// `pretty`. Terminal control characters in strings are escaped.
public func snakeCaseJSON(_ value: some Encodable, pretty: Bool = true) throws -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
  return visibleJSON(String(decoding: try encoder.encode(value), as: UTF8.self))
}
