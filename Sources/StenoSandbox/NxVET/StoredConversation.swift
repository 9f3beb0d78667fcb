import NIOCore
import StenoWire

/// One conversation of the NxVET stand-in.
struct StoredConversation: Hashable, Sendable {
    enum Status: String, CaseIterable, Hashable, Sendable {
        case active = "ACTIVE"
        case completed = "COMPLETED"
        case processing = "PROCESSING"
        case uploaded = "UPLOADED"
        case failed = "FAILED"
        case filtered = "FILTERED"
    }

    /// What it went through.
    enum Life: Hashable, Sendable {
        /// It stays as it is.
        case still(Status)
        case completed(at: NIODeadline, NxVETFaults.Outcome)
    }

    var id: String
    var device: SandboxDevice
    /// Milliseconds since 1970.
    var from: Int
    var to: Int
    var made: Int
    var life: Life

    /// The contract's model (6.1), with the times of the configuration.
    func status(at now: NIODeadline, pending: TimeAmount, processing: TimeAmount) -> Status {
        switch self.life {
        case .still(let status): return status
        case .completed(let start, let outcome):
            if now < start + pending { return .uploaded }
            if outcome == .stuck || now < start + pending + processing { return .processing }
            switch outcome {
            case .completed: return .completed
            case .failed: return .failed
            case .filtered: return .filtered
            case .stuck: return .processing
            }
        }
    }

    /// What an event says of it.
    var eventData: JSONValue { ["deviceId": .string(self.device.id), "conversationId": .string(self.id)] }

    var isOpen: Bool { self.life == .still(.active) }
}

/// What a device heard in one minute: invented, and always the same for the same minute.
struct SandboxMinute: Hashable, Sendable {
    /// Minutes since 1970.
    var number: Int

    /// The first half of every hour, but for each seventh minute of it.
    var isSilent: Bool { self.number % 60 >= 30 || self.number % 7 == 0 }

    var speech: Int { self.isSilent ? 0 : 20_000 + self.number * 7_919 % 40_001 }

    var text: String? {
        self.isSilent ? nil : "\(PlainNote.label)Speech at \(WallTime.text(secondsSince1970: self.number * 60))."
    }

    /// Every minute that the range touches.
    static func all(from: Int, to: Int) -> [SandboxMinute] {
        guard from < to else { return [] }
        return (from / 60_000...(to - 1) / 60_000).map { SandboxMinute(number: $0) }
    }
}
