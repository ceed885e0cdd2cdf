import Foundation

extension Console {
  /// Whether the reader of our standard output has closed it, as `head` does after its last line. Further work is then pointless.
  static var isOutputClosed: Bool {
    var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR | POLLHUP) != 0
  }
}
