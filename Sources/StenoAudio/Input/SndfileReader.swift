import CSndfile
import Glibc

/// Decodes every kind that libsndfile knows: FLAC, OGG, MP3, AIFF, compressed WAV and many more.
///
/// libsndfile ends at the first damage. What lies behind it is real sound as well, so the file is opened anew behind
/// the damage, which itself becomes silence of the same length: everything else stays in its place.
final class SndfileReader: FrameReader {
    /// The first step over damage, in frames, is one block of FLAC; each next one is twice as long.
    private static let firstStep: Int64 = 4_096
    /// Steps before the rest of the file is taken for missing: up to 3 minutes at 48 kHz.
    private static let maximumSteps = 12

    let format: FrameFormat
    let expectedFrames: Int64?
    private(set) var warnings: [AudioWarning.Kind] = []
    private let file: FileHandle
    private var handle: OpaquePointer?
    private var framesRead: Int64 = 0
    /// Frames of silence that stand for damage and were not given yet.
    private var hole: Int64 = 0

    init(file: consuming FileHandle, path: String) throws(AudioError) {
        var info = SF_INFO()
        guard let handle = Self.open(file.descriptor, &info) else {
            throw AudioError(.unknownKind, path: path, cause: "sf_open_fd: \(sf_error(nil))")
        }
        let format = FrameFormat(rate: Int(info.samplerate), channels: Int(info.channels))
        guard WAVHeader.isPossible(rate: format.rate, channels: format.channels) else {
            sf_close(handle)
            throw AudioError(.impossibleFormat(rate: format.rate, channels: format.channels), path: path)
        }
        self.file = file
        self.handle = handle
        self.format = format
        // A stream that was written into a pipe says 0 or the highest number there is.
        self.expectedFrames = info.frames > 0 && info.frames < .max ? info.frames : nil
    }

    deinit {
        sf_close(self.handle)
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
        let room = buffer.count / self.format.channels
        if self.hole == 0 {
            let count = sf_readf_float(self.handle, buffer.baseAddress, sf_count_t(room))
            if count > 0 {
                self.framesRead += count
                return Int(count)
            }
            self.hole = self.stepOverDamage()
        }
        guard self.hole > 0 else { return 0 }
        let count = Int(min(self.hole, Int64(room)))
        buffer[..<(count * self.format.channels)].update(repeating: 0)
        self.hole -= Int64(count)
        self.framesRead += Int64(count)
        return count
    }

    /// Looks for sound behind the place where decoding ended, and returns how far it is; 0 when there is none.
    private func stepOverDamage() -> Int64 {
        let missing = (self.expectedFrames ?? self.framesRead) - self.framesRead
        guard missing > 0 else { return 0 }
        var step = Self.firstStep
        for _ in 0..<Self.maximumSteps where step < missing {
            if self.reopen(at: self.framesRead + step) {
                self.warnings = [.damaged]
                return step
            }
            step *= 2
        }
        self.warnings.append(.truncated(missing: TimelineLength.frames(missing, atRate: self.format.rate)))
        return 0
    }

    /// Whether there is sound at `frame`; the next read then begins there. The decoder that met damage is of no use.
    private func reopen(at frame: Int64) -> Bool {
        var info = SF_INFO()
        sf_close(self.handle)
        self.handle = Self.open(self.file.descriptor, &info)
        guard self.handle != nil, sf_seek(self.handle, frame, SEEK_SET) == frame else { return false }
        var probe = [Float](repeating: 0, count: self.format.channels)
        let hasSound = Int(info.channels) == self.format.channels && sf_readf_float(self.handle, &probe, 1) == 1
        return hasSound && sf_seek(self.handle, frame, SEEK_SET) == frame
    }

    /// By descriptor and not by name: a name would make libsndfile take files without a header for sound.
    private static func open(_ descriptor: Int32, _ info: inout SF_INFO) -> OpaquePointer? {
        lseek(descriptor, 0, SEEK_SET)
        return sf_open_fd(descriptor, Int32(SFM_READ), &info, 0)
    }
}
