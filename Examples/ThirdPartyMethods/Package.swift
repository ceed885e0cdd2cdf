// swift-tools-version: 6.2
import PackageDescription

// Three methods that the toolkit does not have, in a package of their own, and a `graft` that knows them too.
let package = Package(
  name: "ThirdPartyMethods",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Graft", path: "../..")],
  targets: [
    .target(name: "ThirdPartyMethods", dependencies: [.product(name: "Graft", package: "Graft")]),
    .executableTarget(
      name: "graft-plus", dependencies: ["ThirdPartyMethods", .product(name: "GraftCLI", package: "Graft")],
      path: "Sources/graft"),
    .testTarget(
      name: "ThirdPartyTests",
      dependencies: ["ThirdPartyMethods", "graft-plus", .product(name: "Graft", package: "Graft")],
      exclude: ["Fixtures", "ia3-bert.json", "ia3-distilbert.json", "ia3-roberta.json"]),
  ]
)
