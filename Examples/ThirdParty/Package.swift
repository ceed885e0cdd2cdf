// swift-tools-version: 6.2
import PackageDescription

// A separate package with three methods that are not built into Graft, and the program `graft-plus`: `graft` with these methods.
let package = Package(
  name: "ThirdParty",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Graft", path: "../..")],
  targets: [
    .target(name: "ThirdParty", dependencies: [.product(name: "Graft", package: "Graft")]),
    .executableTarget(
      name: "graft-plus", dependencies: ["ThirdParty", .product(name: "GraftCLI", package: "Graft")],
      path: "Sources/graft"),
    .testTarget(
      name: "ThirdPartyTests",
      dependencies: ["ThirdParty", "graft-plus", .product(name: "Graft", package: "Graft")],
      exclude: ["Fixtures", "ia3-bert.json", "ia3-distilbert.json", "ia3-roberta.json"]),
  ]
)
