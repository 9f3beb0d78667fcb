import CSndfile
import Glibc

/// Decodes every kind that libsndfile knows: FLAC, OGG, MP3, AIFF, compressed WAV and many more.
final class SndfileReader: FrameReader {
    let format: FrameFormat
    let expectedFrames: Int64?
    private(set) var warnings: [AudioWarning.Kind] = []
    private let file: FileHandle
    private let handle: OpaquePointer
    private var framesRead: Int64 = 0

    init(file: consuming FileHandle, path: String) throws(AudioError) {
        // By descriptor and not by name: a name would make libsndfile take files without a header for sound.
        lseek(file.descriptor, 0, SEEK_SET)
        var info = SF_INFO()
        guard let handle = sf_open_fd(file.descriptor, Int32(SFM_READ), &info, 0) else {
            throw AudioError(.unknownKind, path: path, cause: "sf_open_fd: \(sf_error(nil))")
        }
        guard WAVHeader.isPossible(rate: Int(info.samplerate), channels: Int(info.channels)) else {
            sf_close(handle)
            throw AudioError(
                .impossibleFormat(rate: Int(info.samplerate), channels: Int(info.channels)),
                path: path
            )
        }
        self.file = file
        self.handle = handle
        self.format = FrameFormat(rate: Int(info.samplerate), channels: Int(info.channels))
        // A stream that was written into a pipe says 0 or the highest number there is.
        self.expectedFrames = info.frames > 0 && info.frames < .max ? info.frames : nil
    }

    deinit {
        sf_close(self.handle)
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
        let room = buffer.count / self.format.channels
        let count = sf_readf_float(self.handle, buffer.baseAddress, sf_count_t(room))
        if count > 0 {
            self.framesRead += count
            return Int(count)
        }
        self.ended()
        return 0
    }

    private func ended() {
        let missing = (self.expectedFrames ?? 0) - self.framesRead
        if missing > 0 {
            self.warnings = [.truncated(missing: TimelineLength.frames(missing, atRate: self.format.rate))]
        } else if sf_error(self.handle) != 0 {
            self.warnings = [.damaged]
        }
    }
}
