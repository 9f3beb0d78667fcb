import StenoCore
import Testing

@Suite("Microphone monitor")
struct MicrophoneMonitorTests {
    private typealias Rig = MicrophoneRig

    /// A monitor that knows a working microphone.
    private func workingRig() -> MicrophoneRig {
        var rig = Rig()
        rig.hear(5, amplitude: Rig.room)
        #expect(rig.news() == [MicrophoneChange(.listening, at: .seconds(0.1))])
        return rig
    }

    @Test("Nothing is said before there is evidence")
    func beginning() {
        var rig = Rig()
        rig.waitFor(100)
        rig.receive(.running)
        rig.hear(2.9, amplitude: 0)
        #expect(rig.news() == [])
        #expect(rig.monitor.condition == nil)
        #expect(rig.monitor.alert == .none)
    }

    @Test("A device that is waited for warns at once, and alarms once after a minute, whatever else is wrong with it")
    func noData() {
        var rig = self.workingRig()
        rig.receive(.waiting(.absent))
        #expect(rig.news() == [MicrophoneChange(.noData, .warning, at: .seconds(5))])
        rig.waitFor(30)
        rig.receive(.waiting(.busy))
        rig.waitFor(29)
        #expect(rig.news() == [])
        rig.waitFor(300)
        #expect(rig.news() == [MicrophoneChange(.noData, .alarm, at: .seconds(5), lasting: .seconds(60))])
    }

    @Test("A device that was waited for is believed after a second of data")
    func returned() {
        var rig = self.workingRig()
        rig.receive(.waiting(.stuck))
        _ = rig.news()
        rig.receive(.running)
        rig.hear(0.9, amplitude: Rig.room)
        #expect(rig.news() == [])
        rig.hear(0.1, amplitude: Rig.room)
        #expect(rig.news() == [MicrophoneChange(.listening, at: .seconds(6))])
    }

    @Test("Zeros are said after three seconds of them, and are an alarm after a minute")
    func digitalZero() {
        var rig = self.workingRig()
        rig.hear(2.9, amplitude: 0)
        #expect(rig.news() == [])
        rig.hear(0.1, amplitude: 0)
        #expect(rig.news() == [MicrophoneChange(.digitalZero, .warning, at: .seconds(8), lasting: .seconds(3))])
        rig.hear(56.9, amplitude: 0)
        #expect(rig.news() == [])
        rig.hear(100, amplitude: 0)
        #expect(rig.news() == [MicrophoneChange(.digitalZero, .alarm, at: .seconds(65), lasting: .seconds(60))])
    }

    @Test("A microphone that is muted and unmuted recovers with the first sample, and its next mute is a new episode")
    func unmuted() {
        var rig = self.workingRig()
        for _ in 0..<3 {
            rig.hear(70, amplitude: 0)
            #expect(rig.news().map(\.alert) == [.warning, .alarm])
            rig.hear(0.1, amplitude: Rig.room)
            #expect(rig.news() == [MicrophoneChange(.listening, at: rig.position)])
        }
        rig.hearSpeech(5)
        #expect(rig.news().map(\.condition) == [.speech])
    }

    @Test("A second of zeros between sounds is only a pause")
    func shortZeros() {
        var rig = self.workingRig()
        for _ in 0..<20 {
            rig.hear(2.5, amplitude: 0)
            rig.hear(0.5, amplitude: Rig.room)
        }
        #expect(rig.news() == [])
    }

    @Test("One sample in a reading of zeros ends the run, and zeros are counted to the sample")
    func countedToTheSample() {
        var rig = self.workingRig()
        var reading = LevelReading.steady(amplitude: 0, at: rig.position)
        (reading.peak, reading.squares, reading.sum, reading.trailingZeros) = (1, 1, 1, 800)
        rig.receive(reading)
        rig.hear(2.9, amplitude: 0)
        #expect(rig.news() == [])
        rig.hear(0.1, amplitude: 0)
        #expect(rig.news().map(\.lasting) == [.milliseconds(3_050)])
    }

