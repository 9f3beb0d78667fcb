import StenoWire

// Rate limits (contract §8): every call but status, per key.
extension ConnectVetsService {
    enum LimitCheck {
        case passed(Limits)
        case refused(HTTPReply)
    }

    /// The headers that tell a client where it stands.
    struct Limits {
        var fields: [HTTPField] = []

        func apply(to reply: HTTPReply) -> HTTPReply {
            var reply = reply
            reply.fields += self.fields
            return reply
        }
    }

    func limits(_ head: HTTPRequestHead, _ call: Call) -> LimitCheck {
        guard !call.isStatus || self.desk.faults.throttle.value(at: 1) == .statusToo else { return .passed(Limits()) }
        let number = self.desk.count(.limited)
        let throttle = self.desk.faults.throttle.value(at: number)
        guard throttle != .off, let key = head.only("x-api-key") else { return .passed(Limits()) }
        let allowance = self.desk.use(key: key)
        let form = self.desk.faults.rateLimitHeaders.value(at: number)
        let limits = Limits(fields: Self.fields(form, allowance))
        let isExceeded =
            switch throttle {
            case .real, .off: allowance.isExceeded
            case .everyNth: number.isMultiple(of: 3)
            case .always, .statusToo: true
            }
        guard isExceeded else { return .passed(limits) }
        var reply = self.answer.error(429, "RATE_LIMIT_EXCEEDED", "too many requests")
        switch form {
        case .retryAfterSeconds:
            reply = reply.with("Retry-After", "1")
        case .retryAfterDate:
            let moment = WallTime.secondsSince1970() + 2
            reply = reply.with("Retry-After", WallTime.text(secondsSince1970: moment))
        case .resetAt:
            let details: JSONValue = [
                "reset_at": .string(WallTime.text(secondsSince1970: WallTime.secondsSince1970() + 2))
            ]
            reply = self.answer.error(429, "RATE_LIMIT_EXCEEDED", "too many requests", details: details)
        case .resetHeader:
            reply = reply.with("X-RateLimit-Reset", "\(WallTime.secondsSince1970() + 2)")
        case .bodyOnly:
            reply = .json(429, ["error": "too_many_requests", "code": "RATE_LIMIT_EXCEEDED", "retry_after": 1])
        case .minute, .minuteAndHour, .none:
            break
        }
        return .refused(limits.apply(to: reply))
    }

    private static func fields(
        _ form: ConnectVetsFaults.RateLimitHeaders,
        _ allowance: ConnectVetsDesk.Allowance
    ) -> [HTTPField] {
        let reset = WallTime.secondsSince1970() + max(1, allowance.secondsToReset)
        let minute = [
            HTTPField(name: "X-RateLimit-Limit-Minute", value: "\(ConnectVetsDesk.perMinute)"),
            HTTPField(name: "X-RateLimit-Remaining-Minute", value: "\(max(0, allowance.minute))"),
            HTTPField(name: "X-RateLimit-Reset-Minute", value: "\(reset)"),
        ]
        let hour = [
            HTTPField(name: "X-RateLimit-Limit-Hour", value: "\(ConnectVetsDesk.perHour)"),
            HTTPField(name: "X-RateLimit-Remaining-Hour", value: "\(max(0, allowance.hour))"),
        ]
        switch form {
        case .minute: return minute
        case .minuteAndHour: return minute + hour
        case .retryAfterSeconds, .retryAfterDate, .bodyOnly, .resetAt, .resetHeader, .none: return []
        }
    }
}
