import StenoCore
import Testing

@testable import StenoStore

@Suite("Facts on their way to the disk")
struct FactInboxTests {
    private static func event(_ number: Int) -> RecordingFact {
        .event(RecordingEvent("\(number)", at: .zero, time: Int64(number)))
    }

    private static func isCoverage(_ fact: RecordingFact) -> Bool {
        if case .coverage = fact { true } else { false }
    }

    private func full() -> FactInbox {
        var inbox = FactInbox()
        for number in 0..<RecordingWriter.factLimit { _ = inbox.add(Self.event(number)) }
        return inbox
    }

    @Test("Only the last coverage waits, and it comes after everything that it counts")
    func last() {
        var inbox = FactInbox()
        for number in 1...3 {
            _ = inbox.add(.coverage(CoverageStateMachine()))
            _ = inbox.add(Self.event(number))
        }
        let first = inbox.take(atMost: 2)
        let second = inbox.take(atMost: 2)
        let third = inbox.take(atMost: 2)
        #expect(first.map(Self.isCoverage) == [false, false])
        #expect(second.map(Self.isCoverage) == [false, true])
        #expect(third.isEmpty)
    }

    @Test("As many facts as the bound says wait, and not one more")
    func bound() {
        var inbox = self.full()
        let isTaken = inbox.add(Self.event(0))
        #expect(!isTaken)
        let count = inbox.take(atMost: .max).count
        #expect(count == RecordingWriter.factLimit)
    }

    @Test("When a fact had to be refused no coverage is taken any more: it may count words that were not kept")
    func refused() {
        var inbox = self.full()
        _ = inbox.add(Self.event(0))
        let isTakenThen = inbox.add(.coverage(CoverageStateMachine()))
        _ = inbox.take(atMost: .max)
        let isTakenLater = inbox.add(.coverage(CoverageStateMachine()))
        let isFactTaken = inbox.add(Self.event(1))
        #expect(!isTakenThen && !isTakenLater && isFactTaken)
        let count = inbox.take(atMost: .max).count
        #expect(count == 1)
    }
}
