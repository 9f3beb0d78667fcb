import StenoCore

/// Why no recording can begin, and what the person who asked for it can do.
package struct CaptureError: Error, Hashable, Sendable {
    /// The kind of failure, for code that must branch. Codes may be added, so a `switch` needs a `default`.
    package struct Code: Hashable, Sendable {
        enum Value { case absent, notPermitted, busy, unusable, failing }
        let value: Value

        /// No such device, or no such channel of it. Exit code 66.
        package static let absent = Code(value: .absent)
        /// This user may not use it. Exit code 77.
        package static let notPermitted = Code(value: .notPermitted)
        /// Another program has it. Exit code 77.
        package static let busy = Code(value: .busy)
        /// It delivers nothing that can be recorded. Exit code 66.
        package static let unusable = Code(value: .unusable)
        /// Anything else. Exit code 66.
        package static let failing = Code(value: .failing)
    }

    /// What happened exactly; it chooses the words.
    package enum Reason: Hashable, Sendable {
        case absent
        case notPermitted
        /// - Parameter holder: who has it, if that can be seen: `'arecord' (process 1234)`.
        case busy(holder: String?)
        case stuck
        case serverGone
        case noChannel(Int, of: Int)
        case unusable
        case failing
        /// The system has no thread or descriptor left.
        case noResources
    }

    package var reason: Reason
    /// The device as the person named it.
    package var device: String
    /// The call that failed and what it returned, such as `snd_pcm_open: -16`. For the log.
    package var cause: String?

    package init(_ reason: Reason, device: String, cause: String? = nil) {
        self.reason = reason
        self.device = device
        self.cause = cause
    }

    package var code: Code {
        switch self.reason {
        case .absent, .noChannel: .absent
        case .notPermitted: .notPermitted
        case .busy: .busy
        case .unusable: .unusable
        case .stuck, .serverGone, .failing, .noResources: .failing
        }
    }
}

extension CaptureError {
    /// While a recording goes on, every failure is a trouble that may pass.
    var trouble: DeviceTrouble {
        switch self.reason {
        case .absent: .absent
        case .notPermitted: .notPermitted
        case .busy: .busy
        case .stuck: .stuck
        case .serverGone: .serverGone
        case .noChannel, .unusable: .unusable
        case .failing, .noResources: .failing
        }
    }
}

extension CaptureError: CustomStringConvertible {
    /// What happened, then what to do. The wording is interface: a test pins every line.
    package var description: String {
        let name = "Microphone '\(self.device)'"
        return switch self.reason {
        case .absent: "\(name) is not there. 'steno devices' lists those that are; plug it in, or name another."
        case .notPermitted:
            "\(name) may not be used by this user. Join the group 'audio' (sudo usermod -aG audio $USER), log in again."
        case .busy(let holder):
            holder.map { "\(name) is in use by \($0). End that, or name another microphone." }
                ?? "\(name) is in use by another program. 'fuser -v /dev/snd/*' names it; end it, or name another."
        case .stuck: "\(name) does not answer. Unplug it and plug it in again."
        case .serverGone: "\(name) belongs to a sound server that does not answer. Start PulseAudio or PipeWire."
        case .noChannel(let number, let count):
            "\(name) has no channel \(number): it has \(count). Choose one of these with --channel, or mix."
        case .unusable: "\(name) delivers no format that can be recorded. Name another microphone."
        case .failing: "\(name) does not work. Unplug it and plug it in again, or name another."
        case .noResources: "\(name) cannot be recorded: the system has no resources left. End other programs."
        }
    }
}
