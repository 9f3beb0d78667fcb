internal import StenoHTTP

/// What ConnectVets takes, by the lowest figures of its pages (§9). Settings, because an account may allow more; the
/// server's own answer wins.
package struct AudioLimits: Hashable, Sendable {
    package var bytes: Int64
    package var shortest: Duration
    package var longest: Duration

    package init(
        bytes: Int64 = 25_000_000,
        shortest: Duration = .seconds(10),
        longest: Duration = .seconds(3_600)
    ) {
        self.bytes = bytes
        self.shortest = shortest
        self.longest = longest
    }

    /// Says no before a byte is sent, with the figures.
    /// - Parameter duration: `nil` if nobody knows.
    func check(bytes: Int64, duration: Duration?) throws(ServiceError) {
        if let duration, duration < self.shortest {
            throw Self.refusal(
                "lasts \(Self.seconds(duration)); ConnectVets takes at least \(Self.seconds(self.shortest)) "
                    + "(connectvets.min-duration)."
            )
        }
        if let duration, duration > self.longest {
            throw Self.refusal(
                "lasts \(Self.seconds(duration)); ConnectVets takes at most \(Self.seconds(self.longest)) "
                    + "(connectvets.max-duration). Send it in parts."
            )
        }
        if bytes > self.bytes {
            throw Self.refusal(
                "would be \(bytes) bytes; ConnectVets takes at most \(self.bytes) (connectvets.max-bytes). "
                    + "Send it in parts."
            )
        }
        if bytes <= 0 { throw Self.refusal("has no sound.") }
    }

    private static func refusal(_ what: String) -> ServiceError {
        ServiceError(.rejected, service: "ConnectVets", message: "The recording \(what)")
    }

    private static func seconds(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        return seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    }
}
