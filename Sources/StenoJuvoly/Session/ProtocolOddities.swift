import StenoCore
import StenoWire

/// What the service did that no document promises. Counted for the person who looks into a problem; never its content.
package struct ProtocolOddities: Hashable, Sendable {
    package internal(set) var unknownTypes = 0
    package internal(set) var malformedMessages = 0
    package internal(set) var serviceErrors = 0
    package internal(set) var binaryMessages = 0
    package internal(set) var timesBeyondAudio = 0
    package internal(set) var textsWithoutTimes = 0

    /// JSON that was only readable after a trailing comma was forgiven (JC-2).
    package internal(set) var trailingCommas = 0

    mutating func count(_ event: JuvolyServerEvent) {
        switch event {
        case .unknown: self.unknownTypes += 1
        case .malformed: self.malformedMessages += 1
        case .serviceError: self.serviceErrors += 1
        case .ready, .transcript, .information, .summarySoep: break
        }
    }

    mutating func count(_ fault: TranscriptStateMachine.Fault) {
        switch fault {
        case .timesBeyondAudio: self.timesBeyondAudio += 1
        case .noWordTimes: self.textsWithoutTimes += 1
        }
    }
}
