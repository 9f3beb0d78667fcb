import CSherpa

/// Silero behind sherpa-onnx's detector: windows in, finished stretches of speech out. Positions count from the last
/// reset.
///
/// Not `Sendable`: one thread at a time.
final class SileroDetector {
    /// Frames of one window; the model takes no other number.
    static let window = 512
    /// The model looks at this many frames before a window too, so it is always one window late.
    static let overlap = 64

    private let library: EngineLibrary
    private let pointer: OpaquePointer

    init(library: EngineLibrary, files: EngineFiles, settings: SpeechSettings) throws(EngineError) {
        let rate = Float(16_000)
        let created = csherpa_detector_create(
            library.pointer,
            files.path(EnginePins.speechDetector),
            csherpa_detector_settings(
                threshold: settings.threshold,
                minimum_silence: Float(settings.minimumSilence) / rate,
                minimum_speech: Float(settings.minimumSpeech) / rate,
                maximum_speech: Float(settings.softLimit) / rate
            )
        )
        guard let created else {
            throw EngineError(.refused, path: files.folder, cause: "the speech detector was not taken")
        }
        self.library = library
        self.pointer = created
    }

    deinit {
        csherpa_detector_destroy(self.pointer)
    }

    var isSpeech: Bool { csherpa_detector_is_speech(self.pointer) != 0 }

    func accept(_ samples: UnsafeBufferPointer<Float>) {
        guard let start = samples.baseAddress else { return }
        csherpa_detector_accept(self.pointer, start, Int32(clamping: samples.count))
    }

    /// Takes out the earliest finished stretch.
    func next() -> Range<Int64>? {
        var start: Int64 = 0
        var count: Int64 = 0
        guard csherpa_detector_pop(self.pointer, &start, &count) != 0, count > 0 else { return nil }
        return start..<start + count
    }

    /// Finishes the open stretch where it is.
    func flush() { csherpa_detector_flush(self.pointer) }

    /// Forgets everything and counts from 0 again.
    func reset() { csherpa_detector_reset(self.pointer) }
}
