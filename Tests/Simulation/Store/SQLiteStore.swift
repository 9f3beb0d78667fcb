import Glibc
import StenoAudio
package import StenoCore
package import StenoSimulation
import StenoStore
import StenoTesting

/// The real store, in a folder of its own that is gone with it. A process that dies leaves the files as they are: a copy
/// of them is opened, and the writer is let go of without a word.
package final class SQLiteStore: SimulatedStore {
    package var sounds: [AudioSpan] = []
    package var isFull = false
    package private(set) var waiting = 0
    private let folder = TemporaryFolder()
    private let clock: JumpingClock
    private var lives = 1
    private var writer: RecordingWriter?
    private var place: RecordingPlace?
    private var gaps = SpanSet()
    /// What the disk said that it should not have.
    private var troubles: [String] = []

    /// - Parameter seed: decides where the wall clock jumps.
    package init(seed: UInt64) {
        let clock = JumpingClock(seed: seed)
        self.clock = clock
        let description = RecordingDescription(
            id: "20261122-004100-abcdefgh",
            begun: JumpingClock.start,
            engine: "juvoly",
            realm: "sandbox",
            source: .microphone,
            program: "0.0.0"
        )
        self.attempt("make the recording") {
            let writer = try RecordingWriter(description, in: self.folder.path("1")) { clock.now() }
            self.place = writer.place
            self.writer = writer
        }
    }

    package var durable: SamplePosition { self.writer?.durable ?? .zero }

    package var missing: SpanSet { self.gaps.clamped(to: AudioSpan(start: .zero, end: self.durable)) }

    package func keep(_ fact: StoredFact) {
        self.waiting += 1
        let isKept =
            switch fact {
            case .utterance(let utterance): self.writer?.keep(.utterance(utterance))
            case .withdrawn(let id): self.writer?.keep(.withdrawn(id))
            case .coverage(let coverage): self.writer?.keep(.coverage(coverage))
            }
        if isKept != true { self.troubles.append("a fact was refused") }
    }

    package func append(_ span: AudioSpan) throws(StoreRefusal) {
        guard !self.isFull else { throw .full }
        let samples = KnownSound.samples(of: span, sounds: self.sounds)
        self.attempt("append \(span)") {
            try samples.withUnsafeBufferPointer { try self.writer?.append($0, at: span.start) }
        }
        self.waiting = 0
    }

    package func missed(_ gap: AudioGap) throws(StoreRefusal) {
        guard !self.isFull else { throw .full }
        self.attempt("miss \(gap.span)") { try self.writer?.missed(gap) }
        self.gaps.insert(gap.span)
        self.waiting = 0
    }

    package func settle() throws(StoreRefusal) {
        guard !self.isFull else { throw .full }
        self.attempt("settle") { try self.writer?.settle() }
        self.waiting = 0
    }

    package func finish() { self.attempt("finish") { try self.writer?.finish() } }

    /// Failing files are what `FaultyDisk` is for: it needs a process of its own.
    package func failFile() {}

    package func die() {
        guard let place = self.place else { return }
        self.lives += 1
        let copy = self.folder.path("\(self.lives)")
        let clock = self.clock
        self.attempt("copy") {
            try Self.copy(place.folder, to: copy)
            self.writer = nil
            let place = try RecordingPlace(path: copy)
            self.place = place
            self.writer = try RecordingWriter(resuming: place) { clock.now() }
        }
        self.gaps = self.missing
        self.waiting = 0
    }

    package func memory(_ speech: [AudioSpan]) -> RecordingMemory {
        guard let place = self.place else { return RecordingMemory() }
        var memory = RecordingMemory()
        self.attempt("remember") { memory = try RecordingReader(place).memory() }
        return memory
    }

    package func verify() -> String? {
        guard let place = self.place else { return self.troubles.first ?? "nothing was made" }
        self.attempt("conclude") { try self.writer?.conclude(isComplete: true) }
        self.attempt("verify") {
            let verification = try RecordingVerification(place)
            if !verification.isSound { self.troubles.append("\(verification.problems) \(verification.damaged)") }
            try self.compare(RecordingReader(place))
        }
        return self.troubles.first
    }

    /// Every sample is the one that was recorded there, or lies in a gap.
    private func compare(_ reader: RecordingReader) throws {
        let end = reader.progress.available
        let read = try reader.samples(at: .zero, count: Int(end.frames))
        var known = KnownSound.samples(of: AudioSpan(start: .zero, end: end), sounds: self.sounds)
        for gap in self.gaps.clamped(to: AudioSpan(start: .zero, end: end)).spans {
            for frame in gap.start.frames..<gap.end.frames { known[Int(frame)] = 0 }
        }
        if read != known { self.troubles.append("other samples than were recorded, of \(end.frames)") }
    }

    private func attempt(_ what: String, _ body: () throws -> Void) {
        do { try body() } catch { self.troubles.append("\(what): \(error)") }
    }

    private static func copy(_ folder: String, to target: String) throws {
        guard mkdir(target, 0o700) == 0 else { throw StoreRefusal.full }
        for name in TemporaryFolder.names(in: folder) where name.hasPrefix("recording.sqlite") {
            guard let input = fopen("\(folder)/\(name)", "rb") else { throw StoreRefusal.full }
            defer { fclose(input) }
            guard let output = fopen("\(target)/\(name)", "wb") else { throw StoreRefusal.full }
            defer { fclose(output) }
            var block = [UInt8](repeating: 0, count: 65_536)
            while case let count = fread(&block, 1, block.count, input), count > 0 { fwrite(block, 1, count, output) }
        }
    }
}
