/// Who a note is about, as the person gave it.
package struct VisitDetails: Hashable, Sendable {
    package enum Gender: String, CaseIterable, Hashable, Sendable {
        case male, female, unidentified
    }

    /// The patient's name.
    package var name: String
    package var gender: Gender
    /// The person's own reference.
    package var externalID: String?
    package var metadata: [(key: String, value: String)] {
        get { self.pairs.map { ($0.key, $0.value) } }
        set { self.pairs = newValue.map { Pair(key: $0.key, value: $0.value) } }
    }

    private struct Pair: Hashable, Sendable {
        var key: String
        var value: String
    }

    private var pairs: [Pair] = []

    package init(
        name: String,
        gender: Gender = .unidentified,
        externalID: String? = nil,
        metadata: [(key: String, value: String)] = []
    ) {
        self.name = name
        self.gender = gender
        self.externalID = externalID
        self.metadata = metadata
    }
}
