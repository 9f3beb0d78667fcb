import StenoCore

/// Which events met which machine in which state, and how often.
package struct Reached: Sendable {
    package enum Machine: String, CaseIterable, Sendable {
        case capture, session, pacer, transcript, coverage, store
    }

    private var table = [Int](repeating: 0, count: Machine.allCases.count * Self.states * Self.events)
    private static let states = 16
    private static let events = 48

    package init() {}

    mutating func note(_ machine: Int, _ state: Int, _ event: Int) {
        self.table[(machine * Self.states + state) * Self.events + event] += 1
    }

    package mutating func add(_ other: Reached) {
        for index in self.table.indices { self.table[index] += other.table[index] }
    }

    subscript(machine: Int, state: Int, event: Int) -> Int {
        self.table[(machine * Self.states + state) * Self.events + event]
    }

    /// The numbers, to be written down and read again.
    package var numbers: [Int] {
        get { self.table }
        set { if newValue.count == self.table.count { self.table = newValue } }
    }

    package var total: Int { self.table.reduce(0, +) }
}
