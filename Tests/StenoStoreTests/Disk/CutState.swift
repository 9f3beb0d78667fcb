import StenoAudio
import StenoCore
import StenoTesting

@testable import StenoStore

/// One disk after a power cut, and the recording that is on it.
final class CutState {
    let recording: CutRecording
    private let library: RecordingLibrary
    private let promise: DiskLog.Promise
    /// Where the recording ends there; `nil` when there is none.
    private(set) var end: Int64?

    init(_ disk: WatchedDisk, promise: DiskLog.Promise, recording: CutRecording) {
        self.library = disk.library(isSealed: recording.isSealed)
        self.promise = promise
        self.recording = recording
    }

    /// - Returns: what is wrong, in words; nothing when all is well.
    func check() -> [String] {
        guard let place = self.library.places().first else {
            return self.promise.hasBegun ? ["the recording is not there"] : []
        }
        do {
            let found = try self.checkContent(of: place)
            guard found.isEmpty else { return found }
            let info = try self.library.recover(place)
            return (info.finished == nil ? ["recovered and not finished"] : [])
                + (place.hasCompanions ? ["recovered and not one file"] : [])
                + (info.end.frames == self.end ? [] : ["recovered to another end"])
                + (try self.checkContent(of: place))
        } catch {
            return self.promise.hasBegun ? ["\(error) (\((error as? StoreError)?.cause ?? ""))"] : []
        }
    }

    private func checkContent(of place: RecordingPlace) throws -> [String] {
        var problems: [String] = []
        let verification = try RecordingVerification(place)
        if !verification.isSound { problems.append("\(verification)") }
        let reader = try RecordingReader(place)
        let end = reader.info.end.frames
        self.end = end
        if end < self.promise.durable { problems.append("ends at \(end), durable was \(self.promise.durable)") }
        if end > self.promise.taken { problems.append("ends at \(end), taken was \(self.promise.taken)") }
        let samples = try reader.allSamples()
        if samples != Array(self.recording.truth.prefix(samples.count)) { problems.append("other samples") }
        let events = Int64(try reader.events().count)
        if events < self.promise.events { problems.append("\(events) events of \(self.promise.events)") }
        if self.promise.isConcluded, reader.info.finished == nil { problems.append("concluded and not finished") }
        return problems
    }
}

extension CutRecording.Course {
    /// A full disk keeps what comes in memory meanwhile, which a power cut takes: that is told by an alarm.
    var isFull: Bool { self == .fullForAWhile }
}
