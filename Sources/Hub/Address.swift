package import Foundation
import GraftSupport

/// Returns an address for messages, without parts that may be secret: user, password, query (which may be signed), fragment.
package func withoutSecrets(_ address: String) -> String {
  var text = address
  // An improperly escaped password may contain any character.
  if let at = text.lastIndex(of: "@") {
    let start = text.range(of: "://")?.upperBound ?? text.startIndex
    if start <= at { text.removeSubrange(start...at) }
  }
  return String(text.prefix { $0 != "?" && $0 != "#" })
}

/// Returns another program's message without the user and password of any address in it.
package func withoutPasswords(_ message: String) -> String {
  message.replacing(/(?<scheme>[A-Za-z][A-Za-z0-9+.-]*:\/\/)[^\s\/]*@/) { "\($0.output.scheme)" }
}

/// Whether a token for one address may be sent to another: scheme, host, and port are the same.
package func isSameOrigin(_ first: URL?, _ second: URL?) -> Bool {
  guard let first = first.flatMap(Origin.init), let second = second.flatMap(Origin.init) else { return false }
  return first == second
}

private struct Origin: Equatable {
  let scheme: String
  let host: String
  let port: Int

  init?(_ url: URL) {
    guard let scheme = url.scheme?.lowercased(), let host = url.host?.lowercased(), !host.isEmpty else { return nil }
    guard let usual = ["http": 80, "https": 443][scheme] else { return nil }
    self.scheme = scheme
    self.host = host
    port = url.port ?? usual
  }
}

/// Returns the address in an environment variable, or the default, without a trailing slash.
///
/// A user or password in it is refused, because it would be sent with every request; authentication uses a token.
///
/// - Throws: ``HubError/badEndpoint(variable:_:)``, ``HubError/passwordInEndpoint(variable:)``.
func endpoint(_ variable: String, usually usual: String, in environment: [String: String]) throws -> String {
  let named = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? usual
  guard !named.contains("@") else { throw HubError.passwordInEndpoint(variable: variable) }
  let endpoint = named.hasSuffix("/") ? String(named.dropLast()) : named
  guard let url = URL(string: endpoint), let scheme = url.scheme, ["http", "https"].contains(scheme.lowercased()),
    url.host?.isEmpty == false, (1...65535).contains(url.port ?? 80), url.query == nil, url.fragment == nil,
    url.user == nil, url.password == nil
  else { throw HubError.badEndpoint(variable: variable, named) }
  return endpoint
}
