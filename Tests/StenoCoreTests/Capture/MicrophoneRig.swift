import StenoCore

/// A microphone that does as it is told, in front of a monitor.
struct MicrophoneRig {
    /// Amplitudes of a room, of speech in it, and of speech that is far too quiet.
    static let room = 60
    static let voice = 6_000
    static let whisper = 60

    var monitor = MicrophoneMonitor()
    private(set) var now = Duration.zero
    private(set) var position = SamplePosition.zero
    /// Everything the monitor said.
    private(set) var changes: [MicrophoneChange] = []
    /// The most changes in any one second.
    private(set) var mostInASecond = 0
    private var recent: [Duration] = []

    /// What it said since this was asked last.
    mutating func news() -> [MicrophoneChange] {
        defer { self.changes = [] }
        return self.changes
    }

    /// Hears `seconds` of a steady sound, in readings of 100 ms.
    mutating func hear(_ seconds: Double, amplitude: Int, offset: Int = 0, clipped: Int64 = 0) {
        for _ in 0..<Int((seconds * 10).rounded()) {
            self.receive(.steady(amplitude: amplitude, offset: offset, clipped: clipped, at: self.position))
        }
    }

    /// Hears somebody speak: four loud readings, then two in which only the room is heard.
    mutating func hearSpeech(_ seconds: Double, amplitude: Int = voice, room: Int = room) {
        for moment in 0..<Int((seconds * 10).rounded()) {
            self.receive(.steady(amplitude: moment % 6 < 4 ? amplitude : room, at: self.position))
        }
    }

    mutating func receive(_ reading: LevelReading) {
        self.now += .seconds(1) * (Double(reading.frames) / Double(SamplePosition.rate))
        self.position = reading.start + reading.frames
        self.receive(.level(reading))
    }

    mutating func receive(_ notice: CaptureNotice) {
        self.note(self.monitor.received(notice, now: self.now))
    }

    /// Nothing comes for so long, and the monitor is asked once a second.
    mutating func waitFor(_ seconds: Int) {
        for _ in 0..<seconds {
            self.now += .seconds(1)
            self.note(self.monitor.timePassed(now: self.now))
        }
    }

    private mutating func note(_ change: MicrophoneChange?) {
        guard let change else { return }
        self.changes.append(change)
        self.recent = self.recent.filter { self.now - $0 < .seconds(1) } + [self.now]
        self.mostInASecond = max(self.mostInASecond, self.recent.count)
    }
}

extension LevelReading {
    /// A square wave around `offset`: the simplest sound of a given height.
    static func steady(
        amplitude: Int,
        offset: Int = 0,
        clipped: Int64 = 0,
        at start: SamplePosition = .zero,
        frames: Int64 = 1_600
    ) -> LevelReading {
        let (count, height, mean) = (Double(frames), Double(min(amplitude, 32_768 - abs(offset))), Double(offset))
        let isZero = amplitude == 0 && offset == 0
        return LevelReading(
            start: start,
            frames: frames,
            peak: clipped > 0 ? 32_768 : min(32_768, amplitude + abs(offset)),
            squares: count * (height * height + mean * mean),
            sum: count * mean,
            clippedFrames: clipped,
            trailingZeros: isZero ? frames : 0
        )
    }
}
