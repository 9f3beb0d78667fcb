extension VirtualMicrophone {
    /// The formats it can be made to offer. Others are refused, as by hardware.
    package enum Format: String, CaseIterable, Sendable {
        case s16 = "S16_LE", s24 = "S24_3LE", s32 = "S32_LE", float = "FLOAT_LE"
    }

    /// What it hears.
    package enum Sound: Sendable {
        /// `CounterSignal`, for ever.
        case counter
        /// 16-bit samples, interleaved where there are channels; for a microphone that offers `.s16` alone.
        case samples([Int16], then: Ending)
        /// Raw frames in the one format it offers.
        case file(String, then: Ending)
    }

    package enum Ending: String, Sendable {
        case silence, loop, counter
    }

    /// Every setting has the value of a plain 16 kHz mono microphone, so that what a test sets is what matters.
    package struct Settings: Sendable {
        package var sound = Sound.counter
        package var formats: [Format] = [.s16]
        package var rates: [Int] = [16_000]
        package var channels: [Int] = [1]
        /// How fast its clock goes: 50 for a quick test, 1.0005 for one that is 500 ppm ahead.
        package var speed = 1.0
        /// The position it tells is a multiple of this many frames, as with hardware that reports by block.
        package var granularity = 1
        /// Frames per period and per buffer that it agrees to.
        package var period = 16...65_536
        package var buffer = 64...1_048_576

        package init() {}

        /// A copy with some settings changed.
        package func with(_ change: (inout Settings) -> Void) -> Settings {
            var copy = self
            change(&copy)
            return copy
        }

        func text(in folder: TemporaryFolder) -> String {
            let heard: String =
                switch self.sound {
                case .counter: "after counter"
                case .samples(let samples, let ending):
                    "infile \"\(folder.write(samples.flatMap { WAVFixture.bytes($0) }, to: "sound"))\"\nafter \(ending)"
                case .file(let path, let ending): "infile \"\(path)\"\nafter \(ending)"
                }
            return """
                control "\(folder.path("control"))"
                journal "\(folder.path("journal"))"
                \(heard)
                format "\(self.formats.map(\.rawValue).joined(separator: " "))"
                rate "\(Self.list(self.rates))"
                channels "\(Self.list(self.channels))"
                speed "\(self.speed)"
                granularity \(self.granularity)
                period_min \(self.period.lowerBound)
                period_max \(self.period.upperBound)
                buffer_min \(self.buffer.lowerBound)
                buffer_max \(self.buffer.upperBound)

                """
        }

        private static func list(_ numbers: [Int]) -> String {
            numbers.map(String.init).joined(separator: " ")
        }
    }
}
