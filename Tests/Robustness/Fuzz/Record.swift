import Foundation

/// Which input is being read and what became of the others, in a file that outlives the process.
///
/// When a reader ends the process, the number that is there tells which input it was, and the next process goes on counting.
final class Record {
  /// What is counted for each reader; `rough` are messages that can't be printed as they are.
  enum Count: Int, CaseIterable { case accepted, refused, failed, microseconds, rough }

  private let words: UnsafeMutableBufferPointer<Int>

  /// Maps the file, made when it is not there.
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

  /// The number of the input that is being read.
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
