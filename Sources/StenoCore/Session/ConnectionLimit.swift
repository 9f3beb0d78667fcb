/// How long the service lets a connection last: what we were told, or what its own closes teach. It documents nothing
/// about it.
package struct ConnectionLimit: Hashable, Sendable {
    /// What ends earlier ended for another reason.
    static let least = Duration.seconds(300)
    /// Lengths that differ by no more than this part of the longer one are the same.
    static let likeness = 0.05
    /// So many closes are remembered; two alike among them are a limit.
    static let remembered = 4

    private let told: Duration?
    private var learned: Duration?
    private var lengths: [Duration] = []

    package init(told: Duration?) {
        self.told = told
    }

    package var length: Duration? {
        guard let told = self.told, let learned = self.learned else { return self.told ?? self.learned }
        return min(told, learned)
    }

    /// The far side closed a connection that was in use for this long.
    package mutating func closed(after length: Duration) {
        guard length >= Self.least else { return }
        if let learned = self.learned, length > learned, !Self.areAlike(length, learned) { self.learned = nil }
        if let like = self.lengths.last(where: { Self.areAlike($0, length) }) { self.learned = min(like, length) }
        self.lengths = self.lengths.suffix(Self.remembered - 1) + [length]
    }

    private static func areAlike(_ one: Duration, _ other: Duration) -> Bool {
        max(one, other) - min(one, other) <= max(one, other) * Self.likeness
    }
}
