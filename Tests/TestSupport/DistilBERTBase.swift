import Foundation

/// A folder with the shape of distilbert-base-uncased and zero weights, stored as a sparse file.
public struct DistilBERTBase {
  /// The folder.
  public let folder: TemporaryFolder

  /// Writes `config.json` and a sparse `model.safetensors` without a head.
  public init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      #"{"model_type": "distilbert", "vocab_size": 30522, "max_position_embeddings": 512, "dim": 768, "n_layers": 6, "#
        + #""n_heads": 12, "hidden_dim": 3072, "activation": "gelu"}"#, to: "config.json")
    var shapes: [(name: String, shape: [Int])] = [
      ("embeddings.word_embeddings.weight", [30522, 768]), ("embeddings.position_embeddings.weight", [512, 768]),
      ("embeddings.LayerNorm.weight", [768]), ("embeddings.LayerNorm.bias", [768]),
    ]
    func add(_ name: String, _ output: Int, _ input: Int) {
      shapes += [("\(name).weight", [output, input]), ("\(name).bias", [output])]
    }
    for layer in 0..<6 {
      let block = "transformer.layer.\(layer)"
      for name in ["q_lin", "k_lin", "v_lin", "out_lin"] { add("\(block).attention.\(name)", 768, 768) }
      add("\(block).ffn.lin1", 3072, 768)
      add("\(block).ffn.lin2", 768, 3072)
      for norm in ["sa_layer_norm", "output_layer_norm"] {
        shapes += [("\(block).\(norm).weight", [768]), ("\(block).\(norm).bias", [768])]
      }
    }
    var members: [String] = []
    var offset = 0
    for (name, shape) in shapes {
      let end = offset + 4 * shape.reduce(1, *)
      let sizes = shape.map(String.init).joined(separator: ",")
      members.append(#""distilbert.\#(name)":{"dtype":"F32","shape":[\#(sizes)],"data_offsets":[\#(offset),\#(end)]}"#)
      offset = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header += Array(repeating: UInt8(ascii: " "), count: -header.count & 7)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    try folder.write(length + header, to: "model.safetensors")
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("model.safetensors")))
    try handle.truncate(atOffset: UInt64(8 + header.count + offset))
    try handle.close()
  }
}
