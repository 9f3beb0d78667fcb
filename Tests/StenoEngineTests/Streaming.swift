import StenoCore

@testable import StenoEngine

extension LocalRecognizer {
    /// Hears all of `samples` in pieces, and then the end.
    func hear(_ samples: [Int16], piece: Int = 1_600, isBehind: Bool = false) throws -> [TranscriptUpdate] {
        var updates: [TranscriptUpdate] = []
        for start in stride(from: 0, to: samples.count, by: piece) {
            let part = Array(samples[start..<min(start + piece, samples.count)])
            updates += try part.withUnsafeBufferPointer { try self.accept($0, isBehind: isBehind) }
        }
        return updates + (try self.finish())
    }
}

extension SpeechDetector {
    func hear(_ samples: [Int16], piece: Int = 1_600) throws -> [AudioSpan] {
        var spans: [AudioSpan] = []
        for start in stride(from: 0, to: samples.count, by: piece) {
            let part = Array(samples[start..<min(start + piece, samples.count)])
            spans += try part.withUnsafeBufferPointer { try self.accept($0) }
        }
        return spans + self.finish()
    }
}

extension [TranscriptUpdate] {
    var completed: [TranscriptUpdate] { self.filter(\.isCompleted) }
    var text: String { self.completed.map(\.sentence).joined(separator: " ") }
}
