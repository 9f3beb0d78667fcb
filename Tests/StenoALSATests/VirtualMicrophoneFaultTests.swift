import CALSA
import Glibc
import StenoTesting
import Testing

@Suite("The test microphone, when it is taken away, refused or misbehaves")
struct VirtualMicrophoneFaultTests {
    private typealias Refusal = VirtualMicrophoneReader.Refusal

    @Test("Pulled out it is gone for every call, and back it hears on where the clock is")
    func gone() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.gone, at: 1_000)
        do {
            let reader = try VirtualMicrophoneReader(microphone.device)
            try reader.start()
            #expect(reader.collect(frames: 4_000).failure == -ENODEV)
            #expect(reader.state == SND_PCM_STATE_DISCONNECTED)
            #expect(reader.wait(milliseconds: 0) == UInt16(POLLERR | POLLNVAL))
            #expect(reader.read() == .failed(-ENODEV))
            #expect(snd_pcm_prepare(reader.pcm) == -ENODEV)
        }
        #expect(throws: Refusal(code: -ENODEV)) { try VirtualMicrophoneReader(microphone.device) }
        microphone.send(.back)
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        let (samples, _) = reader.collect(frames: 320)
        #expect(microphone.losses.count == 1)
        #expect(CounterSignal.find(samples) == microphone.losses.first?.upperBound)
    }

    @Test("A suspended one resumes when its time is over, and has lost what was said meanwhile")
    func suspend() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.suspend(milliseconds: 50), at: 1_000)
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        let (before, failure) = reader.collect(frames: 4_000)
        #expect(failure == -ESTRPIPE)
        #expect(reader.state == SND_PCM_STATE_SUSPENDED)
        #expect(snd_pcm_resume(reader.pcm) == -EAGAIN)
        var answer = -EAGAIN
        while answer == -EAGAIN { answer = snd_pcm_resume(reader.pcm) }
        #expect(answer == 0)
        let (after, none) = reader.collect(frames: 1_000)
        #expect(none == nil)
        let heard = CounterSignal.stretches(in: before + after)
        #expect(heard.stretches.first == 0..<1_000)
        #expect(heard.rest == 0)
        #expect(microphone.losses == [1_000..<(heard.stretches.last?.lowerBound ?? 0)])
        #expect((microphone.losses.first?.count ?? 0) >= 800)
    }

    @Test("One that cannot resume is prepared instead")
    func suspendWithoutResume() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.suspendWithoutResume, at: 1_000)
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        #expect(reader.collect(frames: 4_000).failure == -ESTRPIPE)
        #expect(snd_pcm_resume(reader.pcm) == -ENOSYS)
        try reader.restart()
        #expect(reader.collect(frames: 320).failure == nil)
    }

    @Test("It is busy or forbidden as often as it was told, and while somebody has it")
    func refusals() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.busy(times: 2))
        for _ in 0..<2 { #expect(throws: Refusal(code: -EBUSY)) { try VirtualMicrophoneReader(microphone.device) } }
        microphone.send(.denied())
        for _ in 0..<2 { #expect(throws: Refusal(code: -EACCES)) { try VirtualMicrophoneReader(microphone.device) } }
        microphone.send(.free)
        let reader = try VirtualMicrophoneReader(microphone.device)
        #expect(throws: Refusal(code: -EBUSY)) { try VirtualMicrophoneReader(microphone.device) }
        #expect(reader.state == SND_PCM_STATE_PREPARED)
    }

    @Test("Reads fail as often as they were told, and lose nothing")
    func failingReads() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.failingReads(2), at: 640)
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        let (first, failure) = reader.collect(frames: 3_000)
        #expect(failure == -EIO)
        #expect(reader.collect(frames: 320).failure == -EIO)
        let (second, none) = reader.collect(frames: 320)
        #expect(none == nil)
        #expect(first + second == CounterSignal.samples(0..<Int64(first.count + second.count)))
    }

    @Test("A spurious wake-up brings nothing, and the audio comes after it")
    func spuriousWakes() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.spuriousWakes(3))
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        var empty = 0
        var samples: [Int16] = []
        while samples.count < 960 {
            let events = reader.wait()
            switch reader.read() {
            case .samples(let more): samples += more
            case .nothing: empty += events == UInt16(POLLIN) ? 1 : 0
            case .failed(let code): throw Refusal(code: code)
            }
        }
        #expect(empty == 3)
        #expect(samples == CounterSignal.samples(0..<Int64(samples.count)))
    }

    @Test("Short deliveries are odd, less than a period, and whole")
    func shortReads() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.shortReads(10))
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        var counts: [Int] = []
        var samples: [Int16] = []
        while counts.count < 20 {
            guard reader.wait() != nil, case .samples(let more) = reader.read() else { continue }
            counts.append(more.count)
            samples += more
        }
        #expect(counts.prefix(10).allSatisfy { $0 % 2 == 1 && $0 <= 320 })
        #expect(counts.suffix(5).allSatisfy { $0 == 320 })
        #expect(samples == CounterSignal.samples(0..<Int64(samples.count)))
    }

    @Test("What it does not understand stands in its journal")
    func refusedCommands() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.zero(frames: -1))
        microphone.send(.xrun, at: -5)
        _ = try VirtualMicrophoneReader(microphone.device)
        #expect(microphone.journal.filter { $0.name == "refused" }.count == 2)
    }
}
