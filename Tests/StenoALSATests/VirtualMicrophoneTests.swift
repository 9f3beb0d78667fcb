import CALSA
import Glibc
import StenoTesting
import Testing

@Suite("The test microphone")
struct VirtualMicrophoneTests {
    private static let quick = VirtualMicrophone.Settings().with { $0.speed = 10 }

    /// Reads on through whatever happens until the timeline is past `frame`, restarting where that helps.
    private func run(_ reader: VirtualMicrophoneReader, to frame: Int64) throws -> [Range<Int64>] {
        var samples: [Int16] = []
        try reader.start()
        while (CounterSignal.find(samples.suffix(8)) ?? 0) < frame {
            let (more, failure) = reader.collect(frames: 1_000)
            samples += more
            if failure != nil { try reader.restart() }
        }
        let (stretches, rest) = CounterSignal.stretches(in: samples)
        #expect(rest == 0)
        return stretches
    }

    /// What lies before and between stretches.
    private func holes(_ stretches: [Range<Int64>]) -> [Range<Int64>] {
        zip([0..<0] + stretches, stretches).map { $0.upperBound..<$1.lowerBound }.filter { !$0.isEmpty }
    }

    @Test("Every frame comes once, in order, from the first")
    func wholeSignal() throws {
        let microphone = VirtualMicrophone(Self.quick)
        let reader = try VirtualMicrophoneReader(microphone.device, buffer: 160_000)
        try reader.start()
        let (samples, failure) = reader.collect(frames: 16_000)
        #expect(failure == nil)
        #expect(samples == CounterSignal.samples(0..<Int64(samples.count)))
        #expect(microphone.losses.isEmpty)
    }

    @Test("An overrun loses what was in the buffer, and the clock goes on")
    func overrun() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.xrun, at: 4_000)
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        let (before, failure) = reader.collect(frames: 8_000)
        #expect(failure == -EPIPE)
        #expect(reader.state == SND_PCM_STATE_XRUN)
        #expect(reader.wait(milliseconds: 0) == UInt16(POLLIN | POLLERR))
        try reader.restart()
        let (after, none) = reader.collect(frames: 1_000)
        #expect(none == nil)
        let heard = CounterSignal.stretches(in: before + after)
        #expect(heard.rest == 0)
        #expect(before.count <= 4_000)
        #expect(microphone.losses == self.holes(heard.stretches))
    }

    @Test("Who does not read in time has an overrun, without any command")
    func realOverrun() throws {
        let microphone = VirtualMicrophone(Self.quick)
        let reader = try VirtualMicrophoneReader(microphone.device, buffer: 3_200)
        try reader.start()
        while reader.wait() == UInt16(POLLIN) {}
        #expect(reader.state == SND_PCM_STATE_XRUN)
        #expect(reader.read() == .failed(-EPIPE))
        try reader.restart()
        let (samples, _) = reader.collect(frames: 320)
        #expect(microphone.losses.count == 1)
        #expect(CounterSignal.find(samples) == microphone.losses.first?.upperBound)
    }

    @Test("Fifty overruns are fifty known losses")
    func manyOverruns() throws {
        let microphone = VirtualMicrophone(Self.quick)
        for count in 1...50 { microphone.send(.xrun, at: Int64(count) * 1_000) }
        let reader = try VirtualMicrophoneReader(microphone.device)
        let stretches = try self.run(reader, to: 51_000)
        #expect(self.holes(stretches) == microphone.losses)
        #expect(microphone.journal.filter { $0.name == "xrun" }.count >= 50)
    }

    @Test("A stall swallows exactly its time, and says nothing")
    func stall() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.stall(milliseconds: 250), at: 2_000)
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        let (samples, failure) = reader.collect(frames: 4_000)
        #expect(failure == nil)
        let heard = CounterSignal.stretches(in: samples)
        #expect(heard.stretches.first == 0..<2_000)
        #expect(heard.stretches.last?.lowerBound == 6_000)
        #expect(microphone.losses == [2_000..<6_000])
    }

    @Test("While it stalls, nobody is woken")
    func quietStall() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.stall(milliseconds: 60_000), at: 320)
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        _ = reader.collect(frames: 320)
        while let events = reader.wait(milliseconds: 100) { #expect(events == 0) }
        #expect(reader.state == SND_PCM_STATE_RUNNING)
        microphone.send(.gone)
        #expect(reader.wait() == UInt16(POLLERR | POLLNVAL))
    }

    @Test("What is late comes all at once and whole")
    func late() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.late(milliseconds: 200), at: 2_000)
        let reader = try VirtualMicrophoneReader(microphone.device)
        let stretches = try self.run(reader, to: 8_000)
        #expect(stretches.count == 1)
        #expect(microphone.losses.isEmpty)
    }

    @Test("A clock that is 500 ppm ahead is 500 ppm ahead, by position and time of the status")
    func drift() throws {
        let microphone = VirtualMicrophone(.init().with { ($0.speed, $0.rates) = (1.0005, [48_000]) })
        let reader = try VirtualMicrophoneReader(microphone.device, rate: 48_000, buffer: 48_000)
        try reader.start()
        let first = reader.status(read: 0, rate: 48_000)
        let count = reader.collect(frames: 36_000).samples.count
        let last = reader.status(read: count, rate: 48_000)
        let rate = Double(last.position - first.position) / Double(last.time - first.time) * 1e9
        #expect(abs(rate / 48_000 - 1.0005) < 0.0001)
    }
}
