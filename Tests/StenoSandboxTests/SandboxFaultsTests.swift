import StenoSandbox
import Testing

@Suite("Fault switches")
struct SandboxFaultsTests {
    @Test("A switch holds for every event, or for those that are named")
    func occurrences() throws {
        var faults = SandboxFaults()
        try faults.apply("handshake=503@2")
        try faults.apply("juvoly.ready=2s@3-4")
        try faults.apply("ready=never@6+")
        #expect((1...3).map { faults.juvoly.handshake.value(at: $0) } == [.accept, .unavailable, .accept])
        let late = JuvolyFaults.Ready.after(FaultDelay(milliseconds: 2_000))
        #expect(
            (2...7).map { faults.juvoly.ready.value(at: $0) } == [.standard, late, late, .standard, .never, .never]
        )
        try faults.apply("handshake=401")
        #expect(faults.juvoly.handshake.value(at: 2) == .unauthorised)
    }

    @Test("Every kind of value is understood")
    func values() throws {
        var faults = SandboxFaults()
        for text in [
            "drop=byte:64000:1011", "finalise=250ms", "summary=1.5s", "connectvets.outcome=failed", "invox.delay=6.5s",
            "processingSeconds=3", "cdn=403",
        ] {
            try faults.apply(text)
        }
        #expect(faults.juvoly.drop.value(at: 1) == .atByte(64_000, .close(code: 1011)))
        #expect(faults.juvoly.finalise.value(at: 1) == .slow(FaultDelay(milliseconds: 250)))
        #expect(faults.juvoly.summary.value(at: 1) == .after(FaultDelay(milliseconds: 1_500)))
        #expect(faults.connectVets.processingSeconds.value(at: 1) == .seconds(FaultDelay(milliseconds: 3_000)))
        try faults.apply("drop=message:3:silence")
        #expect(faults.juvoly.drop.value(at: 1) == .atMessage(3, .silence))
        try faults.apply("drop=byte:1")
        #expect(faults.juvoly.drop.value(at: 1) == .atByte(1, .reset))
    }

    @Test(
        "A mistake is answered with what is possible",
        arguments: [
            ("handshake", "'handshake' is no fault. Write NAME=VALUE or NAME=VALUE@N; names: juvoly.sessionStatus,"),
            ("nothing=1", "There is no fault 'nothing'. Names: juvoly.sessionStatus, "),
            ("finals=sometimes", "The fault 'finals' does not take 'sometimes'. It takes: once, repeated, "),
            ("drop=byte:0", "The fault 'drop' does not take 'byte:0'. It takes: never, byte:N[:HOW], "),
            ("ready=never@0", "'@0' in 'ready=never@0' is no count. Write @3, @3-5 or @3+."),
            ("ready=never@3-2", "'@3-2' in 'ready=never@3-2' is no count."),
            ("ready=99999999999999999999s", "The fault 'ready' does not take '99999999999999999999s'."),
        ]
    )
    func mistakes(_ text: String, _ expected: String) {
        var faults = SandboxFaults()
        let error = #expect(throws: SandboxError.self) { try faults.apply(text) }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
    }
}
