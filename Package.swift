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
/// build in seconds. The sanitizers and the fuzz targets use it. `STENO_SLICE=store` is that and the recordings.
let slice = Context.environment["STENO_SLICE"]
let isWhole = slice != "core" && slice != "store"

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
/// Hummingbird and the packages whose types are in its own.
let hummingbird: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
]
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// alsa-lib finds a plugin by the name of its file, `libasound_module_pcm_vmic.so`. Tests load it, nobody installs it.
let virtualMicrophone = Product.library(
    name: "asound_module_pcm_vmic",
    type: .dynamic,
    targets: ["VirtualMicrophone"]
)

/// A disk that fails on command: linked into the tests of the store, preloaded into the built program.
let faultyDisk = Product.library(name: "faulty_disk", type: .dynamic, targets: ["FaultyDisk"])

/// A wall clock that jumps and names that are not found: preloaded into the built program.
let faultyHost = Product.library(name: "faulty_host", type: .dynamic, targets: ["FaultyHost"])

var products: [Product] = [virtualMicrophone]
var dependencies: [Package.Dependency] = []
var targets: [Target] = [
    .systemLibrary(name: "CFLAC", pkgConfig: "flac", providers: [.apt(["libflac-dev"])]),
    .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
    library("StenoCore"),
    library("StenoWire", ["StenoCore"]),
    .target(name: "CSndfileQuiet", linkerSettings: [.linkedLibrary("dl")]),
    library("StenoAudio", ["StenoCore", "CFLAC", "CSndfile", "CSndfileQuiet", "CSoxr"]),
    library("StenoTesting", ["StenoCore", "StenoAudio", "CSndfile"]),
    .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
    .target(name: "CALSAShim", dependencies: ["CALSA"]),
    library("StenoALSA", ["StenoCore", "StenoAudio", "CALSA", "CALSAShim"]),
    .target(
        name: "VirtualMicrophone",
        dependencies: ["CALSA"],
        path: "Tests/VirtualMicrophone",
        cSettings: [.define("PIC")]
    ),
    // Finds what nobody thought of: the machines in a world that only a seed decides. Not part of the product.
    .target(
        name: "StenoSimulation",
        dependencies: ["StenoCore"],
        path: "Tests/Simulation/World",
        swiftSettings: settings
    ),
    .executableTarget(
        name: "steno-simulate",
        dependencies: ["StenoSimulation"],
        path: "Tests/Simulation/Program",
        swiftSettings: settings
    ),
    tests("StenoCoreTests", ["StenoCore", "StenoTesting"]),
    tests("StenoSimulationTests", ["StenoSimulation"]),
    tests("StenoWireTests", ["StenoCore", "StenoWire", "StenoTesting"]),
    tests("StenoAudioTests", ["StenoCore", "StenoAudio", "StenoTesting", "CSndfileQuiet"]),
    tests("StenoALSATests", ["StenoCore", "StenoAudio", "StenoALSA", "StenoTesting", "CALSA"]),
]

if slice != "core" {
    products += [faultyDisk]
    dependencies += [
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    ]
    targets += [
        .target(
            name: "StenoSimulationStore",
            dependencies: ["StenoCore", "StenoAudio", "StenoStore", "StenoTesting", "StenoSimulation"],
            path: "Tests/Simulation/Store",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "steno-simulate-store",
            dependencies: ["StenoSimulation", "StenoSimulationStore"],
            path: "Tests/Simulation/StoreProgram",
            swiftSettings: settings
        ),
        .target(name: "CSQLiteShim", linkerSettings: [.linkedLibrary("sqlite3")]),
        library("StenoStore", ["StenoCore", "StenoWire", "StenoAudio", "CSQLiteShim", grdb, sqlite, crypto]),
        .target(
            name: "FaultyDisk",
            path: "Tests/FaultyDisk",
            cSettings: [.define("PIC")],
            linkerSettings: [.linkedLibrary("dl")]
        ),
        tests(
            "StenoStoreTests",
            [
                "StenoCore", "StenoAudio", "StenoStore", "StenoTesting", "StenoSimulation", "StenoSimulationStore",
                "FaultyDisk", grdb, sqlite, crypto,
            ]
        ),
    ]
}

