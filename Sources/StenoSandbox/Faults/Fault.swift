/// One switch: what a stand-in does, for every request or only for some of them.
///
/// Which events a switch counts is written at the switch. Counting begins at 1.
package struct Fault<Value: FaultValue>: Hashable, Sendable {
    private struct Exception: Hashable, Sendable {
        var occurrences: ClosedRange<Int>
        var value: Value
    }

    /// What holds where nothing else was said.
    private var standard: Value
    private var exceptions: [Exception] = []

    package init(_ value: Value) {
        self.standard = value
    }

    /// The last word counts: a later setting overrides an earlier one for the occurrences it names.
    package mutating func set(_ value: Value, on occurrences: ClosedRange<Int>? = nil) {
        guard let occurrences else {
            self.standard = value
            self.exceptions = []
            return
        }
        self.exceptions.append(Exception(occurrences: occurrences, value: value))
    }

    package func value(at occurrence: Int) -> Value {
        self.exceptions.last { $0.occurrences.contains(occurrence) }?.value ?? self.standard
    }
}

/// What a switch can be set to, with its form as text for `--fault NAME=VALUE`.
package protocol FaultValue: Hashable, Sendable {
    /// - Returns: `nil` when the text is none of the values.
    init?(faultText: Substring)
    /// How the values are written, the default first; for messages and help.
    static var faultForms: [String] { get }
}

extension FaultValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    package init?(faultText: Substring) {
        self.init(rawValue: String(faultText))
    }

    package static var faultForms: [String] { self.allCases.map(\.rawValue) }
}

/// A length of time as it is written in a switch: `250ms`, `2s` or `1.5s`.
package struct FaultDelay: FaultValue {
    package var nanoseconds: Int64

    package init(milliseconds: Int64) {
        self.nanoseconds = milliseconds * 1_000_000
    }

    package init?(faultText: Substring) {
        let scale: Double
        let digits: Substring
        if faultText.hasSuffix("ms") {
            (scale, digits) = (1e6, faultText.dropLast(2))
        } else if faultText.hasSuffix("s") {
            (scale, digits) = (1e9, faultText.dropLast(1))
        } else {
            return nil
        }
        // A day is longer than any test and far from an overflow.
        guard let number = Double(digits), number >= 0, number * scale <= 86_400e9 else { return nil }
        self.nanoseconds = Int64(number * scale)
    }

    package static let faultForms = ["TIME (2s, 250ms)"]

    package static let zero = FaultDelay(milliseconds: 0)
}
