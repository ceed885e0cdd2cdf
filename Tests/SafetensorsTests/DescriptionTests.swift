import GraftSafetensors
import Testing

struct DescriptionTests {
  @Test func `an error is one line with the file, the tensor, the problem, and the next step`() throws {
    let error = #expect(throws: SafetensorsError.self) {
      try opened("{\(member("w", "F32", "[2]", 0, 4))}", data: [0, 0, 0, 0])
    }
    #expect(
      error?.description
        == "made: tensor 'w': it has 4 bytes, expected 8 for its shape and dtype; "
        + "the file is damaged or malformed, fetch or write it again")
  }

  @Test func `a Git LFS pointer is recognized`() throws {
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(bytes: Array("version https://git-lfs.github.com/spec/v1\n".utf8), name: "model.safetensors")
    }
    #expect(error?.description.contains("Git LFS pointer?") == true)
  }

  @Test func `an unknown name suggests the nearest one`() throws {
    let file = try opened("{\(member("encoder.weight", "F32", "[0]", 0, 0))}")
    let error = #expect(throws: SafetensorsError.self) { try file.entry(named: "encoder.wieght") }
    #expect(error?.description == "made: tensor 'encoder.wieght': no such tensor, did you mean 'encoder.weight'?")
  }

  @Test func `hostile names neither break the line nor fill the screen`() throws {
    let name = #"a\n\u001b[31m\u202e"# + String(repeating: "x", count: 1_000_000)
    let error = #expect(throws: SafetensorsError.self) { try opened("{\(member(name, "X", "[0]", 0, 0))}") }
    let description = try #require(error?.description)
    #expect(description.hasPrefix(#"made: tensor 'a\u{a}\u{1b}[31m\u{202e}xxx"#))
    #expect(description.count < 500)
  }
}
