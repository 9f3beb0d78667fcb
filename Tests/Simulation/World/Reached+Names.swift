import StenoCore

// The numbers under which pairs are counted, and their names.
extension Reached {
    static let captureStates = ["idle", "running", "recovering", "waiting", "stopping", "stopped"]
    enum CaptureEvent: Int, CaseIterable {
        case started, performed, readable, elapsed, waitFault, found, nothing, lookFault, read, readNothing, readFault
        case restarted, restartFailed, resumed, notResumed, resumeFailed, opened, notOpened
        case pause, resume, stop
    }

    static let sessionStates = [
        "idle", "creatingSession", "dialling", "awaitingReady", "streaming", "draining", "summarising", "waiting",
        "closed",
    ]
    enum SessionEvent: Int, CaseIterable {
        case start, created, refusedTicket, wrongRequest, throttledTicket, transientTicket
        case opened, dial401, dial429, dial5xx, dialOther, ready, closedNormal, closedRefusal, closedError, lost
        case audio, audioEnded, unwritable, writable, pong, message, summary, withheld, sent
        case readyTimer, pingTimer, pongTimer, retryTimer, drainTimer, summaryTimer, giveUpTimer, staleTimer
        case stop, stopAtOnce
        case handOverTimer, standbyTimer, standbyCreated, standbyFailed, standbyOpened, standbyReady, handedOver
    }

    static let pacerStates = ["unlimited", "realTime", "following"]
    enum PacerEvent: Int, CaseIterable { case allowed, held }

    static let transcriptStates = ["listening", "dictating", "finished"]
    enum TranscriptEvent: Int, CaseIterable {
        case opened, lost, interimNew, interimOpen, interimLate, completedNew, completedOpen, completedAgain, empty
        case untimed, finished, resumed
    }

    static let coverageStates = ["no speech", "all confirmed", "awaiting", "given up"]
    enum CoverageEvent: Int, CaseIterable {
        case captured, missed, spoke, sent, confirmed, heard, broke, resumed
    }

    static let storeStates = ["writing", "committing", "full", "behind"]
    enum StoreEvent: Int, CaseIterable { case row, gap, refused, settled, full, free, newFile, died, resumed }

    private static func names(_ machine: Machine) -> (states: [String], events: [String]) {
        switch machine {
        case .capture: (Self.captureStates, CaptureEvent.allCases.map { "\($0)" })
        case .session: (Self.sessionStates, SessionEvent.allCases.map { "\($0)" })
        case .pacer: (Self.pacerStates, PacerEvent.allCases.map { "\($0)" })
        case .transcript: (Self.transcriptStates, TranscriptEvent.allCases.map { "\($0)" })
        case .coverage: (Self.coverageStates, CoverageEvent.allCases.map { "\($0)" })
        case .store: (Self.storeStates, StoreEvent.allCases.map { "\($0)" })
        }
    }

    /// One table for each machine: events down, states across. A dash is a pair that did not come up.
    package var tables: String {
        Machine.allCases.enumerated().map { index, machine in
            let (states, events) = Self.names(machine)
            var reached = 0
            var lines = ["| \(machine.rawValue) | " + states.joined(separator: " | ") + " |"]
            lines.append("|" + String(repeating: " --- |", count: states.count + 1))
            for (event, name) in events.enumerated() {
                let row = states.indices.map { self[index, $0, event] }
                reached += row.count { $0 > 0 }
                lines.append("| \(name) | " + row.map { $0 > 0 ? "\($0)" : "–" }.joined(separator: " | ") + " |")
            }
            return "\(machine.rawValue): \(reached) pairs\n\n" + lines.joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }
}
