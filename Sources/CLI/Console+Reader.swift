import Foundation

extension Console {
  /// Whether whoever reads our standard output has left, as `head` does when it has its lines: further work is for nobody.
  static var readerHasLeft: Bool {
    var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR | POLLHUP) != 0
  }
}
