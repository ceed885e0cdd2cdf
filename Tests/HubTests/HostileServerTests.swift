import Foundation
import GraftHub
import GraftSupport
import GraftTestSupport
import Testing

/// Secrets are not leaked, and no server blocks the program forever.
@Suite(.serialized)
struct HostileServerTests {
  let server: HubServer

  init() throws { server = try HubServer() }

  @Test func `a token is not sent to another port of the same host`() throws {
    try server.fetch("org/port", token: "secret")
    let requests = try server.requests()
    let ports = Set(requests.map { $0[4] })
    #expect(ports.count == 2)
    let first = try #require(requests.first?[4])
    for request in requests { #expect(request[2] == (request[4] == first ? "Bearer secret" : nil)) }
  }

  @Test(arguments: [
    ("http://a/x", "http://a/y", true), ("http://a/x", "http://A:80/y", true), ("https://a/x", "https://a:443/y", true),
    ("http://a/x", "https://a/x", false), ("https://a/x", "http://a/x", false),
    ("https://a/x", "https://a:8443/x", false),
    ("https://a/x", "https://b/x", false), ("https://a:80/x", "http://a/x", false),
    ("https://a/x", "file:///a/x", false),
  ])
  func `the origin of a token is scheme, host, and port`(first: String, second: String, isSame: Bool) {
    #expect(isSameOrigin(URL(string: first), URL(string: second)) == isSame)
    #expect(isSameOrigin(URL(string: second), URL(string: first)) == isSame)
  }

  @Test(arguments: [
    "http://me:hunter2@127.0.0.1:1", "me:hunter2@127.0.0.1", "ftp://me:hunter2@x", "http://hunter2@x",
    "http://me:hun/hunter2@x", "http://me:hun?hunter2@x", "http://me:hunter2@x y", "http://me:p@hunter2@x",
  ])
  func `a password in an endpoint is refused and not shown`(endpoint: String) throws {
    let error = #expect(throws: HubError.passwordInEndpoint(variable: "HF_ENDPOINT")) {
      try HubClient(environment: ["HF_ENDPOINT": endpoint])
    }
    #expect(error?.description.contains("hunter2") == false)
    let other = #expect(throws: HubError.passwordInEndpoint(variable: "GLUE_ENDPOINT")) {
      try TaskFetch("RTE", into: server.work.file("tasks")).run(environment: ["GLUE_ENDPOINT": endpoint]) { _ in }
    }
    #expect(other?.description.contains("hunter2") == false)
  }

  @Test func `an endpoint must be an HTTP address`() {
    for endpoint in ["ftp://x", "x", "http://", "http:///x", "https://x?token=hunter2", "https://x#hunter2"] {
      let error = #expect(throws: HubError.badEndpoint(variable: "HF_ENDPOINT", endpoint)) {
        try HubClient(environment: ["HF_ENDPOINT": endpoint])
      }
      #expect(error?.description.contains("hunter2") == false)
    }
  }

  @Test(arguments: ["two words", "line\nX-Evil: yes", "naïve"])
  func `a token that would change the request is refused and not shown`(token: String) {
    let error = #expect(throws: HubError.badToken(variable: "HF_TOKEN")) {
      try HubClient(environment: ["HF_TOKEN": token])
    }
    #expect(error?.description.contains(token) == false)
  }

  @Test func `secrets in addresses and messages are removed`() {
    #expect(withoutSecrets("https://h/a/b?X-Signature=hunter2#x") == "https://h/a/b")
    #expect(withoutSecrets("https://me:hunter2@h:8/a") == "https://h:8/a")
    #expect(
      withoutPasswords("no route to https://me:hunter2@pypi.org/simple, nor http://b/x@y").contains("hunter2") == false)
    #expect(withoutPasswords("see https://pypi.org/a@b") == "see https://pypi.org/a@b")
    for error: HubError in [
      .unreachable(url: "http://me:hunter2@h/x?k=hunter2", reason: "r"), .status(url: "http://me:hunter2@h", code: 500),
      .notFound(name: "n", endpoint: "http://me:hunter2@h"), .badAnswer(url: "http://h?k=hunter2", reason: "r"),
      .ended(url: "http://h?k=hunter2", reason: "r"), .badEndpoint(variable: "V", "http://me:hunter2@h"),
      .package(name: "p", reason: "can't reach https://me:hunter2@pypi.org"),
    ] {
      #expect(!error.description.contains("hunter2"), "\(error.description)")
    }
  }

  private func reason(_ name: String, _ limits: TransferLimits) throws -> String {
    let start = ContinuousClock.now
    let error = #expect(throws: HubError.self) { try server.fetch(name, limits: limits) }
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(server.placed().isEmpty)
    return error?.description ?? ""
  }

  @Test func `a server that sends one byte per connection is abandoned`() throws {
    var limits = TransferLimits()
    limits.poorConnections = 25
    let expected = "25 connections were lost, each after fewer than 65536 bytes"
    #expect(try reason("org/drip", limits).contains(expected))
    #expect(try server.requests().count { $0[1]?.hasSuffix("model.safetensors") == true } == 25)
    #expect(try server.work.bytes("bases/org/.drip.partial/model.safetensors").count == 25, "received data is kept")
  }

  @Test func `a server that sends the body slowly, or headers without end, is abandoned`() throws {
    var limits = TransferLimits()
    limits.window = 2
    limits.head = 2
    #expect(try reason("org/trickle", limits).contains("fewer than 65536 bytes arrived within 2 s"))
    let message = try reason("org/headers", limits)
    #expect(message.contains("no response within 2 s"), "\(message)")
  }

  @Test func `redirects are limited and lead only to HTTP addresses`() throws {
    let limits = TransferLimits()
    #expect(try reason("org/loop", limits).contains("it redirects more than 10 times"))
    #expect(try reason("org/file", limits).contains("it redirects to something that is not an HTTP address"))
    let message = try reason("org/secret", limits)
    #expect(message.contains("it redirects to an address with a user or password") && !message.contains("hunter2"))
  }

  @Test func `names and sizes from the hub are checked before they are used`() throws {
    let error = #expect(throws: (any Error).self) { try server.fetch("org/outside") }
    #expect("\(try #require(error))".contains("is outside the folder"))
    #expect(server.placed().isEmpty)
    #expect(try reason("org/huge", .init()).contains("its size is 1099511627776 bytes"))
    #expect(try server.work.contents.filter { $0.contains("victim") }.isEmpty)
  }
}
