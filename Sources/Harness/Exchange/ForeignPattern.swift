import GraftSupport

/// A regular expression out of another toolkit's file, in the part of Python's language that module names need.
///
/// It is compiled to a list of instructions and run over all states at once (Thompson, 1968), so that the work is at most the length
/// of the text times that of the program: a hostile expression can't hold the program up.
package struct ForeignPattern {
  /// The expression as it stands in the file.
  package let text: String
  private let program: [Instruction]

  private enum Instruction {
    case accept(CharacterSet)
    case split(Int, Int)
    case jump(Int)
    case atStart, atEnd
    case match
  }

  private indirect enum Node {
    case empty
    case set(CharacterSet)
    case start, end
    case sequence([Node])
    case choice([Node])
    case loop(Node, least: Int, most: Int?)
  }

  private struct CharacterSet {
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    var kinds: [Kind] = []
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      (ranges.contains { $0.contains(scalar) } || kinds.contains { $0.contains(scalar) }) != isNegated
    }
  }

  /// `\d`, `\w` and `\s`, which in Python are all of Unicode's.
  private enum Kind {
    case digit, word, space

    func contains(_ scalar: Unicode.Scalar) -> Bool {
      let properties = scalar.properties
      switch self {
      case .digit: return properties.generalCategory == .decimalNumber
      case .space: return properties.isWhitespace
      case .word:
        let letters: [Unicode.GeneralCategory] = [
          .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        ]
        return scalar == "_" || letters.contains(properties.generalCategory) || properties.numericType != nil
      }
    }
  }

  /// What is not understood of an expression.
  package struct Problem: Error, Equatable {
    /// In a few words.
    package let reason: String
  }

  /// Steps that compiling an expression may take, and so the instructions that it may have.
  package static let longest = 20_000
  /// Those that it took.
  let length: Int

  /// Compiles an expression.
  ///
  /// - Throws: ``Problem`` where it is not understood, or too long.
  package init(_ text: String, longest: Int = longest) throws {
    self.text = text
    var parser = Parser(scalars: Array(text.unicodeScalars))
    let node = try parser.choice(depth: 0)
    guard parser.position == parser.scalars.count else { throw Problem(reason: "a ')' has no '('") }
    var compiler = Compiler(stepsLeft: longest)
    try compiler.compile(node)
    length = longest - compiler.stepsLeft
    program = compiler.program + [.match]
  }

  /// Whether it takes the whole text, as Python's `re.fullmatch`.
  package func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    var states = States(count: program.count)
    add(0, to: &states, isStart: true, isEnd: scalars.isEmpty)
    for (index, scalar) in scalars.enumerated() {
      let current = states.list
      if current.isEmpty { return false }
      states.clear()
      for state in current {
        if case .accept(let set) = program[state], set.contains(scalar) {
          add(state + 1, to: &states, isStart: false, isEnd: index == scalars.count - 1)
        }
      }
    }
    return states.list.contains(program.count - 1)
  }

  /// Instructions to be at, each once.
  private struct States {
    private(set) var list: [Int] = []
    private var rounds: [Int]
    private var round = 1

    init(count: Int) { rounds = Array(repeating: 0, count: count) }

    mutating func insert(_ state: Int) -> Bool {
      guard rounds[state] != round else { return false }
      rounds[state] = round
      list.append(state)
      return true
    }

    mutating func clear() {
      list.removeAll(keepingCapacity: true)
      round += 1
    }
  }

  private func add(_ state: Int, to states: inout States, isStart: Bool, isEnd: Bool) {
    var waiting = [state]
    while let state = waiting.popLast() {
      guard states.insert(state) else { continue }
      switch program[state] {
      case .split(let first, let second): waiting += [second, first]
      case .jump(let target): waiting.append(target)
      case .atStart: if isStart { waiting.append(state + 1) }
      case .atEnd: if isEnd { waiting.append(state + 1) }
      case .accept, .match: break
      }
    }
  }

  private struct Compiler {
    var program: [Instruction] = []
    var stepsLeft: Int

    init(stepsLeft: Int) { self.stepsLeft = stepsLeft }

    mutating func compile(_ node: Node) throws {
      stepsLeft -= 1
      guard stepsLeft > 0 else { throw Problem(reason: "it is too long") }
      switch node {
      case .empty: break
      case .set(let set): program.append(.accept(set))
      case .start: program.append(.atStart)
      case .end: program.append(.atEnd)
      case .sequence(let nodes): for node in nodes { try compile(node) }
      case .choice(let nodes):
        var ends: [Int] = []
        for node in nodes.dropLast() {
          let split = program.count
          program.append(.split(split + 1, 0))
          try compile(node)
          ends.append(program.count)
          program.append(.jump(0))
          program[split] = .split(split + 1, program.count)
        }
        if let last = nodes.last { try compile(last) }
        for end in ends { program[end] = .jump(program.count) }
      case .loop(let node, let least, let most):
        for _ in 0..<least { try compile(node) }
        for _ in least..<(most ?? least + 1) {
          let split = program.count
          program.append(.split(split + 1, 0))
          try compile(node)
          if most == nil { program.append(.jump(split)) }
          program[split] = .split(split + 1, program.count)
        }
      }
    }
  }

  private struct Parser {
    let scalars: [Unicode.Scalar]
    var position = 0

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard next == scalar else { return false }
      position += 1
      return true
    }

    mutating func choice(depth: Int) throws -> Node {
      guard depth < 100 else { throw Problem(reason: "its groups are too deep") }
      var nodes = [try sequence(depth: depth)]
      while take("|") { nodes.append(try sequence(depth: depth)) }
      return nodes.count == 1 ? nodes[0] : .choice(nodes)
    }

    private mutating func sequence(depth: Int) throws -> Node {
      var nodes: [Node] = []
      while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try repeated(atom(depth: depth))) }
      return .sequence(nodes)
    }

    private mutating func repeated(_ atom: Node) throws -> Node {
      guard let node = try repetition(of: atom) else { return atom }
      // Greedy or not makes no difference to whether the whole matches. `*+` and the like would.
      _ = take("?")
      guard try repetition(of: .empty) == nil else { throw Problem(reason: "a repetition is repeated") }
      return node
    }

    private mutating func repetition(of node: Node) throws -> Node? {
      if take("*") { return .loop(node, least: 0, most: nil) }
      if take("+") { return .loop(node, least: 1, most: nil) }
      if take("?") { return .loop(node, least: 0, most: 1) }
      guard next == "{", let (least, most) = try bounds() else { return nil }
      return .loop(node, least: least, most: most)
    }

    private mutating func bounds() throws -> (Int, Int?)? {
      guard let close = scalars[position...].firstIndex(of: "}") else { return nil }
      let text = String(String.UnicodeScalarView(scalars[position + 1..<close]))
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count), !text.isEmpty, text != ",",
        let least = parts[0].isEmpty ? 0 : Int(parts[0])
      else {
        return nil
      }
      let most = parts.count == 1 ? least : Int(parts[1])
      guard parts.count == 1 || parts[1].isEmpty || most != nil else { return nil }
      guard (0...1000).contains(least), most.map({ (least...1000).contains($0) }) ?? true else {
        throw Problem(reason: "{\(text)} is out of bounds")
      }
      position = close + 1
      return (least, most)
    }

    private mutating func atom(depth: Int) throws -> Node {
      guard let scalar = next else { return .empty }
      position += 1
      switch scalar {
      case "(":
        if take("?"), !take(":") { throw Problem(reason: "groups with '(?' but '(?:' are not understood") }
        let node = try choice(depth: depth + 1)
        guard take(")") else { throw Problem(reason: "a '(' has no ')'") }
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
        throw Problem(reason: "'\\\(scalar)' is not understood")
      }
      return .set(CharacterSet(ranges: [scalar...scalar]))
    }

    private static let classes: [Unicode.Scalar: CharacterSet] = [
      "d": CharacterSet(kinds: [.digit]), "D": CharacterSet(kinds: [.digit], isNegated: true),
      "w": CharacterSet(kinds: [.word]), "W": CharacterSet(kinds: [.word], isNegated: true),
      "s": CharacterSet(kinds: [.space]), "S": CharacterSet(kinds: [.space], isNegated: true),
    ]

    private mutating func brackets() throws -> CharacterSet {
      var set = CharacterSet(isNegated: take("^"))
      var isFirst = true
      while let scalar = next, isFirst || scalar != "]" {
        isFirst = false
        position += 1
        var low = scalar
        if scalar == "\\" {
          guard let escaped = next else { break }
          position += 1
          if let known = Self.classes[escaped] {
            guard !known.isNegated else { throw Problem(reason: "'\\\(escaped)' within [] is not understood") }
            set.kinds += known.kinds
            continue
          }
          guard !escaped.properties.isAlphabetic, escaped.properties.numericType == nil else {
            throw Problem(reason: "'\\\(escaped)' within [] is not understood")
          }
          low = escaped
        }
        guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
          set.ranges.append(low...low)
          continue
        }
        let high = scalars[position + 1]
        position += 2
        guard low <= high else { throw Problem(reason: "\(low)-\(high) within [] is turned around") }
        set.ranges.append(low...high)
      }
      guard take("]") else { throw Problem(reason: "a '[' has no ']'") }
      return set
    }
  }
}
