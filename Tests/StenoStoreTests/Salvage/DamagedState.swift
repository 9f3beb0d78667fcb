import GRDB
import StenoAudio
import StenoCore
import StenoTesting

@testable import StenoStore

/// One damaged recording, and what recovering it came to.
final class DamagedState {
    enum Outcome {
        /// With so many frames that were recorded and are missing.
        case salvaged(Int64)
        case untouched, empty, refused
    }

    private let recording: RichRecording
    private let place: RecordingPlace
    private let library: RecordingLibrary
    private let damage: DamagedFile
    private(set) var outcome = Outcome.untouched

    init(_ recording: RichRecording, _ place: RecordingPlace, home: String, _ damage: DamagedFile) {
        self.recording = recording
        self.place = place
        self.library = RecordingLibrary(home: home, vault: place.vault) { RecordingFixture.begun + 100_000 }
        self.damage = damage
    }

    /// - Returns: what is wrong, in words; nothing when all is well.
    func check() -> [String] {
        let told = self.told()
        let info: RecordingInfo
        do throws(StoreError) {
            // Looking at it may fail, but not trap, and it changes nothing.
            _ = try? RecordingVerification(self.place)
            info = try self.library.recover(self.place)
        } catch {
            self.outcome = .refused
            let isRefusal = error.reason == .notARecording || error.code == .foreign
            return (isRefusal ? [] : ["\(error) (\(error.cause ?? ""))"])
                + (self.isUnchanged("") ? [] : ["refused and changed"])
        }
        if info.salvage != nil {
            self.outcome = .salvaged(info.unreadable.frames)
        } else if !info.setAside.isEmpty {
            self.outcome = .empty
        }
        do {
            return try self.checkKept(info, told: told) + self.checkSamples() + self.checkWords()
                + self.checkAgain(info)
        } catch {
            return ["\(error) (\((error as? StoreError)?.cause ?? ""))"]
        }
    }

    /// The length by what coverage tells before anybody has touched it.
    private func told() -> Int64 {
        let file = try? Connection.suspect(self.place.file(part: 1), name: self.place.id)
        let total = try? file?.inDatabase { try RecordingInfo.number("coverage_total", in: $0) }
        return total.flatMap(\.self) ?? 0
    }

    private func isUnchanged(_ suffix: String) -> Bool {
        let path = self.place.file(part: 1) + suffix
        return PrivateFiles.content(of: path, limit: 1 << 26) == self.damage.bytes
            && (PrivateFiles.content(of: path + "-wal", limit: 1 << 26) ?? []) == self.damage.log
    }

    private func checkKept(_ info: RecordingInfo, told: Int64) -> [String] {
        var problems: [String] = []
        if !info.setAside.isEmpty, !self.isUnchanged(".bad") { problems.append("what was set aside has changed") }
        if info.finished == nil { problems.append("recovered and not finished") }
        if info.coverage?.total != info.end { problems.append("coverage ends at \(info.coverage?.total.frames ?? -1)") }
        guard info.salvage != nil else { return problems }
        // A number may have become larger by the damage.
        if info.end.frames < min(told, RichRecording.frames) { problems.append("ends at \(info.end.frames)") }
        return problems
    }

    private func checkSamples() throws -> [String] {
        let verification = try RecordingVerification(self.place)
        guard verification.trouble == nil else { return [] }
        let reader = try RecordingReader(self.place)
        let missing = (reader.info.coverage?.missing ?? SpanSet()).union(verification.damaged).union(verification.holes)
        let truth = RichRecording.truth
        let end = min(reader.info.end.frames, RichRecording.frames)
        var position: Int64 = 0
        for gap in missing.spans + [AudioSpan(end..<end)] {
            let stretch = AudioSpan(start: .init(frames: position), end: min(gap.start, .init(frames: end)))
            position = gap.end.frames
            guard !stretch.isEmpty else { continue }
            let samples = try reader.samples(stretch)
            guard samples == Array(truth[Int(stretch.start.frames)..<Int(stretch.end.frames)]) else {
                return ["other samples in \(stretch)"]
            }
        }
        return []
    }

    private func checkWords() throws -> [String] {
        // Nothing guards a text that is not sealed.
        guard self.recording.isSealed else { return [] }
        let verification = try RecordingVerification(self.place)
        guard verification.trouble == nil else { return [] }
        let reader = try RecordingReader(self.place)
        guard !self.isEmpty else { return [] }
        let found = try reader.utterances()
        var problems: [String] = []
        for utterance in found where !RichRecording.utterances.contains(utterance) {
            problems.append("another text at \(utterance.span)")
        }
        if found.count < RichRecording.utterances.count, verification.problems.isEmpty {
            problems.append("text lost untold")
        }
        if let salvage = reader.info.salvage, !salvage.isDamaged("utterances"),
            found.count + verification.problems.count < RichRecording.utterances.count
        {
            problems.append("\(found.count) texts, and none is said to be lost")
        }
        return problems
    }

    private var isEmpty: Bool { if case .empty = self.outcome { true } else { false } }

    private func checkAgain(_ info: RecordingInfo) throws -> [String] {
        let path = self.place.file(part: 1)
        let before = PrivateFiles.content(of: path, limit: 1 << 26)
        guard try self.library.recover(self.place) == info else { return ["recovered again, it is another one"] }
        return PrivateFiles.content(of: path, limit: 1 << 26) == before ? [] : ["recovered again, its file is another"]
    }
}

extension RecordingReader {
    /// One stretch of it.
    func samples(_ span: AudioSpan) throws(AudioError) -> [Int16] {
        var samples: [Int16] = []
        while samples.count < Int(span.frames) {
            var piece = [Int16](repeating: 0, count: min(Int(span.frames) - samples.count, 16_000))
            let count = try piece.withUnsafeMutableBufferPointer { buffer throws(AudioError) in
                try self.read(at: span.start + Int64(samples.count), into: buffer)
            }
            guard count > 0 else { break }
            samples += piece[..<count]
        }
        return samples
    }
}
