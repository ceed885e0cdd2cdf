import Foundation
import GraftCore
import Testing

@Suite struct TargetSelectorTests {
  private func matches(_ pattern: String, _ path: String, role: Role? = nil) throws -> Bool {
    try TargetSelector(pattern).matches(ModulePath(path), role: role)
  }

  @Test(arguments: [
    ("*.attention.q_lin|v_lin", "transformer.layer.0.attention.q_lin"),
    ("*.attention.q_lin|v_lin", "transformer.layer.11.attention.v_lin"),
    ("encoder.layer.{0-2,5}.*.query", "encoder.layer.2.attention.self.query"),
    ("encoder.layer.{0-2,5}.*.query", "encoder.layer.5.attention.self.query"),
    ("*", "encoder.layer.0.attention.self.query"),
    ("*.*.query", "a.b.c.query"), ("classifier", "classifier"), ("*.layer.*", "encoder.layer.0.output.dense"),
  ])
  func `a pattern matches the expected paths`(pattern: String, path: String) throws {
    #expect(try matches(pattern, path))
  }

  @Test(arguments: [
    ("*.attention.q_lin|v_lin", "transformer.layer.0.attention.k_lin"),
    ("*.attention.q_lin|v_lin", "attention.q_lin"),  // * matches one or more components, but not zero
    ("encoder.layer.{0-2,5}.*.query", "encoder.layer.3.attention.self.query"),
    ("encoder.layer.{0-2,5}.query", "encoder.layer.1.attention.self.query"),
    ("*.query", "a.query.b"), ("query", "a.query"), ("*.q_lin", "layer.0.xq_lin"),
  ])
  func `a pattern does not match other paths`(pattern: String, path: String) throws {
    #expect(try !matches(pattern, path))
  }

  @Test func `a role matches modules with any name`() throws {
    #expect(try matches("role:query|value", "x.y", role: .value))
    #expect(try !matches("role:query|value", "x.query", role: .key))
    #expect(try !matches("role:query", "x.query"))
  }

  @Test(arguments: [
    ("a..b", "a component is empty; separate components with single dots"),
    ("a.q*", "'*' matches whole components and can't be part of a name"),
    ("a.{0-2", "expected an index set that ends with '}', such as {0-2,5}"),
    ("a.{2-0}", "expected an index set of indices and ranges, such as {0-2,5}"),
    ("a.{x}", "expected an index set of indices and ranges, such as {0-2,5}"),
    ("a.b||c", "expected names separated by '|', such as q_lin|v_lin"),
    (
      "role:queri",
      "no such role, did you mean 'query'?; roles are query, key, value, query_key_value, "
        + "attention_output, feed_forward_in, feed_forward_activated, feed_forward_gate, feed_forward_out, pooler, attention, feed_forward, embeddings"
    ),
  ])
  func `a syntax error is rejected with its reason`(pattern: String, reason: String) {
    let error = #expect(throws: SelectorError.self) { try TargetSelector(pattern) }
    #expect(error?.description.hasSuffix(reason) == true, "\(error?.description ?? "")")
  }

  @Test func `many wildcards are matched quickly`() throws {
    let path = Array(repeating: "a", count: 25).joined(separator: ".")
    let pattern = Array(repeating: "*", count: 12).joined(separator: ".") + ".b"
    #expect(try !matches(pattern, path))
  }

  @Test func `targets are a string, a list, or a mapping`() throws {
    func decode(_ json: String) throws -> TargetModules {
      try JSONDecoder().decode(TargetModules.self, from: Data(json.utf8))
    }
    #expect(try decode(#""*.query""#) == TargetModules(include: [TargetSelector("*.query")]))
    #expect(try decode(#"["*.query", "role:value"]"#).include.count == 2)
    let both = try decode(#"{"include": ["*.query"], "exclude": ["*.{0}.*"]}"#)
    #expect(both.exclude.map(\.description) == ["*.{0}.*"])
    #expect(try decode(String(decoding: JSONEncoder().encode(both), as: UTF8.self)) == both)
    for wrong in ["[]", "{}", "3", #"{"includ": ["*.query"]}"#, #"["a..b"]"#] {
      #expect(throws: DecodingError.self, "\(wrong)") { try decode(wrong) }
    }
  }
}
