import Foundation
import GraftSafetensors
import GraftSupport

/// The record in the folder `graft-undo` of a merged folder. It is enough to restore the base's files without the base or the
/// adapters. The layout is described in `Docs/adapter-format.md`.
///
/// For each changed tensor, it stores the bits in which the original differs from the result of undoing the merge in floating
/// point. Nearly all of these bits are zero, and they are stored one byte plane after the other, so they compress well. Only a
/// head for a different number of classes is stored as a copy.
struct UndoRecord: Codable {
  static let folder = "graft-undo"
  static let file = "\(folder)/record.json"
  static let bits = "\(folder)/bits.safetensors.zst"
  static let version = 1

  /// The version of the format.
  var format = version
  let base: Base
  /// The base's weight files, sorted by name.
  let files: [File]
  /// The files of the merged folder: weights, configuration, and tokenizer.
  let merged: [File]
  /// The applied adapters, in order.
  let adapters: [File]
  /// The key in the merged checkpoint for each key in the base's checkpoint.
  let keys: [String: String]
  /// The parameter's name for each key of the base's checkpoint whose values changed.
  let changed: [String: String]

  struct Base: Codable {
    let name: String
    let identity: BaseIdentity
  }

  struct File: Codable {
    let name: String
    let bytes: Int
    let sha256: String

    /// Records the size and the hash of a file.
    init(name: String, path: String) throws {
      let content = try MappedFile(path: path)
      self.name = name
      bytes = content.bytes.count
      sha256 = withExtendedLifetime(content) { GraftSupport.sha256(content.bytes) }
    }
  }

  /// Reads a merged folder's record and checks that the folder's files match it.
  init(folder: String) throws {
    let path = "\(folder)/\(Self.file)"
    guard try fileExists(path) else { throw PatchError.noRecord(folder: folder) }
    let content = try MappedFile(path: path)
    guard content.bytes.count <= 64 << 20 else {
      throw PatchError.badRecord(file: path, reason: "it has \(content.bytes.count) bytes, expected at most 64 MiB")
    }
    do {
      let decoder = JSONDecoder()
      let format = try decoder.decode(Format.self, from: Data(content.bytes)).format
      guard format == Self.version else {
        throw PatchError.newerRecord(file: path, version: format, known: Self.version)
      }
      self = try decoder.decode(UndoRecord.self, from: Data(content.bytes))
    } catch let error as DecodingError {
      throw PatchError.badRecord(file: path, reason: error.summary)
    }
    try check(file: path)
    for file in merged { try require(file, at: "\(folder)/\(file.name)", in: folder) }
  }

  /// Checks that a file of the merged folder is the one in the record.
  func require(_ file: File, at path: String, in folder: String) throws {
    guard try fileExists(path) else { throw PatchError.missing(file: path) }
    let got = try File(name: file.name, path: path)
    guard got.sha256 == file.sha256 else {
      throw PatchError.changed(file: path, expected: file.sha256, got: got.sha256)
    }
    guard got.bytes == file.bytes else {
      throw PatchError.badRecord(
        file: "\(folder)/\(Self.file)",
        reason: "\(quoted(file.name)) has \(got.bytes) bytes, but the record says \(file.bytes)")
    }
  }

  private func check(file path: String) throws {
    for list in [files, merged, adapters] {
      let names = list.map(\.name)
      guard !names.isEmpty, Set(names).count == names.count, names.allSatisfy(NamedAdapter.isName) else {
        throw PatchError.badRecord(file: path, reason: "a list of files is empty, or has a duplicate or invalid name")
      }
      guard list.allSatisfy({ $0.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil }) else {
        throw PatchError.badRecord(file: path, reason: "a SHA-256 in it is not 64 hexadecimal digits")
      }
    }
    let known = [BaseFiles.weights, BaseFiles.configuration] + BaseFiles.tokenizer
    if let unexpected = merged.first(where: { !known.contains($0.name) }) {
      throw PatchError.badRecord(
        file: path, reason: "\(quoted(unexpected.name)) is not a file that 'graft apply' writes")
    }
    guard merged.contains(where: { $0.name == BaseFiles.weights }) else {
      throw PatchError.badRecord(file: path, reason: "it does not list \(BaseFiles.weights)")
    }
    if let unexpected = files.first(where: { !$0.name.hasSuffix(".safetensors") }) {
      throw PatchError.badRecord(file: path, reason: "\(quoted(unexpected.name)) is not a safetensors file")
    }
    _ = try totalBytes(file: path)
  }

  /// Returns the total size of the base's weight files, in bytes.
  ///
  /// The merged file contains every tensor of the base, so each file is at most as large as the merged file plus its own header.
  /// The same holds for their sum.
  ///
  /// - Throws: ``PatchError`` if the sizes in the record are larger.
  func totalBytes(file path: String) throws -> Int {
    let impossible = PatchError.badRecord(file: path, reason: "the sizes of its files don't match the merged weights")
    let longestHeader = 100_000_008
    guard let weights = merged.first(where: { $0.name == BaseFiles.weights })?.bytes, (0...1 << 48).contains(weights)
    else { throw impossible }
    var total = 0
    for file in files {
      guard (0...weights + longestHeader).contains(file.bytes) else { throw impossible }
      // This can't overflow: each file has at most slightly more than 2^48 bytes, and the sum is checked after each addition.
      total += file.bytes
      guard total <= weights + min(files.count, 1 << 14) * longestHeader else { throw impossible }
    }
    return total
  }

  init(
    base: Base, files: [File], merged: [File], adapters: [File], keys: [String: String], changed: [String: String]
  ) {
    self.base = base
    self.files = files
    self.merged = merged
    self.adapters = adapters
    self.keys = keys
    self.changed = changed
  }

  private struct Format: Decodable { let format: Int }

  /// Writes the record into a merged folder.
  func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try writeAtomically(try encoder.encode(self), to: "\(folder)/\(Self.file)")
  }

  /// Returns the path of an applied adapter's file.
  static func adapterFile(_ name: String) -> String { "\(folder)/adapters/\(name).safetensors.zst" }
}

/// Returns the exclusive or of two byte sequences as byte planes: first byte 0 of every element, then byte 1, and so on.
func differingPlanes(_ first: some Collection<UInt8>, _ second: some Collection<UInt8>, width: Int) -> [UInt8] {
  precondition(first.count == second.count, "both must have the same number of bytes")
  let elements = first.count / width
  var planes = [UInt8](repeating: 0, count: first.count)
  for (i, (a, b)) in zip(first, second).enumerated() { planes[i % width * elements + i / width] = a ^ b }
  return planes
}

/// Applies the byte planes from `differingPlanes` to one of the two byte sequences, which turns it into the other.
func applyPlanes(_ planes: UnsafeRawBufferPointer, to bytes: inout [UInt8], width: Int) {
  let elements = bytes.count / width
  for i in bytes.indices { bytes[i] ^= planes[i % width * elements + i / width] }
}
