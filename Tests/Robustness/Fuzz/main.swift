// Passes damaged inputs to every reader. `Tests/Robustness/fuzz.py` runs it and restarts it after an input that ends the process.
//
//     fuzz-readers --inputs 2000000 --seed 1 [--from NUMBER] [--record FILE] [--keep FOLDER]
//
// An input is identified by its number: with the same seed, `--from NUMBER --inputs 1` reproduces it, and `--keep` saves it.
import Foundation

private struct Options {
  var inputs = 10_000
  var seed: UInt64 = 1
  var from = 0
  var record = "fuzz.record"
  var keep: String?

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let name = rest.popFirst(), let value = rest.popFirst() {
      switch name {
      case "--inputs": inputs = Int(value) ?? inputs
      case "--seed": seed = UInt64(value) ?? seed
      case "--from": from = Int(value) ?? from
      case "--record": record = value
      case "--keep": keep = value
      default: print("unknown option \(name)")
      }
    }
  }
}

/// Prints a line without buffering, because the next input may end the process.
private func report(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = bytes.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

private func write(_ bytes: [UInt8], to path: String) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { fatalError("cannot write \(path)") }
  var done = 0
  while done < bytes.count {
    let count = bytes[done...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { fatalError("cannot write \(path)") }
    done += count
  }
  close(descriptor)
}

private func run(_ options: Options) throws {
  let memory = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  let place = "\(memory)/graft-fuzz-\(getpid())"
  defer { try? FileManager.default.removeItem(atPath: place) }
  let workspace = try Workspace(below: place)
  let readers = try workspace.formatReaders() + workspace.modelReaders() + workspace.adapterReaders()
  let wheel = readers.indices.flatMap { Array(repeating: $0, count: readers[$0].share) }
  guard let record = Record(path: options.record, readers: readers.count) else {
    fatalError("cannot write \(options.record)")
  }
  for number in options.from..<options.from + options.inputs {
    record.current = number
    var random = Randomness(seed: options.seed, input: number)
    let chosen = random.pick(wheel)
    let reader = readers[chosen]
    let seed = random.pick(reader.seeds)
    let input = try random.input(from: seed, splicing: random.pick(reader.seeds))
    if let keep = options.keep { write(input, to: "\(keep)/\(number)-\(seed.file.isEmpty ? "input" : seed.file)") }
    if let path = seed.path { write(input, to: path) }
    let start = ContinuousClock.now
    let verdict = Judge.judge(input) { try reader.read(seed.folder ?? "", input) }
    record[chosen, .microseconds] += Int((ContinuousClock.now - start) / .microseconds(1))
    if let path = seed.path { write(seed.content, to: path) }
    switch verdict {
    case .accepted: record[chosen, .accepted] += 1
    case .refused(let problem):
      record[chosen, .refused] += 1
      if let problem {
        record[chosen, .rough] += 1
        report("ROUGH\t\(number)\t\(reader.name)\t\(problem.replacing(place, with: "FOLDER"))")
      }
    case .failed(let reason):
      record[chosen, .failed] += 1
      report("FAILED\t\(number)\t\(reader.name)\t\(reason.replacing(place, with: "FOLDER"))")
    }
  }
  record.current = -1
  for (index, reader) in readers.enumerated() {
    let counts = Record.Count.allCases.map { "\(record[index, $0])" }
    report("READER\t\(reader.name)\t\(counts.joined(separator: "\t"))")
  }
}

do { try run(Options(Array(CommandLine.arguments.dropFirst()))) } catch {
  print("cannot start: \(error)")
  exit(2)
}
