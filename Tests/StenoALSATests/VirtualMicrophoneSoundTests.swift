import CALSA
import Glibc
import StenoTesting
import Testing

@Suite("What the test microphone hears and offers")
struct VirtualMicrophoneSoundTests {
    private typealias Refusal = VirtualMicrophoneReader.Refusal
    private typealias Settings = VirtualMicrophone.Settings

    private func hear(_ settings: Settings, frames: Int, send: [VirtualMicrophone.Command] = []) throws -> [Int16] {
        let microphone = VirtualMicrophone(settings.with { $0.speed = 10 })
        for command in send { microphone.send(command, at: 100) }
        let reader = try VirtualMicrophoneReader(
            microphone.device,
            channels: settings.channels[0],
            buffer: 160_000
        )
        try reader.start()
        return Array(reader.collect(frames: frames).samples.prefix(frames * settings.channels[0]))
    }

    @Test("A recording is heard to the sample, and then what was asked for", arguments: ["silence", "loop", "counter"])
    func recording(ending: String) throws {
        let sound = Signal.tone(440, frames: 1_000)
        let then = try #require(VirtualMicrophone.Ending(rawValue: ending))
        let heard = try self.hear(Settings().with { $0.sound = .samples(sound, then: then) }, frames: 2_000)
        #expect(Array(heard.prefix(1_000)) == sound)
        switch then {
        case .silence: #expect(heard.suffix(1_000).allSatisfy { $0 == 0 })
        case .loop: #expect(Array(heard.suffix(1_000)) == sound)
        case .counter: #expect(Array(heard.suffix(1_000)) == CounterSignal.samples(1_000..<2_000))
        }
    }

    @Test("Two channels are two signals")
    func channels() throws {
        let heard = try self.hear(Settings().with { $0.channels = [2] }, frames: 1_000)
        #expect(heard == CounterSignal.samples(0..<1_000, channels: 2))
    }

    @Test("Digital zero and clipping come where they were asked for")
    func windows() throws {
        let zero = try self.hear(Settings(), frames: 1_000, send: [.zero(frames: 500)])
        #expect(zero[100..<600].allSatisfy { $0 == 0 })
        #expect(Array(zero[600...]) == CounterSignal.samples(600..<1_000))
        let clipped = try self.hear(Settings(), frames: 1_000, send: [.clip(frames: 500)])
        #expect(clipped[100..<600].allSatisfy { $0 == .max || $0 == .min })
    }

    @Test("It offers what it was made to offer and refuses the rest")
    func constraints() throws {
        let settings = Settings().with { ($0.formats, $0.rates, $0.channels) = ([.s32], [44_100, 48_000], [2]) }
        let device = VirtualMicrophone(settings)
        func open(_ format: snd_pcm_format_t, _ rate: UInt32, _ channels: Int) throws {
            _ = try VirtualMicrophoneReader(device.device, format: format, rate: rate, channels: channels)
        }
        try open(SND_PCM_FORMAT_S32_LE, 44_100, 2)
        try open(SND_PCM_FORMAT_S32_LE, 48_000, 2)
        #expect(throws: Refusal(code: -EINVAL)) { try open(SND_PCM_FORMAT_S32_LE, 16_000, 2) }
        #expect(throws: Refusal(code: -EINVAL)) { try open(SND_PCM_FORMAT_S16_LE, 48_000, 2) }
        #expect(throws: Refusal(code: -EINVAL)) { try open(SND_PCM_FORMAT_S32_LE, 48_000, 1) }
    }

    @Test("It keeps to the periods and buffers it has")
    func sizes() throws {
        let microphone = VirtualMicrophone(Settings().with { ($0.period, $0.buffer) = (1_024...1_024, 2_048...2_048) })
        let reader = try VirtualMicrophoneReader(microphone.device)
        #expect((reader.period, reader.buffer) == (1_024, 2_048))
    }

    @Test("Wider samples hold the value in their upper 16 bits", arguments: VirtualMicrophone.Format.allCases)
    func formats(_ format: VirtualMicrophone.Format) throws {
        let microphone = VirtualMicrophone(Settings().with { ($0.formats, $0.speed) = ([format], 10) })
        let native = snd_pcm_format_value(format.rawValue)
        let reader = try VirtualMicrophoneReader(microphone.device, format: native, buffer: 160_000)
        try reader.start()
        while reader.wait() != UInt16(POLLIN) {}
        var bytes = [UInt8](repeating: 0, count: 320 * 4)
        #expect(snd_pcm_readi(reader.pcm, &bytes, 320) == 320)
        let width = Int(snd_pcm_format_physical_width(native)) / 8
        let samples: [Int16] = (0..<320).map { index in
            let sample = bytes[index * width..<(index + 1) * width]
            if format == .float {
                let pattern = sample.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                return Int16(Float(bitPattern: pattern) * 32_768)
            }
            return Int16(bitPattern: sample.suffix(2).reversed().reduce(UInt16(0)) { $0 << 8 | UInt16($1) })
        }
        #expect(samples == CounterSignal.samples(0..<320))
    }
}
