import Foundation
import GraftSupport
import Testing

struct VisibleTests {
  @Test func `ordinary text of any language is unchanged`() {
    let text = "naïve Grüße, 文字, नमस्ते, עברית, 🙂, \u{1D49C}, e\u{301}"
    #expect(visible(text) == text)
    #expect(visibleJSON("[\"\(text)\"]") == "[\"\(text)\"]")
    #expect(visible("plain\ttext\n", keeping: ["\n", "\t"]) == "plain\ttext\n")
  }

  @Test(
    arguments: [
      0x00, 0x07, 0x0D, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0xAD, 0x61C, 0x200B, 0x200D, 0x200E, 0x2028, 0x2029, 0x202A,
      0x202E, 0x2060, 0x2066, 0x2069, 0xFEFF, 0xE000, 0x378, 0xE0041,
    ] as [UInt32])
  func `characters that control a terminal are escaped, also in JSON`(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let spelled = "a\\u{\(String(value, radix: 16))}b"
    #expect(visible("a\(scalar)b") == spelled)
    #expect(visible("a\(scalar)b", keeping: ["\n", "\t"]) == spelled)
    #expect(quoted("a\(scalar)b") == "'\(spelled)'")
    let json = visibleJSON(String(decoding: try JSONEncoder().encode(["a\(scalar)b"]), as: UTF8.self))
    #expect(json.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
    #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == ["a\(scalar)b"])
  }

  @Test func `line feeds and tabs are escaped unless they are kept`() {
    #expect(visible("a\nb\tc") == "a\\u{a}b\\u{9}c")
    #expect(visible("a\nb\tc\u{202E}", keeping: ["\t"]) == "a\\u{a}b\tc\\u{202e}")
    #expect(visibleJSON("{\n\t\"a\": 1\n}") == "{\n\t\"a\": 1\n}")
  }

  @Test func `a long name is truncated`() {
    #expect(quoted(String(repeating: "x", count: 121)) == "'\(String(repeating: "x", count: 120))…'")
    #expect(quoted(String(repeating: "x", count: 120)) == "'\(String(repeating: "x", count: 120))'")
  }
}
