import StenoWire
import Testing

@Suite("WebSocket lifecycle")
struct WebSocketLifecycleTests {
    private enum Step {
        case close
        case closeFrame(UInt16?)
        case fault
        case timeOut
        case abort
        case end
    }

    /// The steps after which a close frame is sent, and how the connection ended.
    private struct Outcome: Equatable {
        var sends: [Int] = []
        var ends: [WebSocketEnd] = []
        var isOpen = true
        var isReading = true
    }

    private static let fault = FrameReading([0xFF]).fault!

    private func run(_ steps: [Step]) -> Outcome {
        var lifecycle = WebSocketLifecycle()
        var outcome = Outcome()
        for (index, step) in steps.enumerated() {
            var sends = false
            switch step {
            case .close: sends = lifecycle.closeRequested()
            case .closeFrame(let code): sends = lifecycle.closeReceived(code: code)
            case .fault: sends = lifecycle.faultFound(Self.fault)
            case .timeOut: lifecycle.timedOut()
            case .abort: lifecycle.aborted()
            case .end: if let end = lifecycle.connectionEnded() { outcome.ends.append(end) }
            }
            if sends { outcome.sends.append(index) }
        }
        outcome.isOpen = lifecycle.isOpen
        outcome.isReading = lifecycle.isReading
        return outcome
    }

    @Test("A new connection is open and reads")
    func open() {
        #expect(self.run([]) == Outcome())
    }

    @Test("A close from there is answered once and ends clean")
    func closedThere() {
        let outcome = self.run([.closeFrame(1001), .closeFrame(1000), .close, .fault, .end])
        let end = WebSocketEnd(code: 1001, cause: .closedThere)
        #expect(outcome == Outcome(sends: [0], ends: [end], isOpen: false, isReading: false))
        #expect(end.wasClean)
    }

    @Test("A close from here is sent once, and ends clean when it is answered")
    func closedHere() {
        let outcome = self.run([.close, .close, .closeFrame(1000), .end])
        let end = WebSocketEnd(code: 1000, cause: .closedHere)
        #expect(outcome == Outcome(sends: [0], ends: [end], isOpen: false, isReading: false))
        #expect(end.wasClean)
    }

    @Test("Messages that come before the answer to our close are still read")
    func readsOn() {
        #expect(self.run([.close]) == Outcome(sends: [0], isOpen: false, isReading: true))
    }

    @Test("A close without answer is not clean, whether the connection breaks or the time is over")
    func unanswered() {
        let late = self.run([.close, .timeOut, .end]).ends
        #expect(late == [WebSocketEnd(code: nil, cause: .unanswered)])
        #expect(late.first?.wasClean == false)
        #expect(self.run([.close, .end]).ends == [WebSocketEnd(code: nil, cause: .lost)])
    }

    @Test("A fault is answered with a close frame, but not after one of ours")
    func faults() {
        let end = WebSocketEnd(code: nil, cause: .fault(Self.fault))
        let outcome = self.run([.fault, .fault, .close, .closeFrame(1000), .end])
        #expect(outcome == Outcome(sends: [0], ends: [end], isOpen: false, isReading: false))
        #expect(self.run([.close, .fault, .end]).sends == [0])
        #expect(self.run([.close, .fault, .timeOut, .end]).ends == [end])
    }

    @Test("A connection that breaks is lost, one that was dropped here is aborted")
    func ends() {
        #expect(self.run([.end]).ends == [WebSocketEnd(code: nil, cause: .lost)])
        #expect(self.run([.abort, .end]).ends == [WebSocketEnd(code: nil, cause: .aborted)])
    }

    @Test("The end is told once, and nothing happens after it")
    func onlyOnce() {
        let outcome = self.run([.end, .end, .close, .closeFrame(nil), .fault, .end])
        #expect(outcome.sends.isEmpty)
        #expect(outcome.ends.count == 1)
        #expect(!outcome.isOpen && !outcome.isReading)
    }

    @Test("A server that answered but does not end the connection has still closed clean")
    func lateEnd() {
        #expect(self.run([.close, .closeFrame(1000), .timeOut, .end]).ends.first?.wasClean == true)
    }
}
