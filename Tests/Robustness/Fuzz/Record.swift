import Foundation

/// The number of the current input and the results of the others, in a file that outlives the process.
///
/// If a reader ends the process, the file shows which input caused it, and the next process continues counting.
final class Record {
  /// What is counted for each reader; `rough` counts messages that cannot be printed unchanged.
  enum Count: Int, CaseIterable { case accepted, refused, failed, microseconds, rough }

  private let words: UnsafeMutableBufferPointer<Int>

  /// Maps the file, and creates it if it does not exist.
  init?(path: String, readers: Int) {
    let count = 1 + readers * Count.allCases.count
    let bytes = count * MemoryLayout<Int>.size
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0, ftruncate(descriptor, off_t(bytes)) == 0,
      let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED
    else { return nil }
    close(descriptor)
    words = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Int.self, capacity: count), count: count)
  }

  /// The number of the current input.
  var current: Int {
    get { words[0] }
    set { words[0] = newValue }
  }

  /// A reader's count.
  subscript(reader: Int, count: Count) -> Int {
    get { words[1 + reader * Count.allCases.count + count.rawValue] }
    set { words[1 + reader * Count.allCases.count + count.rawValue] = newValue }
  }
}
