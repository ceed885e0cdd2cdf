import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import Testing

/// Adapter files that store their values in fewer bits.
struct PackingTests {
  private let work: TemporaryFolder
  private let model: ModelFolder
  private let locator: BaseLocator

  init() throws {
    work = try TemporaryFolder()
    model = try ModelFolder(.bert)
    try model.writeTokenizer()
    try model.write()
    locator = BaseLocator(home: work.file("home"))
  }

  private func write(_ method: any ParameterEfficientMethod, scale: (String) -> Float = { _ in 0.3 }) throws -> String {
    let base = try PretrainedBase(model.folder.path, seed: 1, locator: locator)
    let adapter = try base.model.inject(method, as: "new", seed: 1, classes: 3)
    for parameter in adapter.parameters {
      var random = RandomStream(seed: 4, purpose: parameter.name)
      for i in parameter.values.indices {
        let size = scale(parameter.name)
        parameter.values[i] += (Float(random.uniform()) - 0.5) * size
      }
    }
    let path = work.file("a.safetensors.zst")
    try AdapterFile.write(
      adapter, on: base, task: AdapterTask(labels: ["x", "y", "z"], columns: .init(text: "text", label: "label")),
      maxLength: 64,
      seed: 1, workers: Workers(count: 1), to: path)
    return path
  }

  private func load(_ path: String) throws -> LoadedAdapter {
    try LoadedAdapter(
      file: path, on: PretrainedBase(model.folder.path, locator: locator), methods: ContractTests.registry())
  }

  @Test(arguments: ContractTests.methods)
  func `the file of every method can be packed, and packing it again changes nothing`(method: ContractTests.Case) throws
  {
    let path = try write(method.method)
    let adapter = try load(path)
    let sizes = try StoredType.allCases.map { type in
      let packed = try adapter.packed(as: type)
      let other = work.file("\(type.rawValue).safetensors.zst")
      try packed.write(to: other)
      #expect(try work.bytes("\(type.rawValue).safetensors.zst").count == packed.bytes)
      let loaded = try load(other)
      #expect(try loaded.verify().probeDifference < 1e-5)
      let change =
        try zip(adapter.predict("the film is good").logits, loaded.predict("the film is good").logits)
        .map { abs($0 - $1) }.max() ?? 1
      switch type {
      case .float32:
        #expect(try change == 0 && work.bytes("a.safetensors.zst") == work.bytes("f32.safetensors.zst"))
        #expect(packed.largestLogitChange == 0)
      case .float16: #expect(change < 0.02 && packed.largestLogitChange > 0)
      case .bfloat16, .int8: #expect(change < 0.3 && packed.largestLogitChange > 0)
      }
      // Packing once more with the same type does not change a bit.
      let again = try loaded.packed(as: type == .int8 ? .float32 : type)
      if type != .int8 { #expect(again.bytes == packed.bytes && again.largestLogitChange == 0) }
      return packed.bytes
    }
    #expect(sizes[0] > sizes[1] && sizes[1] > sizes[3])
  }

  @Test func `int8 values are within half a quantization step of their row or column`() throws {
    let path = try write(ContractTests.methods[0].method)
    try load(path).packed(as: .int8).write(to: work.file("int8.safetensors.zst"))
    let before = try AdapterFile(path: path)
    let after = try AdapterFile(path: work.file("int8.safetensors.zst"))
    #expect(before.tensors.map(\.name) == after.tensors.map(\.name))
    #expect(after.tensors.allSatisfy { $0.type == "I8" })
    let difference = try AdapterDifference(before, after)
    #expect(!difference.identical && difference.onlyInFirst.isEmpty && difference.onlyInSecond.isEmpty)
    #expect(difference.metadata.map(\.key) == ["graft.probe", "graft.requires"])
    for tensor in difference.tensors {
      // The magnitudes are at most about 2, so half a step is at most about 1 / 127.
      #expect((tensor.largest ?? 1) < 0.008 && (tensor.relative ?? 1) < 0.02, "\(tensor.name)")
    }
  }

  @Test func `subnormal floats can be packed`() throws {
    let path = try write(ContractTests.methods[0].method) {
      $0.hasSuffix("lora_B") ? 190 * .leastNonzeroMagnitude : 0.3
    }
    #expect(try load(path).packed(as: .int8).largestLogitChange < 0.3)
  }

  @Test func `values that overflow the type are rejected`() throws {
    let adapter = try load(try write(ContractTests.methods[0].method) { $0.hasSuffix("lora_A") ? 3e5 : 0 })
    let error = try #require(throws: AdapterFileError.self) { try adapter.packed(as: .float16) }
    #expect(error.description.contains("pack it as f32 or bf16"))
    #expect(try adapter.packed(as: .bfloat16).bytes > 0)
  }

  @Test func `all kinds of floats are rounded to the nearest float16 and bfloat16`() throws {
    let floats: [Float] = [
      0, -0.0, 1, -1, 65504, 65519.99, 65520, 1e30, -.infinity, .nan, 0x1p-14, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1.ffcp-15,
      0x1.ffep-15, 1.0009765, 1.00048828125, 1.00146484375, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0x1.008p0,
      0x1.018p0,
    ]
    func written(_ type: ElementType) throws -> [Float] {
      var writer = SafetensorsWriter()
      let bytes = floats.withUnsafeBufferPointer { type.bytes(of: $0) }
      try writer.add("x", type: type, shape: [floats.count], bytes: bytes)
      let file = try SafetensorsFile(bytes: writer.encoded(), name: "x")
      let back = Parameter(name: "x", shape: [floats.count])
      try file.convertFloats(of: file.entry(named: "x"), into: back.values)
      return Array(back.values)
    }
    #if arch(x86_64) && os(macOS)
    #else
    for (actual, float) in zip(try written(.f16), floats) {
      #expect(actual.bitPattern == Float(Float16(float)).bitPattern || float.isNaN && actual.isNaN, "\(float)")
    }
    #endif
    for (actual, float) in zip(try written(.bf16), floats) where !float.isNaN {
      // The upper half of the float, or the next value: the nearer one, and the even one in a tie.
      let low = Float(bitPattern: float.bitPattern & 0xFFFF_0000)
      let high = Float(bitPattern: (float.bitPattern & 0xFFFF_0000) + 0x1_0000)
      let rest = float.bitPattern & 0xFFFF
      let isOdd = float.bitPattern & 0x1_0000 != 0
      #expect(actual.bitPattern == (rest > 0x8000 || rest == 0x8000 && isOdd ? high : low).bitPattern, "\(float)")
    }
    #expect(try written(.bf16)[9].isNaN && written(.f32).map(\.bitPattern) == floats.map(\.bitPattern))
  }
}
