import Foundation
public import GraftCore
public import GraftMethods
import GraftSafetensors
import GraftSupport
public import GraftTransformer

/// Removes adapters from a merged folder. Removing all of them restores the base's files byte for byte; removing some produces
/// the folder that applying only the others would have written.
public struct RestoredFolder {
  /// The result of the removal. The JSON keys are stable.
  public struct Report: Encodable, Sendable {
    /// The output folder.
    public let output: String
    /// The base's name.
    public let base: String
    /// The removed adapters.
    public let removed: [String]
    /// The adapters that are still merged in the new folder.
    public let remaining: [String]
    /// The base's weight files and their SHA-256, which the restored files match.
    public let files: [String: String]

    /// Returns the report as one JSON object with keys in snake case.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  private let folder: String
  private let record: UndoRecord
  private let methods: MethodRegistry
  private let families: FamilyRegistry

  /// Reads a merged folder's undo record. Neither the base nor the adapter files are needed.
  ///
  /// - Parameters:
  ///   - folder: The merged folder.
  ///   - methods: The methods that the adapters may use.
  ///   - families: The families of encoders that the base may belong to.
  /// - Throws: ``PatchError`` if there is no record, or the weights have changed since it was written.
  public init(
    _ folder: String, methods: MethodRegistry = .builtIn, families: FamilyRegistry = .builtIn
  ) throws {
    self.folder = folder
    self.methods = methods
    self.families = families
    record = try UndoRecord(folder: folder)
  }

  /// Writes a folder without some or all of the adapters, atomically.
  ///
  /// - Parameters:
  ///   - names: The adapters to remove; `nil`: all.
  ///   - output: The output folder, which must not exist.
  /// - Throws: ``PatchError`` if a name is not in the record, or a file has changed.
  public func write(without names: [String]?, to output: String) throws -> Report {
    let known = record.adapters.map(\.name)
    if let unknown = names?.first(where: { !known.contains($0) }) {
      throw PatchError.notApplied(unknown, folder: folder, known: known)
    }
    let remaining = names.map { names in known.filter { !names.contains($0) } } ?? []
    let adapters = try adapters()
    let report = Report(
      output: output, base: record.base.name, removed: known.filter { !remaining.contains($0) }, remaining: remaining,
      files: Dictionary(uniqueKeysWithValues: record.files.map { ($0.name, $0.sha256) }))
    try writeFolderAtomically(output) { staging in
      guard !remaining.isEmpty else { return try restore(adapters, into: staging) }
      // Restore the base temporarily, to apply the remaining adapters to it.
      let temporaryBase = "\(staging)/base"
      try makeFolder(temporaryBase)
      try restore(adapters, into: temporaryBase)
      let base = try PretrainedBase(
        temporaryBase, locator: BaseLocator(home: "\(temporaryBase)/cache"), families: families)
      _ = try MergedFolder(base: base, named: record.base.name, methods: methods).fill(
        staging, with: adapters.filter { remaining.contains($0.name) }, for: output)
      try FileManager.default.removeItem(atPath: temporaryBase)
    }
    return report
  }

  /// Reads the adapter files in the folder and checks their hashes.
  private func adapters() throws -> [NamedAdapter] {
    try record.adapters.map { adapter in
      let path = "\(folder)/\(UndoRecord.adapterFile(adapter.name))"
      try record.require(adapter, at: path, in: folder)
      return NamedAdapter(name: adapter.name, file: try AdapterFile(path: path))
    }
  }

  private func restore(_ adapters: [NamedAdapter], into staging: String) throws {
    let path = "\(folder)/\(UndoRecord.bits)"
    let packed = try MappedFile(path: path)
    // At most the bytes of the changed tensors, the headers, and the merge constants; the total size was checked with the record.
    let limit = (256 << 20) + (try record.totalBytes(file: path))
    let bits = try withExtendedLifetime(packed) {
      try SafetensorsFile(bytes: decompress(packed.bytes, limit: limit, name: path), name: path)
    }
    func content(_ name: String) throws -> [UInt8] { Array(bits.bytes(of: try bits.entry(named: name))) }
    var mergeConstants: [String: [Float]] = [:]
    for entry in bits.entries where entry.name.hasPrefix("keepsake/") {
      guard entry.elementType == .f32 else {
        throw PatchError.badRecord(
          file: path, reason: "\(quoted(entry.name)) has elements of type \(entry.elementType.rawValue), expected F32")
      }
      let values = Parameter(name: entry.name, shape: [entry.elementCount])
      try bits.convertFloats(of: entry, into: values.values)
      mergeConstants[String(entry.name.dropFirst("keepsake/".count))] = Array(values.values)
    }

    let weights = try MergedWeights(
      folder: folder, adapters: adapters, mergeConstants: mergeConstants, methods: methods, families: families)
    let merged = try SafetensorsFile(path: "\(folder)/model.safetensors")
    for file in record.files {
      let header = try content("header/\(file.name)")
      guard header.count <= file.bytes else {
        throw PatchError.badRecord(file: path, reason: "the header of \(file.name) is longer than the file")
      }
      var restored = header
      restored.reserveCapacity(file.bytes)
      let entries = try SafetensorsFile.layout(
        ofHeader: header, dataSize: file.bytes - header.count, name: "\(path): \(file.name)")
      for entry in entries {
        let bytes = try original(entry, bits, merged, weights)
        guard bytes.count == entry.byteRange.count else {
          throw PatchError.badRecord(
            file: path, reason: "\(quoted(entry.name)) has \(bytes.count) bytes, expected \(entry.byteRange.count)")
        }
        restored += bytes
      }
      let got = restored.withUnsafeBytes { sha256($0) }
      guard got == file.sha256 else { throw PatchError.changed(file: file.name, expected: file.sha256, got: got) }
      try writeAtomically(restored, to: "\(staging)/\(file.name)")
    }
    if bits["index"] != nil { try writeAtomically(try content("index"), to: "\(staging)/\(BaseFiles.shardIndex)") }
    try writeAtomically(try content("config"), to: "\(staging)/config.json")
    _ = try copyTokenizer(from: folder, to: staging)
  }

  /// Returns a tensor's original bytes in the base.
  private func original(
    _ entry: TensorEntry, _ bits: SafetensorsFile, _ merged: SafetensorsFile, _ weights: MergedWeights
  ) throws -> [UInt8] {
    guard let key = record.keys[entry.name] else {
      throw PatchError.badRecord(file: UndoRecord.file, reason: "'keys' has no entry for \(quoted(entry.name))")
    }
    guard let parameter = record.changed[entry.name] else {
      return Array(merged.bytes(of: try merged.entry(named: key)))
    }
    let planes = bits.bytes(of: try bits.entry(named: "bits/\(entry.name)"))
    guard entry.elementType.holdsFloats else {
      throw PatchError.badRecord(
        file: UndoRecord.file, reason: "\(quoted(entry.name)) is listed as changed, but its elements are not floats")
    }
    var bytes = try weights.guess(parameter, as: entry.elementType)
    guard bytes.count == planes.count else { return Array(planes) }
    applyPlanes(planes, to: &bytes, width: entry.elementType.width)
    return bytes
  }
}