    @Test("One value all the time is said after three seconds, and is an alarm after a minute")
    func constantOffset() {
        var rig = self.workingRig()
        rig.hear(70, amplitude: 0, offset: -900)
        #expect(
            rig.news() == [
                MicrophoneChange(.constantOffset, .warning, at: .seconds(8), lasting: .seconds(3)),
                MicrophoneChange(.constantOffset, .alarm, at: .seconds(65), lasting: .seconds(60)),
            ]
        )
        rig.hear(1, amplitude: Rig.room, offset: -900)
        #expect(rig.news().map(\.condition) == [.listening])
    }

    @Test("An offset under a usable signal is no fault, and makes it no louder", arguments: [-2_000, 2_000])
    func offsetWithSignal(offset: Int) {
        var rig = Rig()
        rig.hear(5, amplitude: Rig.room, offset: offset)
        #expect(rig.news().map(\.condition) == [.listening])
        for _ in 0..<20 {
            rig.hear(0.4, amplitude: 90, offset: offset)
            rig.hear(0.4, amplitude: 20, offset: offset)
        }
        #expect(rig.news().map(\.condition).last == .tooQuiet)
    }

    @Test("Speech that is far too quiet is said after ten seconds, and a loud word ends it")
    func tooQuiet() {
        var rig = Rig()
        rig.hearSpeech(9.9, amplitude: Rig.whisper, room: 4)
        #expect(rig.news().allSatisfy { $0.alert == .none })
        rig.hearSpeech(200, amplitude: Rig.whisper, room: 4)
        #expect(rig.news() == [MicrophoneChange(.tooQuiet, .warning, at: .seconds(10), lasting: .seconds(10))])
        rig.hear(0.1, amplitude: 150)
        #expect(rig.news() == [])
        rig.hearSpeech(1)
        #expect(rig.news().map(\.condition).last == .speech)
    }

    @Test("A microphone that hears less than an empty room is too quiet, and a quiet room is not")
    func silentRoom() {
        var rig = Rig()
        rig.hear(300, amplitude: 12)
        #expect(rig.news().map(\.condition) == [.listening])
        rig.hear(300, amplitude: 3)
        #expect(rig.news().map(\.condition) == [.tooQuiet])
    }

    @Test("An unmuted microphone is not called too quiet for the time it was muted")
    func muteIsNotQuiet() {
        var rig = Rig()
        rig.hear(30, amplitude: 0)
        rig.hear(5, amplitude: 3)
        #expect(rig.news().map(\.condition) == [.digitalZero, .listening])
    }

    @Test(
        "Half a per cent of three seconds at full scale is clipping, a knock is not, and it ends with a fifth of that"
    )
    func clipping() {
        var rig = self.workingRig()
        rig.hear(0.1, amplitude: Rig.voice, clipped: 200)
        rig.hear(5, amplitude: Rig.room)
        #expect(!rig.news().contains { $0.condition == .clipping })
        rig.hear(3, amplitude: Rig.voice, clipped: 9)
        #expect(rig.news().map(\.condition).last == .clipping)
        #expect(rig.monitor.alert == .warning)
        rig.hear(30, amplitude: Rig.voice, clipped: 3)
        #expect(rig.news() == [])
        rig.hear(4, amplitude: Rig.voice, clipped: 1)
        #expect(rig.news().map(\.condition).count == 1)
        #expect(rig.monitor.alert == .none)
    }

    @Test("Speech is said within a fifth of a second, lasts through pauses, and ends after a second and a half")
    func speech() {
        var rig = self.workingRig()
        rig.hearSpeech(0.2)
        #expect(rig.news() == [MicrophoneChange(.speech, at: .seconds(5.2))])
        rig.hearSpeech(20)
        rig.hear(1.2, amplitude: Rig.room)
        rig.hearSpeech(3)
        rig.hear(1.2, amplitude: Rig.room)
        #expect(rig.news() == [])
        rig.hear(2, amplitude: Rig.room)
        #expect(rig.news().map(\.condition) == [.listening])
    }

    @Test("A noise that begins and stays becomes the room")
    func fan() {
        var rig = self.workingRig()
        rig.hear(60, amplitude: 600)
        #expect(rig.news().map(\.condition) == [.speech, .listening])
    }

    @Test("How the readings are cut makes no difference", arguments: [1, 160, 400])
    func anyPieces(frames: Int64) {
        var rig = Rig()
        for amplitude in [Rig.room, 0, Rig.room] {
            let end = rig.position + 10 * 16_000
            while rig.position < end {
                rig.receive(.steady(amplitude: amplitude, at: rig.position, frames: frames))
            }
        }
        #expect(rig.news().map(\.condition) == [.listening, .digitalZero, .listening])
    }

    @Test("A gap, a pause and a repeated reading change nothing")
    func nothingNew() {
        var rig = self.workingRig()
        let before = rig.monitor.condition
        rig.receive(.gap(start: rig.position, frames: 1_000_000, cause: .overrun))
        rig.receive(.paused(rig.position))
        rig.waitFor(600)
        rig.receive(.resumed(rig.position))
        rig.receive(.level(.steady(amplitude: 0, at: .zero, frames: 900_000)))
        #expect(rig.news() == [])
        #expect(rig.monitor.condition == before)
    }

    @Test("Every condition says what it is, and every bad one what to do")
    func words() {
        for condition in MicrophoneCondition.allCases {
            #expect(!condition.label.isEmpty && condition.label.count <= 12)
            #expect(condition.words.hasPrefix("The microphone ") && condition.words.hasSuffix("."))
            #expect((condition.advice == nil) == (condition == .listening || condition == .speech))
        }
        #expect(
            MicrophoneCondition.digitalZero.words == "The microphone gives exact zeros: it is muted, or nothing is "
                + "plugged in. Check its switch and 'alsamixer'."
        )
    }
}
