import Foundation
import GraftCore
import GraftSafetensors
import GraftSupport

/// The folder of an adapter that another toolkit wrote, with a configuration and tensors.
struct ForeignFolder {
  /// The path of the folder.
  let path: String
  /// The contents of `adapter_config.json`.
  let config: ForeignConfig

  /// Opens the folder and reads its configuration.
  ///
  /// - Throws: `ExchangeError` if there is no configuration, or it is not a JSON object.
  init(_ path: String) throws {
    self.path = path
    let file = "\(path)/adapter_config.json"
    guard try fileExists(file) else { throw ExchangeError.notAFolder(path) }
    config = try ForeignConfig(file: file)
  }

  /// Returns whether a file exists.
  ///
  /// - Throws: `FileError` if the file exists but can't be read; it is never treated as missing.
  func has(_ name: String) throws -> Bool { try fileExists("\(path)/\(name)") }

  /// Opens one of the folder's safetensors files.
  ///
  /// - Parameters:
  ///   - name: The name of the file.
  ///   - pickle: The name of the pickle that the toolkit may have written instead. Pickles are never read, because they can run
  ///     any code.
  /// - Throws: `ExchangeError` if the file is missing. If there is a pickle, the error explains how to convert it.
  func tensors(_ name: String, pickle: String) throws -> SafetensorsFile {
    guard try has(name) else {
      if try has(pickle) { throw ExchangeError.pickle(file: "\(path)/\(pickle)", safetensors: "\(path)/\(name)") }
      throw ExchangeError.noTensors(file: "\(path)/\(name)")
    }
    return try SafetensorsFile(path: "\(path)/\(name)")
  }
}
