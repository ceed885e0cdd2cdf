import Foundation
import GraftTensorBoard
import Yams

/// A configuration as YAML: keys sorted, a mapping a line, lists in brackets, numbers so that they read back exactly.
///
/// By way of JSON, because Yams writes numbers as 1.6e+1 and with 15 digits only.
package func configurationText(_ configuration: some Encodable) throws -> String {
  try Yams.serialize(node: inBlocks(tree(of: configuration)))
}

/// A configuration's values by their dotted keys, as hyper-parameters; a list is one text, and what is null is left out.
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

/// JSON with the characters escaped that YAML refuses or takes for line breaks; they only occur within strings.
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
