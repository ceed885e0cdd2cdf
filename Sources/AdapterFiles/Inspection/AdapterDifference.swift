import Foundation
import GraftCore
import GraftSupport

/// The differences between two adapter files, as `graft diff A B` prints them. The JSON keys are stable.
public struct AdapterDifference: Encodable, Sendable {
  /// The paths of the two files.
  public let files: [String]
  /// Whether the files are identical byte for byte.
  public let identical: Bool
  /// The metadata keys whose values differ.
  public let metadata: [Metadata]
  /// The tensors that only the first file has.
  public let onlyInFirst: [String]
  /// The tensors that only the second file has.
  public let onlyInSecond: [String]
  /// The tensors that both files have with different shapes or values, sorted by name.
  public let tensors: [Tensor]
  /// The number of tensors that are equal in shape and values.
  public let equalTensors: Int

  /// A metadata key whose values differ.
  public struct Metadata: Encodable, Sendable {
    /// The key.
    public let key: String
    /// The value in each file; `nil` if the key is missing.
    public let values: [String?]
  }

  /// A tensor whose values or shapes differ.
  public struct Tensor: Encodable, Sendable {
    /// The tensor's name.
    public let name: String
    /// The shape in each file.
    public let shapes: [[Int]]
    /// The number of values that differ; `nil` if the shapes differ.
    public let differing: Int?
    /// The largest absolute difference; `nil` if the shapes differ or a difference is NaN.
    public let largest: Float?
    /// The norm of the difference relative to the norm of the first tensor; `nil` if the shapes differ, or if that norm is zero
    /// or not finite.
    public let relative: Double?
  }

  /// Compares two files.
  ///
  /// - Throws: A `UserError` if a tensor can't be read.
  public init(_ first: AdapterFile, _ second: AdapterFile) throws {
    files = [first.path, second.path]
    let keys = Set(first.strings.keys).union(second.strings.keys).sorted()
    metadata = keys.filter { first.strings[$0] != second.strings[$0] }.map {
      Metadata(key: $0, values: [first.strings[$0], second.strings[$0]])
    }
    let firstNames = Set(first.tensors.map(\.name))
    let secondNames = Set(second.tensors.map(\.name))
    onlyInFirst = firstNames.subtracting(secondNames).sorted()
    onlyInSecond = secondNames.subtracting(firstNames).sorted()
    let both = firstNames.intersection(secondNames).sorted()
    tensors = try both.compactMap { try Tensor($0, first.values(of: $0), second.values(of: $0)) }
    equalTensors = both.count - tensors.count
    identical = first.contentHash == second.contentHash
  }

  /// The differences as text.
  public var text: String {
    if identical { return "The files are identical." }
    var lines = metadata.map { change in
      "\(visible(change.key))\n"
        + zip(["<", ">"], change.values).map { "  \($0) \(visible($1 ?? "missing"))" }.joined(separator: "\n")
    }
    for (names, file) in [(onlyInFirst, files[0]), (onlyInSecond, files[1])] {
      lines += names.map { "\(visible($0)): only in \(visible(file))" }
    }
    lines += tensors.map { tensor in
      let name = visible(tensor.name)
      guard let differing = tensor.differing else {
        return "\(name): the shapes \(tensor.shapes[0]) and \(tensor.shapes[1]) differ"
      }
      let relative = tensor.relative.map { String(format: ", %.3g %% of its norm", 100 * $0) } ?? ""
      let largest = tensor.largest.map { "\($0)" } ?? "undefined"
      return
        "\(name): \(differing) of \(tensor.shapes[0].reduce(1, *)) values differ, by at most \(largest)\(relative)"
    }
    return (lines + ["\(equalTensors) tensors are equal."]).joined(separator: "\n")
  }
}

extension AdapterDifference.Tensor {
  /// Compares two tensors; `nil` if they are equal.
  fileprivate init?(_ name: String, _ first: (shape: [Int], values: [Float]), _ second: (shape: [Int], values: [Float]))
  {
    self.name = name
    shapes = [first.shape, second.shape]
    guard first.shape == second.shape else {
      differing = nil
      largest = nil
      relative = nil
      return
    }
    let pairs = zip(first.values, second.values)
    let count = pairs.count { $0.bitPattern != $1.bitPattern }
    guard count > 0 else { return nil }
    let distances = pairs.map { abs($0 - $1) }
    differing = count
    largest = distances.contains { $0.isNaN } ? nil : distances.max()
    func norm(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
    let firstNorm = norm(first.values)
    relative = firstNorm > 0 && firstNorm.isFinite ? norm(distances) / firstNorm : nil
  }
}
