import CSherpa
import Glibc
import Synchronization

/// The loaded speech model, shared by every recogniser of the process.
///
/// Loading takes 0.7 s and 100 MB, so it is done once. English only: speech of another language comes out as fluent
/// English that nobody said.
///
/// - Important: one decode runs at a time; recognisers on other threads wait for it.
/// - Important: `exit` takes the library's globals apart and aborts when a decode still runs: let recognisers come to
///   their end first, or leave by `_exit`.
package final class EngineModel: Sendable {
    /// Processor threads of one decode. More shorten the wait for a final a little and cost more in all.
    package static let threadRange = 1...8

    package let files: EngineFiles
    let library: EngineLibrary
    private let recogniser: Mutex<Recogniser>

    /// - Throws: `refused` when the library or the model does not load.
    package init(files: EngineFiles, threads: Int = 1) throws(EngineError) {
        let library = try EngineLibrary(files: files)
        let wanted = min(max(threads, Self.threadRange.lowerBound), Self.threadRange.upperBound)
        let created = csherpa_recognizer_create(
            library.pointer,
            files.path(EnginePins.encoder),
            files.path(EnginePins.decoder),
            files.path(EnginePins.tokens),
            Int32(wanted)
        )
        guard let created else { throw EngineError(.refused, path: files.folder, cause: "the model was not taken") }
        self.files = files
        self.library = library
        self.recogniser = Mutex(Recogniser(pointer: created))
    }

    /// Shorter audio holds no word, and the library reports an error on stderr when it gets none at all.
    private static let shortestDecode = 1_600

    /// The words in `samples` (16 kHz mono, -1…1). Empty when there are none.
    func words(in samples: UnsafeBufferPointer<Float>) -> [String] {
        guard samples.count >= Self.shortestDecode, let start = samples.baseAddress else { return [] }
        return self.recogniser.withLock { recogniser in
            let decoded = csherpa_recognizer_decode(recogniser.pointer, start, Int32(clamping: samples.count))
            guard let text = decoded else { return [] }
            defer { free(text) }
            return ModelText.words(in: String(cString: text))
        }
    }
}

/// Owns the C recogniser.
///
/// Sendable although it holds a pointer: it lives inside a `Mutex` and is used by whoever holds that, one at a time.
private struct Recogniser: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    deinit {
        csherpa_recognizer_destroy(self.pointer)
    }
}
