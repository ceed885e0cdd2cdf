import Foundation

/// A Python interpreter with certain packages, for tests that compare a file with another program that reads it.
public enum Python {
  /// Returns the first interpreter that can import `package`: `$GRAFT_PYTHON`, that of `make python`, or the system's.
  public static func interpreter(with package: String) -> String? {
    let local = "\(FileManager.default.currentDirectoryPath)/.build/python/bin/python3"
    let given = ProcessInfo.processInfo.environment["GRAFT_PYTHON"]
    return [given, local, "/usr/bin/env"].compactMap { $0 }.first { program in
      let arguments = program == "/usr/bin/env" ? ["python3"] : []
      return (try? run(program, arguments + ["-c", "import \(package)"], isQuiet: true))?.code == 0
    }
  }

  /// Whether ``run(script:_:with:)`` can import `package`.
  public static func has(_ package: String) -> Bool { interpreter(with: package) != nil }

  /// Returns the message for a missing package.
  public static func missing(_ package: String) -> String {
    "no Python with \(package): run 'make python', or name one that has it in GRAFT_PYTHON"
  }

  /// Runs a script with an interpreter that has `package`, and returns its output.
  public static func run(script: String, _ arguments: String..., with package: String) throws -> String {
    guard let interpreter = interpreter(with: package) else {
      throw Failure(script: script, code: -1, output: missing(package))
    }
    let result = try run(interpreter, (interpreter == "/usr/bin/env" ? ["python3"] : []) + [script] + arguments)
    guard result.code == 0 else { throw Failure(script: script, code: result.code, output: result.output) }
    return result.output
  }

  /// A script that failed.
  public struct Failure: Error {
    let script: String
    let code: Int32
    let output: String
  }

  private static func run(_ program: String, _ arguments: [String], isQuiet: Bool = false) throws -> (
    output: String, code: Int32
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = isQuiet ? FileHandle.nullDevice : .standardError
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (text, process.terminationStatus)
  }
}
