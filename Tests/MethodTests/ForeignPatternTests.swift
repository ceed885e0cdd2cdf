import GraftExchange
import GraftHarness
import Testing

/// Tests the regular expressions in other toolkits' files.
struct ForeignPatternTests {
  private static let names = [
    "bert.encoder.layer.0.attention.self.query",
    "bert.encoder.layer.11.output.dense",
    "distilbert.transformer.layer.3.ffn.lin1",
    "query",
    "",
    "a.b",
    "aab",
    "xay",
    "layer.1\nx",
    "Ünï.cödé",
    "lin1",
    "lin12",
    "a-b_c",
    "((",
    "tab\tx",
    "aaaaaaaaaaaaaaaa",
  ]

  /// The names that Python's `re.fullmatch` matches, one digit per name.
  private static let table: [(pattern: String, matches: String)] = [
    (#".*query"#, "1001000000000000"),
    (#"query"#, "0001000000000000"),
    (#"(.*\.)?(query)$"#, "1001000000000000"),
    (#".*\.layer\.(0|11)\..*"#, "1100000000000000"),
    (#".*\.layer\.\d+\.(attention\.self\.(query|value)|output\.dense)"#, "1100000000000000"),
    (#"[a-z.]+\d+[a-z.]*"#, "1100000000110000"),
    (#"a*b?"#, "0000101000000001"),
    (#"a{2}b"#, "0000001000000000"),
    (#"a{1,3}b"#, "0000001000000000"),
    (#"a{,3}b"#, "0000001000000000"),
    (#"(a|aa)+"#, "0000000000000001"),
    (#"(?:lin)(1|2)"#, "0000000000100000"),
    (#"lin[12]"#, "0000000000100000"),
    (#"lin[^2]"#, "0000000000100000"),
    (#"^query$"#, "0001000000000000"),
    (#"\Aquery\Z"#, "0001000000000000"),
    (#".+"#, "1111011101111111"),
    (#".*"#, "1111111101111111"),
    (#"\w+"#, "0001001100110001"),
    (#"[\w.]+"#, "1111011101110001"),
    (#"\S+"#, "1111011101111101"),
    (#"\D*"#, "0001111101001111"),
    (#"a\-b_c"#, "0000000000001000"),
    (#"\(\("#, "0000000000000100"),
    (#"[]a]*"#, "0000100000000001"),
    (#"[^]a]*"#, "0001100001110100"),
    (#"x[a-c]y"#, "0000000100000000"),
    (#"(a*)*"#, "0000100000000001"),
    (#"(a|b|)*\.?b"#, "0000011000000000"),
    (#".*?query"#, "1001000000000000"),
    (#"lin1|query"#, "0001000000100000"),
    (#"|a"#, "0000100000000000"),
    (#"a.b"#, "0000011000000000"),
    (#"tab\sx"#, "0000000000000010"),
    (#"[-a-z]+b_c"#, "0000000000001000"),
    (#"a{2,}b"#, "0000001000000000"),
    (#"(x+x+)+y"#, "0000000000000000"),
    (#"Ü.*"#, "0000000001000000"),
  ]

  @Test func `a pattern matches the same names as in Python`() throws {
    for (text, matches) in Self.table {
      let pattern = try ForeignPattern(text)
      #expect(Self.names.map { pattern.matches($0) ? "1" : "0" }.joined() == matches, "\(text)")
    }
  }

  @Test func `unsupported syntax is rejected`() {
    for text in [
      "(", ")", "a)", "[a", "*", "+a", "a\\", "(?=a)", "(?P<n>a)", #"\1"#, #"\b"#, "[z-a]", "a{2,1}", "a{9999}",
      #"[\D]"#,
      "((a{1000}){1000}){1000}", "((((){1000}){1000}){1000}){1000}", "a**", "a*+", "a??+", "a{2}{3}", #"[\t]"#,
      #"[\y]"#, String(repeating: "(", count: 5000),
    ] {
      #expect(throws: ForeignPattern.Problem.self, "\(text)") { try ForeignPattern(text) }
    }
  }

  @Test func `no expression takes exponential time`() throws {
    // A backtracking matcher would need more time than the age of the universe.
    let text = String(repeating: "a", count: 2000)
    for hostile in ["(a+)+b", "(a|a)*b", "(a*)*b", "(a|aa)+b", "(.*)*(.*)*(.*)*b"] {
      #expect(try !ForeignPattern(hostile).matches(text))
    }
    #expect(try ForeignPattern("(a?){1000}a{1000}").matches(String(text.prefix(1000))))
  }
}
