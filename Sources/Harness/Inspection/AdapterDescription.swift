import Foundation
import GraftSupport

/// What `graft inspect FILE` shows of an adapter file.
public struct AdapterDescription: Encodable, Sendable {
  let file: String
  let bytes: Int
  let method: JSONValue
  let task: String
  let labels: [String]
  let base: AdapterMetadata.BaseReference
  let parameters: Int
  let tensors: [Tensor]
  private let methodText: String

  private enum CodingKeys: String, CodingKey { case file, bytes, method, task, labels, base, parameters, tensors }

  struct Tensor: Encodable, Sendable {
    let name: String
    let shape: [Int]
    let dtype: String
  }

  /// Reads it off a file.
  public init(_ file: AdapterFile) {
    (self.file, bytes) = (file.path, file.bytes)
    methodText = file.metadata.methodText
    method = (try? JSONDecoder().decode(JSONValue.self, from: file.metadata.method)) ?? .string(methodText)
    (task, labels, base) = (file.metadata.task, file.metadata.labels, file.metadata.base)
    tensors = file.tensors.map { Tensor(name: $0.name, shape: $0.shape, dtype: $0.type) }
    parameters = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// For people.
  public var text: String {
    let head = """
      \(visible(file)): \(bytes) bytes, \(parameters) parameters in \(tensors.count) tensors
        method     \(visible(methodText))
        task       \(visible(task)): \(visible(labels.joined(separator: ", ")))
        base       \(visible(base.name)) (\(visible(base.architecture)))
          model      SHA-256 \(visible(base.identity.model))
          tokenizer  SHA-256 \(visible(base.identity.tokenizer))
        tensors
      """
    return ([head] + tensors.map { "    \(visible($0.name)) \($0.shape)" + ($0.dtype == "F32" ? "" : " \($0.dtype)") })
      .joined(
        separator: "\n")
  }
}
