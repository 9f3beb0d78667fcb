import StenoTesting
import Testing

@Suite("Device test")
struct DeviceTestTests {
    /// A microphone that hears a steady hiss of -40 dB, again and again.
    private func hissing() -> VirtualMicrophone {
        let samples = Signal.noise(level: -40, frames: 16_000)
        return VirtualMicrophone(.init().with { $0.sound = .samples(samples, then: .loop) })
    }

    @Test("A microphone that works is heard for five seconds, with its level each second, and is good")
    func works() async throws {
        let microphone = self.hissing()
        let result = try await StenoProgram(microphone.environment).run("devices", "--test", "vmic")
        #expect(result.code == 0)
        #expect(
            result.output == """
                Heard 'vmic' for 5 s: -40 dB on average, -35 dB at its peak.
                The microphone gives a usable signal, and nobody speaks.

                """
        )
        #expect(result.errorLines.count >= 3)
        #expect(result.errorLines.allSatisfy { $0.hasPrefix("-40 dB, peak ") && $0.hasSuffix("listening") })
    }

    @Test("A terminal shows the level on one line, which is taken away in the end")
    func terminal() async throws {
        try #require(Terminal.isThere)
        let microphone = self.hissing()
        let terminal = try Terminal(columns: 60)
        let environment = microphone.environment.merging(["TERM": "xterm", "LANG": "nl_NL.UTF-8"]) { $1 }
        let program = try StenoProgram(environment)
        let result = try await program.start(["devices", "--test", "default"], terminal: terminal).result()
        #expect(result.code == 0)
        #expect(result.output.hasPrefix("Heard 'default' for 5 s: "))
        let drawn = result.errors.split(separator: "\r\u{1B}[K", omittingEmptySubsequences: false)
        #expect(drawn.count > 20)
        #expect(drawn.allSatisfy { $0.count < 60 && !$0.contains("\n") })
        #expect(drawn[2].hasPrefix("▁▁"))
        #expect(drawn.last == "")
    }

    @Test("A muted microphone is told plainly, and is not good")
    func muted() async throws {
        let microphone = VirtualMicrophone(.init().with { $0.sound = .samples([], then: .silence) })
        let result = try await StenoProgram(microphone.environment).run("devices", "--test", "vmic", "--quiet")
        #expect(result.code == 65)
        #expect(
            result.output == """
                Heard 'vmic' for 5 s: zero on average, zero at its peak.
                The microphone gives exact zeros: it is muted, or nothing is plugged in. Check its switch and 'alsamixer'.

                """
        )
        #expect(result.errors.isEmpty)
    }

    @Test("A device that is not there is 66, one that may not be used or is busy is 77, and each says what to do")
    func refused() async throws {
        let microphone = VirtualMicrophone()
        let program = try StenoProgram(microphone.environment)
        for name in ["no-such-device", "usb-0000:0000-NONE", "hw:7,0"] {
            let absent = try await program.run("devices", "--test", name)
            #expect(absent.code == 66)
            #expect(absent.errorLines.count == 1 && absent.errors.contains("'\(name)'"))
        }
        microphone.send(.denied())
        let denied = try await program.run("devices", "--test", "vmic")
        #expect(denied.code == 77)
        #expect(denied.errors.contains("audio"))
        microphone.send(.busy())
        let busy = try await program.run("devices", "--test", "vmic")
        #expect(busy.code == 77)
        #expect(busy.output.isEmpty)
    }

    @Test("A microphone that goes away during the test is not good")
    func gone() async throws {
        let microphone = self.hissing()
        microphone.send(.gone, at: 16_000)
        let result = try await StenoProgram(microphone.environment).run("devices", "--test", "vmic")
        #expect(result.code == 66)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("Nothing came from 'vmic'. The microphone is gone."), "\(result.errors)")
    }

    @Test("A list and a test at once are wrong use")
    func both() async throws {
        let result = try await StenoProgram().run("devices", "--json", "--test", "default")
        #expect(result.code == 64)
        #expect(result.output.isEmpty)
    }
}
