import Foundation
import GraftTestSupport
import Testing

/// A finished process of the program, with its output and exit code.
struct Program {
  let output: String
  let errors: String
  let code: Int32

  /// Runs `graft` and waits for its end. The environment has no GLUE_DIR unless it is passed here.
  @discardableResult
  init(_ arguments: String..., environment: [String: String] = [:], in folder: TemporaryFolder) throws {
    try self.init(arguments: arguments, environment: environment, in: folder)
  }

  /// Runs `graft`, or another program that is built with it, and waits for its end.
  ///
  /// - Parameters:
  ///   - arguments: The arguments.
  ///   - name: The program's name.
  ///   - place: The program's path, instead of its name.
  ///   - environment: Environment variables to add.
  ///   - input: The text to pipe into standard input.
  ///   - isReady: Called repeatedly; the signal is sent when it returns `true`.
  ///   - number: The signal to send; Ctrl-C by default.
  ///   - folder: The working directory.
  init(
    arguments: [String], of name: String = "graft", at place: URL? = nil, environment: [String: String] = [:],
    input: String? = nil,
    interruptedWhen isReady: (() -> Bool?)? = nil, by number: Int32 = SIGINT, in folder: TemporaryFolder
  ) throws {
    let process = Process()
    process.executableURL = try place ?? Self.executable(name)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    var inherited = ProcessInfo.processInfo.environment
    inherited["GLUE_DIR"] = nil
    inherited["GRAFT_HOME"] = folder.file("home")
    process.environment = inherited.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let pipe = input.map { _ in Pipe() }
    if let pipe { process.standardInput = pipe } else { process.standardInput = FileHandle.nullDevice }
    try process.run()
    if let input, let pipe {
      try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try pipe.fileHandleForWriting.close()
    }
    if let isReady {
      while process.isRunning, isReady() != true { usleep(10_000) }
      kill(process.processIdentifier, number)
      // A lost signal must not block the tests.
      for _ in 0..<2000 where process.isRunning { usleep(10_000) }
      if process.isRunning { process.terminate() }
    }
    // Both outputs fit into a pipe's buffer, so reading them one after the other cannot block the program.
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  /// Runs a shell command line with `graft` in its search path.
  init(shell line: String, in folder: TemporaryFolder) throws {
    let path = try Self.executable("graft").deletingLastPathComponent().path
    try self.init(
      arguments: ["-c", line], at: URL(fileURLWithPath: "/bin/sh"),
      environment: ["PATH": "\(path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"], in: folder)
  }

  /// Returns the path of a program that is built with the tests.
  static func executable(_ name: String) throws -> URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent(name)
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    throw FileNotFound()
  }

  private struct FileNotFound: Error {}

  /// Returns the output as one JSON object.
  func object() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(output)\(errors)")
  }
}
