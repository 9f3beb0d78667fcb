/// How one upload is found again. Both values are fixed and stored before the first attempt, and every attempt carries
/// them: the service knows no idempotency key (contract ConnectVets §6.1).
package struct DeliveryMark: Hashable, Sendable {
    /// The metadata key that carries ``delivery``.
    package static let metadataKey = "steno_delivery"

    /// A UUID of our own, different for every delivery. It alone proves that a note is from this delivery.
    package let delivery: String
    /// The person's own reference, which may be the same for many visits, or else ``delivery``. Narrows the search.
    package let externalID: String

    package init(delivery: String, externalID: String? = nil) {
        self.delivery = delivery
        self.externalID = externalID ?? delivery
    }

    /// A mark nobody had before.
    package static func fresh(externalID: String? = nil) -> DeliveryMark {
        var random = SystemRandomNumberGenerator()
        return DeliveryMark(delivery: Self.uuid(random.next(), random.next()), externalID: externalID)
    }

    /// A version 4 UUID of these 128 bits (RFC 9562).
    static func uuid(_ high: UInt64, _ low: UInt64) -> String {
        let marked = (high & ~0xF000 | 0x4000, low & ~(0b11 << 62) | (0b10 << 62))
        let digits = Self.hexadecimal(marked.0) + Self.hexadecimal(marked.1)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
