import Foundation
import Yams

/// A configuration as YAML: keys sorted, a mapping a line, lists in brackets, numbers so that they read back exactly.
///
/// By way of JSON, because Yams writes numbers as 1.6e+1 and with 15 digits only.
func configurationText(_ configuration: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  let json = String(decoding: try encoder.encode(configuration), as: UTF8.self)
  guard let root = try Yams.compose(yaml: json) else { return "" }
  return try Yams.serialize(node: inBlocks(root))
}

/// The same tree in the style of a file that people write.
private func inBlocks(_ node: Node) -> Node {
  switch node {
  case .mapping(let mapping):
    .mapping(.init(mapping.map { (inBlocks($0.key), inBlocks($0.value)) }, mapping.tag, .block))
  case .sequence(let list): .sequence(.init(list.map(inBlocks), list.tag, .flow))
  case .scalar(let scalar):
    .scalar(.init(scalar.string, scalar.tag, needsQuotes(scalar) ? .doubleQuoted : .plain))
  default: node
  }
}

/// A text that YAML would take for something else without its quotes.
private func needsQuotes(_ scalar: Node.Scalar) -> Bool {
  guard scalar.style == .doubleQuoted else { return false }
  let plain = scalar.string.wholeMatch(of: /[A-Za-z_\/][A-Za-z0-9_.\/ -]*/) != nil
  let word = scalar.string.lowercased()
  return !plain || scalar.string.hasSuffix(" ")
    || ["true", "false", "null", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"].contains(word)
}
