import GraftSupport

extension ForeignPattern {
  /// Parses the text of an expression.
  struct Parser {
    let scalars: [Unicode.Scalar]
    var position = 0

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    /// Advances past a scalar if it is the next one, and returns whether it was.
    private mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
      guard next == scalar else { return false }
      position += 1
      return true
    }

    mutating func choice(depth: Int) throws -> Node {
      guard depth < 100 else { throw Problem(reason: "its groups are nested too deeply") }
      var nodes = [try sequence(depth: depth)]
      while consume("|") { nodes.append(try sequence(depth: depth)) }
      return nodes.count == 1 ? nodes[0] : .choice(nodes)
    }

    private mutating func sequence(depth: Int) throws -> Node {
      var nodes: [Node] = []
      while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try repeated(atom(depth: depth))) }
      return .sequence(nodes)
    }

    private mutating func repeated(_ atom: Node) throws -> Node {
      guard let node = try repetition(of: atom) else { return atom }
      // For a full match, lazy and greedy repetitions are equivalent. Possessive ones such as `*+` are not.
      _ = consume("?")
      guard try repetition(of: .empty) == nil else { throw Problem(reason: "a repetition follows another one") }
      return node
    }

    private mutating func repetition(of node: Node) throws -> Node? {
      if consume("*") { return .loop(node, minimum: 0, maximum: nil) }
      if consume("+") { return .loop(node, minimum: 1, maximum: nil) }
      if consume("?") { return .loop(node, minimum: 0, maximum: 1) }
      guard next == "{", let (minimum, maximum) = try bounds() else { return nil }
      return .loop(node, minimum: minimum, maximum: maximum)
    }

    private mutating func bounds() throws -> (Int, Int?)? {
      guard let close = scalars[position...].prefix(12).firstIndex(of: "}") else { return nil }
      let text = String(String.UnicodeScalarView(scalars[position + 1..<close]))
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count), !text.isEmpty, text != ",",
        let minimum = parts[0].isEmpty ? 0 : Int(parts[0])
      else {
        return nil
      }
      let maximum = parts.count == 1 ? minimum : Int(parts[1])
      guard parts.count == 1 || parts[1].isEmpty || maximum != nil else { return nil }
      guard (0...1000).contains(minimum), maximum.map({ (minimum...1000).contains($0) }) ?? true else {
        throw Problem(reason: "\(quoted("{\(text)}")) is out of range, expected ascending bounds from 0 to 1000")
      }
      position = close + 1
      return (minimum, maximum)
    }

    private mutating func atom(depth: Int) throws -> Node {
      guard let scalar = next else { return .empty }
      position += 1
      switch scalar {
      case "(":
        if consume("?"), !consume(":") {
          throw Problem(reason: "of the groups that begin with '(?', only '(?:' is supported", mayBeValid: true)
        }
        let node = try choice(depth: depth + 1)
        guard consume(")") else { throw Problem(reason: "a '(' has no ')'") }
        return node
      case "[": return .set(try brackets())
      case ".": return .set(CharacterSet(ranges: ["\n"..."\n"], isNegated: true))
      case "^": return .start
      case "$": return .end
      case "*", "+", "?": throw Problem(reason: "'\(scalar)' repeats nothing")
      case "\\": return try escaped()
      default: return .set(CharacterSet(ranges: [scalar...scalar]))
      }
    }

    private mutating func escaped() throws -> Node {
      guard let scalar = next else { throw Problem(reason: "it ends with '\\'") }
      position += 1
      if scalar == "A" { return .start }
      if scalar == "Z" { return .end }
      if let known = Self.classes[scalar] { return .set(known) }
      guard !scalar.properties.isAlphabetic, scalar.properties.numericType == nil else {
        throw Problem(reason: "\(quoted("\\\(scalar)")) is not supported", mayBeValid: true)
      }
      return .set(CharacterSet(ranges: [scalar...scalar]))
    }

    private static let classes: [Unicode.Scalar: CharacterSet] = [
      "d": CharacterSet(kinds: [.digit]), "D": CharacterSet(kinds: [.digit], isNegated: true),
      "w": CharacterSet(kinds: [.word]), "W": CharacterSet(kinds: [.word], isNegated: true),
      "s": CharacterSet(kinds: [.space]), "S": CharacterSet(kinds: [.space], isNegated: true),
    ]

    private mutating func brackets() throws -> CharacterSet {
      var set = CharacterSet(isNegated: consume("^"))
      var isFirst = true
      while let scalar = next, isFirst || scalar != "]" {
        isFirst = false
        position += 1
        var low = scalar
        if scalar == "\\" {
          guard let escaped = next else { break }
          position += 1
          if let known = Self.classes[escaped] {
            guard !known.isNegated else {
              throw Problem(reason: "\(quoted("\\\(escaped)")) within [] is not supported", mayBeValid: true)
            }
            set.kinds += known.kinds
            continue
          }
          guard !escaped.properties.isAlphabetic, escaped.properties.numericType == nil else {
            throw Problem(reason: "\(quoted("\\\(escaped)")) within [] is not supported", mayBeValid: true)
          }
          low = escaped
        }
        guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
          set.ranges.append(low...low)
          continue
        }
        let high = scalars[position + 1]
        position += 2
        guard low <= high else { throw Problem(reason: "\(quoted("\(low)-\(high)")) within [] is a reversed range") }
        set.ranges.append(low...high)
      }
      guard consume("]") else { throw Problem(reason: "a '[' has no ']'") }
      return set
    }
  }
}
