import Foundation
import GraftSafetensors
import GraftSupport

/// An adapter's folder as another toolkit writes it: a configuration and tensors. What is read is ticked off, so that nothing can be
/// dropped in silence.
struct ForeignFolder {
  /// Where it is.
  let path: String
  /// `adapter_config.json`.
  var config: ForeignConfig

  /// Opens the folder.
  ///
  /// - Throws: ``ExchangeError`` when there is no configuration that can be read.
  init(_ path: String) throws {
    self.path = path
    let file = "\(path)/adapter_config.json"
    guard try fileExists(file) else { throw ExchangeError.notAFolder(path) }
    config = try ForeignConfig(file: file)
  }

  /// Whether a file is there.
  ///
  /// - Throws: `FileError` when something is there that can't be read: it is never taken for absent.
  func has(_ name: String) throws -> Bool { try fileExists("\(path)/\(name)") }

  /// One of the folder's safetensors files.
  ///
  /// - Parameter pickle: What its place is called where somebody has saved it as a pickle.
  /// - Throws: ``ExchangeError`` that says how to convert a pickle, which is never read: it may run anything.
  func tensors(_ name: String, pickle: String) throws -> SafetensorsFile {
    guard try has(name) else {
      if try has(pickle) { throw ExchangeError.pickle(file: "\(path)/\(pickle)", wanted: "\(path)/\(name)") }
      throw ExchangeError.noTensors(file: "\(path)/\(name)")
    }
    return try SafetensorsFile(path: "\(path)/\(name)")
  }
}
