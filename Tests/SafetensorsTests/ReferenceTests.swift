import GraftSafetensors
import GraftTestSupport
import Testing

/// A file written by the reference library, safetensors 0.8.0 for Python with torch 2.13.0:
/// ```python
/// import torch as T
/// from safetensors.torch import save
/// save({
///   "b.bool": T.tensor([True, False]), "a.u8": T.tensor([1, 255], dtype=T.uint8),
///   "i8": T.tensor([-1], dtype=T.int8), "e4m3": T.tensor([1.5], dtype=T.float8_e4m3fn),
///   "e5m2": T.tensor([1.5, 2.0], dtype=T.float8_e5m2), "i16": T.tensor([-2], dtype=T.int16),
///   "u16": T.tensor([3], dtype=T.uint16), "f16": T.tensor([[0.5, -2.0]], dtype=T.float16),
///   "bf16": T.tensor([1.0], dtype=T.bfloat16), "i32": T.tensor(-3, dtype=T.int32),
///   "u32": T.tensor([4], dtype=T.uint32), "z.f32": T.tensor([1.0, -2.5]), "a.f32": T.zeros(0, 3),
///   "f64": T.tensor([0.1], dtype=T.float64), "i64": T.tensor([-5]), "u64": T.tensor([6], dtype=T.uint64),
///   'q"\\\n\x01/é': T.tensor([1.0]),
/// }, {"format": "pt"})
/// ```
struct ReferenceTests {
  let header = [
    #"{"__metadata__":{"format":"pt"}"#,
    #""u64":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}"#,
    #""i64":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}"#,
    #""f64":{"dtype":"F64","shape":[1],"data_offsets":[16,24]}"#,
    #""a.f32":{"dtype":"F32","shape":[0,3],"data_offsets":[24,24]}"#,
    #""q\"\\\n\u0001/é":{"dtype":"F32","shape":[1],"data_offsets":[24,28]}"#,
    #""z.f32":{"dtype":"F32","shape":[2],"data_offsets":[28,36]}"#,
    #""u32":{"dtype":"U32","shape":[1],"data_offsets":[36,40]}"#,
    #""i32":{"dtype":"I32","shape":[],"data_offsets":[40,44]}"#,
    #""bf16":{"dtype":"BF16","shape":[1],"data_offsets":[44,46]}"#,
    #""f16":{"dtype":"F16","shape":[1,2],"data_offsets":[46,50]}"#,
    #""u16":{"dtype":"U16","shape":[1],"data_offsets":[50,52]}"#,
    #""i16":{"dtype":"I16","shape":[1],"data_offsets":[52,54]}"#,
    #""e4m3":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[54,55]}"#,
    #""e5m2":{"dtype":"F8_E5M2","shape":[2],"data_offsets":[55,57]}"#,
    #""i8":{"dtype":"I8","shape":[1],"data_offsets":[57,58]}"#,
    #""a.u8":{"dtype":"U8","shape":[2],"data_offsets":[58,60]}"#,
    #""b.bool":{"dtype":"BOOL","shape":[2],"data_offsets":[60,62]}}"#,
  ].joined(separator: ",")
  let data: [UInt8] = [
    0x06, 0, 0, 0, 0, 0, 0, 0, 0xFB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9,
    0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 0x04, 0, 0, 0, 0xFD, 0xFF, 0xFF, 0xFF, 0x80, 0x3F, 0,
    0x38, 0, 0xC0, 0x03, 0, 0xFE, 0xFF, 0x3C, 0x3E, 0x40, 0xFF, 0x01, 0xFF, 0x01, 0,
  ]
  /// The length of the header in the file written by Python, including padding.
  let headerLength = 1032

  var bytes: [UInt8] {
    madeFile(header + String(repeating: " ", count: headerLength - header.utf8.count), data: data)
  }

  @Test func `a file of the reference library can be opened`() throws {
    let file = try SafetensorsFile(bytes: bytes, name: "reference")
    #expect(file.metadata == ["format": "pt"])
    #expect(file.entries.count == 17)
    #expect(try file.values("f16") == [0.5, -2])
    #expect(try file.values("bf16") == [1])
    #expect(try file.values("z.f32") == [1, -2.5])
    #expect(try file.values("f64") == [0.1])
    #expect(try file.values("q\"\\\n\u{1}/é") == [1])
    #expect(try file.copiedBytes("i32") == littleEndian([Int32(-3)]))
  }

  @Test func `the writer produces the same bytes as the reference library`() throws {
    let file = try SafetensorsFile(bytes: bytes, name: "reference")
    var writer = SafetensorsWriter(metadata: file.metadata)
    for entry in file.entries.reversed() {
      try writer.add(entry.name, type: entry.elementType, shape: entry.shape, bytes: file.bytes(of: entry))
    }
    #expect(try writer.encoded() == bytes)
  }
}
