// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target: Swift 6 mode, warnings are errors, imports are internal by default.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A library target `Graft<name>` at `Sources/<path>`.
func library(
  _ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .target(
    name: "Graft\(name)", dependencies: dependencies, path: "Sources/\(path ?? name)", exclude: exclude,
    swiftSettings: strict)
}

/// The tests of one target, at `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", resources: resources,
    swiftSettings: strict)
}

/// The built-in methods, one target each.
let methods: [Target.Dependency] = ["GraftLoRA", "GraftHoulsby", "GraftPrefix", "GraftBaselines"]

/// The example of methods that are not built in.
let thirdParty = "Examples/ThirdParty"

let package = Package(
  name: "Graft",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "graft", targets: ["GraftMain"]),
    .library(name: "GraftCLI", targets: ["GraftCLI"]),
    .library(name: "Graft", targets: ["Graft"]),
    .library(name: "GraftInference", targets: ["GraftInference"]),
  ],
  traits: [
    .trait(
      name: "OneDNN", description: "Multiply frozen weights with oneDNN (libdnnl-dev), with layouts created once.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", path: "Sources/COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CZstd", path: "Sources/CZstd", pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CLibcrypto", path: "Sources/CLibcrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
    .systemLibrary(name: "COneDNN", path: "Sources/COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .target(name: "CKernels", path: "Sources/CKernels"),

    library("Support", ["CLibcrypto"]),
    library(
      "Core",
      [
        "CKernels", "COpenBLAS", "GraftSupport", .target(name: "COneDNN", condition: .when(traits: ["OneDNN"])),
      ]),
    library("Safetensors", ["GraftSupport"]),
    library("Tokenizers", ["GraftSupport"]),
    library("Transformer", ["GraftCore", "GraftSafetensors", "GraftSupport"]),
    library("Hub", ["GraftSafetensors", "GraftSupport", "CZlib"]),
    library(
      "TensorBoard", ["GraftSupport", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["Events.proto"]),
    library("SampleData"),
    library("LoRA", path: "Adapters/LoRA", ["GraftCore"]),
    library("Houlsby", path: "Adapters/Houlsby", ["GraftCore"]),
    library("Prefix", path: "Adapters/Prefix", ["GraftCore"]),
    library("Baselines", path: "Adapters/Baselines", ["GraftCore"]),
    library("Methods", path: "Adapters/BuiltIn", ["GraftCore"] + methods),
    library(
      "AdapterFiles",
      ["GraftCore", "GraftMethods", "GraftSafetensors", "GraftTokenizers", "GraftTransformer", "GraftSupport", "CZstd"]),
    library("Objectives", ["GraftAdapterFiles", "GraftCore", "GraftSupport", "GraftTransformer"]),
    library(
      "Inference",
      [
        "GraftAdapterFiles", "GraftCore", "GraftMethods", "GraftObjectives", "GraftSafetensors", "GraftTokenizers",
        "GraftTransformer",
        "GraftSupport",
      ]),
    library(
      "Exchange",
      [
        "GraftAdapterFiles", "GraftCore", "GraftInference", "GraftMethods", "GraftObjectives", "GraftSafetensors",
        "GraftTransformer", "GraftSupport",
      ]),
    library(
      "Harness",
      [
        "GraftAdapterFiles", "GraftCore", "GraftInference", "GraftMethods", "GraftObjectives", "GraftSafetensors",
        "GraftSampleData", "GraftSupport",
        "GraftTensorBoard", "GraftTokenizers", "GraftTransformer", "CZstd",
        .product(name: "Yams", package: "Yams"),
      ]),
    library(
      "", path: "Graft",
      [
        "GraftAdapterFiles", "GraftCore", "GraftExchange", "GraftHarness", "GraftInference", "GraftMethods",
        "GraftObjectives", "GraftTokenizers", "GraftTransformer",
      ] + methods),
    library(
      "CLI",
      [
        "GraftAdapterFiles", "GraftCore", "GraftExchange", "GraftHarness", "GraftHub", "GraftInference", "GraftMethods",
        "GraftObjectives", "GraftTokenizers", "GraftTransformer", "GraftSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "GraftMain", dependencies: ["GraftCLI"], path: "Sources/Main", swiftSettings: strict),

    .executableTarget(
      name: "classify-example", dependencies: ["Graft"], path: "Examples/Classify",
      swiftSettings: strict),

    .executableTarget(
      name: "library-example", dependencies: ["Graft"], path: "Examples/Library", swiftSettings: strict),

    // An example package to start from. It is also built as part of this package, so that nothing is compiled twice.
    // Like any other package, it can use only public API.
    .target(
      name: "ThirdParty", dependencies: ["Graft"], path: "\(thirdParty)/Sources/ThirdParty",
      packageAccess: false),
    .executableTarget(
      name: "graft-plus", dependencies: ["ThirdParty", "Graft", "GraftCLI"], path: "\(thirdParty)/Sources/graft",
      packageAccess: false),
    .testTarget(
      name: "ThirdPartyTests",
      dependencies: ["ThirdParty", "graft-plus", "Graft"],
      path: "\(thirdParty)/Tests/ThirdPartyTests",
      exclude: ["Fixtures", "ia3-bert.json", "ia3-distilbert.json", "ia3-roberta.json"], packageAccess: false),

    .executableTarget(
      name: "switching-benchmark", dependencies: ["Graft"],
      path: "Benchmarks/Switching", swiftSettings: strict),
    .target(name: "CPlain", path: "Benchmarks/PlainC"),
    .executableTarget(
      name: "kernel-benchmark", dependencies: ["GraftCore", "CKernels", "CPlain"], path: "Benchmarks/Kernels",
      swiftSettings: strict),

    .executableTarget(
      name: "fuzz-readers",
      dependencies: [
        "GraftAdapterFiles", "GraftCore", "GraftExchange", "GraftHarness", "GraftHub", "GraftInference",
        "GraftObjectives", "GraftSafetensors", "GraftSupport", "GraftTokenizers", "GraftTransformer",
        "GraftTestSupport",
      ] + methods,
      path: "Tests/Robustness/Fuzz", swiftSettings: strict),

    .target(
      name: "GraftTestSupport", dependencies: ["GraftSafetensors"], path: "Tests/TestSupport",
      resources: [.copy("Fixtures")], swiftSettings: strict),
    tests("Support", ["GraftSupport", "GraftTestSupport"]),
    tests("Safetensors", ["GraftSafetensors", "GraftSupport", "GraftTestSupport"]),
    tests("Tokenizers", ["GraftTokenizers", "GraftSupport", "GraftTestSupport"], resources: [.copy("Fixtures")]),
    tests("Core", ["GraftCore", "CKernels", "GraftSupport"]),
    tests("Transformer", ["GraftTransformer", "GraftCore", "GraftSafetensors", "GraftSupport", "GraftTestSupport"]),
    tests(
      "Method",
      [
        "GraftAdapterFiles", "GraftExchange", "GraftInference", "GraftMethods", "GraftCore", "GraftTransformer",
        "GraftHarness", "GraftObjectives", "GraftSafetensors", "GraftSupport", "GraftTestSupport",
      ]
        + methods, resources: [.copy("Fixtures")]),
    tests(
      "Objectives", ["GraftObjectives", "GraftAdapterFiles", "GraftCore"], resources: [.copy("Fixtures")]),
    tests("Inference", ["GraftInference", "GraftLoRA", "GraftTestSupport"]),
    tests(
      "Harness",
      [
        "GraftHarness", "GraftAdapterFiles", "GraftInference", "GraftCore", "GraftLoRA", "GraftObjectives",
        "GraftSafetensors", "GraftSupport",
        "GraftTestSupport",
      ],
      resources: [.copy("Fixtures")]),
    tests(
      "CLI",
      [
        "GraftMain", "classify-example", "library-example", "kernel-benchmark", "switching-benchmark", "fuzz-readers",
        "GraftCLI", "GraftAdapterFiles", "GraftInference",
        "GraftCore", "GraftHarness",
        "GraftLoRA", "GraftSafetensors",
        "GraftTestSupport",
      ]),
    tests("TensorBoard", ["GraftTensorBoard", "GraftTestSupport"], resources: [.copy("Fixtures")]),
    tests("Hub", ["GraftHub", "GraftSupport", "GraftTestSupport"], resources: [.copy("Fixtures")]),
    tests(
      "Reference",
      [
        "GraftAdapterFiles", "GraftCore", "GraftInference", "GraftObjectives", "GraftTransformer", "GraftHarness",
        "GraftTestSupport",
      ] + methods, resources: [.copy("Fixtures")]),
  ],
  cLanguageStandard: .c11
)