if isWhole {
    products += [
        faultyHost,
        .executable(name: "steno", targets: ["steno"]),
        .library(name: "Steno", targets: ["Steno"]),
    ]
    dependencies += [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", .upToNextMinor(from: "2.28.1")),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ]
    targets += [
        .target(name: "CSherpa", linkerSettings: [.linkedLibrary("dl")]),
        library("StenoEngine", ["StenoCore", "StenoAudio", "CSherpa"]),
        library("StenoHTTP", ["StenoCore", "StenoWire", nioCore, nioPosix, nioHTTP1, nioSSL, asyncHTTPClient]),
        library(
            "StenoJuvoly",
            ["StenoCore", "StenoWire", "StenoAudio", "StenoHTTP", nioCore, nioPosix, nioSSL, logging]
        ),
        library("StenoHandoff", ["StenoCore", "StenoWire", "StenoHTTP", "StenoStore"]),
        library("StenoSandbox", ["StenoCore", "StenoWire", nioCore, nioPosix, crypto]),
        library(
            "StenoWebhook",
            ["StenoCore", "StenoWire", "StenoHTTP", "StenoStore", nioCore, nioPosix, crypto, logging] + hummingbird
        ),
        library(
            "Steno",
            [
                "StenoCore", "StenoWire", "StenoAudio", "StenoALSA", "StenoStore", "StenoEngine", "StenoHTTP",
                "StenoJuvoly", "StenoHandoff", nioCore, nioPosix, logging, crypto,
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .executableTarget(
            name: "steno",
            dependencies: [
                "Steno", "StenoCore", "StenoWire", "StenoAudio", "StenoALSA", "StenoStore", "StenoEngine", "StenoHTTP",
                "StenoJuvoly", "StenoHandoff", "StenoSandbox", "StenoWebhook", nioCore, nioPosix, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "steno-autobahn",
            dependencies: ["StenoWire", "StenoJuvoly", nioCore, nioPosix],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "steno-bench-nio",
            dependencies: [
                nioCore, nioPosix,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "FaultyHost",
            path: "Tests/FaultyHost",
            cSettings: [.define("PIC")],
            linkerSettings: [.linkedLibrary("dl")]
        ),
        .target(
            name: "LoopbackServer",
            dependencies: [nioCore, nioPosix, nioSSL],
            path: "Tests/LoopbackServer",
            swiftSettings: settings
        ),
        .target(
            name: "ChaosProxy",
            dependencies: [nioCore, nioPosix],
            path: "Tests/ChaosProxy",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "steno-chaos",
            dependencies: ["ChaosProxy"],
            path: "Tests/ChaosProxyTool",
            swiftSettings: settings
        ),
        tests("StenoHTTPTests", ["StenoCore", "StenoWire", "StenoHTTP", "LoopbackServer"]),
        tests("StenoEngineTests", ["StenoCore", "StenoAudio", "StenoEngine"]),
        tests(
            "StenoJuvolyTests",
            [
                "StenoCore", "StenoWire", "StenoAudio", "StenoHTTP", "StenoJuvoly", "StenoSandbox", "StenoTesting",
                "LoopbackServer", "ChaosProxy", nioCore, nioPosix, nioSSL, logging,
            ]
        ),
        tests(
            "StenoHandoffTests",
            [
                "StenoCore", "StenoWire", "StenoHTTP", "StenoStore", "StenoHandoff", "StenoSandbox", "LoopbackServer",
                nioCore, nioPosix,
            ]
        ),
        tests(
            "StenoWebhookTests",
            [
                "StenoCore", "StenoWire", "StenoHTTP", "StenoStore", "StenoWebhook", "StenoTesting", nioCore, nioPosix,
                crypto,
            ]
        ),
        tests("StenoSandboxTests", ["StenoCore", "StenoWire", "StenoSandbox", "StenoTesting", nioCore, nioPosix]),
        tests(
            "StenoTests",
            [
                "StenoCore", "StenoWire", "StenoAudio", "StenoALSA", "StenoStore", "StenoHTTP", "StenoJuvoly", "Steno",
                "StenoTesting",
                nioPosix, logging,
            ]
        ),
        tests(
            "EndToEndTests",
            ["StenoCore", "StenoStore", "StenoEngine", "StenoTesting", "LoopbackServer", "ChaosProxy"],
            exclude: ["Help"]
        ),
    ]
}

let package = Package(
    name: "steno",
    products: products,
    dependencies: dependencies,
    targets: targets
)
