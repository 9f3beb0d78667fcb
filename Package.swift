// swift-tools-version: 6.2
import PackageDescription

// One settings constant, applied to every Swift target.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// `STENO_SLICE=core` leaves out everything that needs another package: the decisions, the wire and the audio then
/// build in seconds. The sanitizers and the fuzz targets use it.
let isCoreSlice = Context.environment["STENO_SLICE"] == "core"

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

var targets: [Target] = [
    .systemLibrary(name: "CFLAC", pkgConfig: "flac", providers: [.apt(["libflac-dev"])]),
    .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
    library("StenoCore"),
    library("StenoWire", ["StenoCore"]),
    library("StenoAudio", ["StenoCore", "CFLAC", "CSndfile", "CSoxr"]),
    library("StenoTesting", ["StenoCore", "StenoAudio", "CSndfile"]),
    tests("StenoCoreTests", ["StenoCore", "StenoTesting"]),
    tests("StenoWireTests", ["StenoCore", "StenoWire", "StenoTesting"]),
    tests("StenoAudioTests", ["StenoCore", "StenoAudio", "StenoTesting"]),
]

if !isCoreSlice {
    targets += [
        .target(name: "CSherpa", linkerSettings: [.linkedLibrary("dl")]),
        library("StenoEngine", ["StenoCore", "StenoAudio", "CSherpa"]),
        library(
            "StenoJuvoly",
            ["StenoCore", "StenoWire", "StenoAudio", nioCore, nioPosix, nioSSL, asyncHTTPClient, logging]
        ),
        library("StenoHandoff", ["StenoCore", "StenoWire", nioCore, asyncHTTPClient, logging]),
        library("StenoSandbox", ["StenoCore", "StenoWire", nioCore, nioPosix]),
        library(
            "Steno",
            [
                "StenoCore", "StenoWire", "StenoAudio", "StenoEngine", "StenoJuvoly", "StenoHandoff",
                nioCore, nioPosix, asyncHTTPClient, logging,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .executableTarget(
            name: "steno",
            dependencies: [
                "Steno", "StenoCore", "StenoWire", "StenoAudio", "StenoEngine", "StenoJuvoly", "StenoHandoff",
                "StenoSandbox", nioCore, nioPosix, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "steno-autobahn",
            dependencies: ["StenoWire", "StenoJuvoly", nioCore, nioPosix],
            swiftSettings: settings
        ),
        .executableTarget(name: "steno-bench-nio", dependencies: [
            nioCore, nioPosix,
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOWebSocket", package: "swift-nio"),
        ], swiftSettings: settings),
        tests("StenoEngineTests", ["StenoCore", "StenoAudio", "StenoEngine"]),
        tests("StenoJuvolyTests", [
            "StenoCore", "StenoWire", "StenoAudio", "StenoJuvoly", "StenoTesting", nioCore, nioPosix,
        ]),
        tests("StenoHandoffTests", ["StenoCore", "StenoWire", "StenoHandoff", nioCore, nioPosix]),
        tests("StenoSandboxTests", ["StenoCore", "StenoWire", "StenoSandbox", nioCore, nioPosix]),
        tests("StenoTests", ["StenoCore", "StenoWire", "StenoAudio", "Steno"]),
        tests("EndToEndTests", ["StenoCore", "StenoWire", "StenoAudio", "StenoTesting"]),
    ]
}

let package = Package(
    name: "steno",
    products: isCoreSlice
        ? []
        : [
            .executable(name: "steno", targets: ["steno"]),
            .library(name: "Steno", targets: ["Steno"]),
        ],
    dependencies: isCoreSlice
        ? []
        : [
            .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
            .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
            .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
            .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
            .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
            .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: []),
            .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        ],
    targets: targets
)
