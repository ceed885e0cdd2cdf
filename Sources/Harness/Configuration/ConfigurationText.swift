import Foundation
import GraftTensorBoard
import Yams

/// Returns a configuration as YAML: sorted keys, block mappings, lists in brackets, and numbers that round-trip exactly.
///
/// The text is created from JSON, because Yams itself writes numbers as 1.6e+1 and with only 15 digits.
package func configurationText(_ configuration: some Encodable) throws -> String {
  try Yams.serialize(node: inBlocks(tree(of: configuration)))
}

/// Returns a configuration's values by dotted key, as TensorBoard hyperparameters. A list becomes one text; nulls are omitted.
func configurationValues(_ configuration: some Encodable) throws -> [String: EventFile.Value] {
  var values: [String: EventFile.Value] = [:]
  func add(_ node: Node, under key: String) throws {
    switch node {
    case .mapping(let mapping):
      for (name, inner) in mapping { try add(inner, under: (key.isEmpty ? "" : "\(key).") + (name.string ?? "")) }
    case .scalar(let scalar) where scalar.style == .doubleQuoted: values[key] = .text(scalar.string)
    case .scalar where node.null != nil: break
    default:
      values[key] =
        if let flag = node.bool { .flag(flag) } else if let number = node.float { .number(number) } else {
          .text(try Yams.serialize(node: inBlocks(node)).trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
  }
  try add(tree(of: configuration), under: "")
  return values
}

private func tree(of configuration: some Encodable) throws -> Node {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  let json = String(decoding: try encoder.encode(configuration), as: UTF8.self)
  return try Yams.compose(yaml: escapingUnreadable(json)) ?? Node([Node]())
}

/// Returns a text as a YAML scalar on one line, quoted if necessary.
func yamlText(_ text: String) -> String {
  let quoted = Node.Scalar(text, Tag(.str), .doubleQuoted)
  guard needsQuotes(quoted) else { return text }
  let encoder = JSONEncoder()
  encoder.outputFormatting = .withoutEscapingSlashes
  // A text can always be encoded.
  let json = (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) }
  return escapingUnreadable(json ?? "\"\"")
}

/// Escapes the characters that YAML rejects or treats as line breaks; in JSON they occur only within strings.
private func escapingUnreadable(_ json: String) -> String {
  var escaped = ""
  for scalar in json.unicodeScalars {
    switch scalar.value {
    case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
      let digits = String(scalar.value, radix: 16)
      escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}

/// Returns the same tree in the style of a handwritten file: block mappings and lists in brackets.
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

/// Whether YAML would read a text as another type, or not at all, without quotes.
private func needsQuotes(_ scalar: Node.Scalar) -> Bool {
  guard scalar.style == .doubleQuoted else { return false }
  let plain = scalar.string.wholeMatch(of: /[A-Za-z_\/][A-Za-z0-9_.\/ -]*/) != nil
  let word = scalar.string.lowercased()
  return !plain || scalar.string.hasSuffix(" ")
    || ["true", "false", "null", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"].contains(word)
}
