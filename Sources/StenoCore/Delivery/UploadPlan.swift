/// Which sound goes to a service that takes only so much at once, in how many pieces, and as what.
///
/// Pure: the same recording, speech and limits give the same plan, so it can be made again instead of being kept. Every
/// sample is in exactly one part, no part is longer than the service takes, and a cut lies where nobody speaks wherever
/// there is such a place.
public struct UploadPlan: Hashable, Sendable {
    /// How the sound is written. Raw values are interface: they stand in files and in the setting `connectvets.format`.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case wav, mp3, flac
    }

    /// What a service takes at once.
    public struct Limits: Hashable, Sendable {
        /// Of one file.
        public var bytes: Int64
        /// Frames of 16 kHz audio.
        public var frames: Int64

        public init(bytes: Int64, longest: Duration) {
            self.bytes = min(max(bytes, 0), .max / 1_024)
            let (seconds, attoseconds) = longest.components
            let rate = Int64(SamplePosition.rate)
            self.frames = min(max(seconds, 0), 1_000_000) * rate + attoseconds / (1_000_000_000_000_000_000 / rate)
        }
    }

    public struct Part: Hashable, Sendable {
        public let span: AudioSpan
        /// From 1.
        public let number: Int
        public let count: Int
        public let format: Format

        public init(span: AudioSpan, number: Int, count: Int, format: Format) {
            self.span = span
            self.number = number
            self.count = count
            self.format = format
        }

        /// As in `2/3`; `nil` for what is whole.
        public var label: String? { self.count > 1 ? "\(self.number)/\(self.count)" : nil }
    }

    /// Why a recording is not uploaded.
    public enum Refusal: Error, Hashable, Sendable {
        /// There is no sound.
        case empty
        /// It is longer than the service takes, and the person wants it whole. Frames.
        case tooLong(longest: Int64)
        /// More than ``maximumParts`` parts would be needed.
        case tooManyParts
        /// Not even ``shortestPart`` fits into what the service takes.
        case limitTooLow
    }

    /// Nobody records for so long.
    public static let maximumParts = 200
    /// A service that wants at least 10 s is never given a part of less.
    public static let shortestPart = Int64(10 * SamplePosition.rate)

    public let parts: [Part]

    /// - Parameters:
    ///   - end: of the recording, which begins at zero.
    ///   - format: `nil` lets the size decide: WAV while the whole fits, else MP3.
    ///   - splits: cut what is too long; otherwise it is refused.
    ///   - speech: where somebody speaks, in any order; asked for only when something must be cut.
    public init<Failure>(
        end: SamplePosition,
        format: Format?,
        splits: Bool,
        limits: Limits,
        speech: () throws(Failure) -> [AudioSpan]
    ) throws {
        let frames = end.frames
        guard frames > 0 else { throw Refusal.empty }
        let chosen = format ?? (frames <= Self.longest(.wav, limits) ? .wav : .mp3)
        let longest = Self.longest(chosen, limits)
        guard frames > longest else {
            let span = AudioSpan(start: .zero, end: end)
            self.parts = [Part(span: span, number: 1, count: 1, format: chosen)]
            return
        }
        guard splits else { throw Refusal.tooLong(longest: longest) }
        guard longest >= 2 * Self.shortestPart else { throw Refusal.limitTooLow }
        guard frames / longest < Self.maximumParts else { throw Refusal.tooManyParts }
        let pauses = PauseFinder(speech: try speech(), end: end)
        let spans = Self.spans(end, longest, pauses)
        guard spans.count <= Self.maximumParts else { throw Refusal.tooManyParts }
        self.parts = spans.enumerated().map { index, span in
            Part(span: span, number: index + 1, count: spans.count, format: chosen)
        }
    }

    /// Parts of about the same length, each cut at the best place near its end.
    private static func spans(_ end: SamplePosition, _ longest: Int64, _ pauses: PauseFinder) -> [AudioSpan] {
        var spans: [AudioSpan] = []
        var start = SamplePosition.zero
        while end - start > longest {
            let rest = end - start
            let share = rest / ((rest + longest - 1) / longest)
            // Neither this part nor what is left after it is shorter than a service takes.
            let window = AudioSpan(
                start: start + Self.shortestPart,
                end: min(start + longest, end - Self.shortestPart)
            )
            let cut = pauses.cut(in: window, near: start + share)
            spans.append(AudioSpan(start: start, end: cut))
            start = cut
        }
        return spans + [AudioSpan(start: start, end: end)]
    }

    /// How many frames fit into one file.
    private static func longest(_ format: Format, _ limits: Limits) -> Int64 {
        let capacity =
            switch format {
            // Nobody knows before how small FLAC becomes; at worst it is a little larger than the samples.
            case .wav: (limits.bytes - 128) / 2
            case .flac: (limits.bytes - 16_384) / 1_056 * 512
            // 48 kbit/s: 216 bytes for 576 samples, and a few frames more for the encoder's own delay.
            case .mp3: (limits.bytes - 4_096) / 216 * 576
            }
        return max(0, min(capacity, limits.frames))
    }
}
