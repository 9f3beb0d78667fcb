import GRDB
import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Synchronization

@testable import StenoStore

/// One folder of recordings, and a recording in it that a test writes.
final class RecordingFixture: Sendable {
    static let second = Int64(SamplePosition.rate)
    /// 2026-11-22, in milliseconds since 1970.
    static let begun: Int64 = 1_795_305_600_000

    let folder = TemporaryFolder()

    var recordings: String { self.folder.path("recordings") }

    func description(_ id: String = "20261122-004100-abcdefgh") -> RecordingDescription {
        RecordingDescription(
            id: id,
            begun: Self.begun,
            engine: "local",
            realm: "sandbox",
            source: .microphone,
            device: "Desk microphone",
            program: "0.0.0"
        )
    }

    func writer(
        _ id: String = "20261122-004100-abcdefgh",
        clock: @escaping @Sendable () -> Int64 = { begun + 60_000 }
    ) throws -> RecordingWriter {
        try RecordingWriter(self.description(id), in: self.recordings, clock: clock)
    }

    /// A recording of `frames` that ended in order.
    @discardableResult
    func recorded(
        _ id: String = "20261122-004100-abcdefgh",
        frames: Int64,
        isComplete: Bool = true,
        clock: @escaping @Sendable () -> Int64 = { begun + 60_000 }
    ) throws -> RecordingPlace {
        let writer = try self.writer(id, clock: clock)
        try writer.append(Signal.indexed(0..<frames), at: .zero)
        try writer.conclude(isComplete: isComplete)
        return writer.place
    }

    /// Copies the files as a crash or a backup would leave them, and opens the copy as another machine would.
    func copy(_ place: RecordingPlace, to name: String) throws -> RecordingPlace {
        let target = self.folder.path("copies/\(name)")
        try PrivateFiles.makeFolder(target)
        for file in TemporaryFolder.names(in: place.folder) where file.hasPrefix("recording.sqlite") {
            Self.copy("\(place.folder)/\(file)", to: "\(target)/\(file)")
        }
        return try RecordingPlace(path: target)
    }

    /// A recording that a program made which knew the first format only.
    func firstFormat() throws -> RecordingPlace { try self.format(1) }

    /// A recording that a program made which knew this format at most.
    func format(_ number: Int) throws -> RecordingPlace {
        let fixtures = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let target = self.folder.path("recordings/format-\(number)")
        try PrivateFiles.makeFolder(target)
        Self.copy("/\(fixtures)/Fixtures/schema-\(number)/recording.sqlite", to: "\(target)/recording.sqlite")
        return try RecordingPlace(path: target)
    }

    private static func copy(_ source: String, to target: String) {
        guard let input = fopen(source, "rb"), let output = fopen(target, "wb") else { return }
        defer {
            fclose(input)
            fclose(output)
        }
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, input), count > 0 { fwrite(block, 1, count, output) }
    }

    /// Does something to the file behind the back of everybody.
    func change(_ place: RecordingPlace, _ sql: String) throws {
        try DatabaseQueue(path: place.file(part: 1)).inDatabase { try $0.run(sql) }
    }
}

extension RecordingWriter {
    func append(_ samples: [Int16], at position: SamplePosition) throws(AudioError) {
        try samples.withUnsafeBufferPointer { samples throws(AudioError) in try self.append(samples, at: position) }
    }

    /// Appends the samples of the signal whose value tells its position, in periods of 20 ms.
    func appendIndexed(_ frames: Range<Int64>, period: Int64 = 320) throws(AudioError) {
        for start in stride(from: frames.lowerBound, to: frames.upperBound, by: Int(period)) {
            let end = min(frames.upperBound, start + period)
            try self.append(Signal.indexed(start..<end), at: SamplePosition(frames: start))
        }
    }

    func samples(_ frames: Range<Int64>) throws(AudioError) -> [Int16] {
        var samples = [Int16](repeating: -1, count: frames.count)
        let count = try samples.withUnsafeMutableBufferPointer { buffer throws(AudioError) in
            try self.read(at: SamplePosition(frames: frames.lowerBound), into: buffer)
        }
        return Array(samples[..<count])
    }
}

extension AudioGap {
    init(_ frames: Range<Int64>, _ cause: Cause) { self.init(AudioSpan(frames), cause: cause) }
}

/// Raised once by one thread, seen by others.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isRaised: Bool { self.value.load(ordering: .acquiring) }

    func raise() { self.value.store(true, ordering: .releasing) }
}
