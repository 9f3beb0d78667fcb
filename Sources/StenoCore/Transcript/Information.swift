/// What a service read out of the conversation beside its text: codes, links and measured values.
///
/// Whether a message is a snapshot or an addition is not documented (JA-13), so messages are merged and doubles
/// removed.
public struct Information: Hashable, Sendable {
    public struct Coding: Hashable, Sendable {
        /// `snomed`, `icpc`, or a name we do not know yet.
        public var system: String
        /// Kept as text: leading letters and zeros matter.
        public var code: String
        public var description: String

        public init(system: String, code: String, description: String) {
            self.system = system
            self.code = code
            self.description = description
        }
    }

    public struct Resource: Hashable, Sendable {
        /// Shown, never fetched.
        public var link: String
        public var description: String
        public var origin: String

        public init(link: String, description: String, origin: String) {
            self.link = link
            self.description = description
            self.origin = origin
        }
    }

    public struct Measurement: Hashable, Sendable {
        public var description: String
        /// Text, because a value may be a pair such as `140/90`.
        public var value: String
        public var unit: String

        public init(description: String, value: String, unit: String) {
            self.description = description
            self.value = value
            self.unit = unit
        }
    }

    public var codings: [Coding]
    public var resources: [Resource]
    public var measurements: [Measurement]

    public init(codings: [Coding] = [], resources: [Resource] = [], measurements: [Measurement] = []) {
        self.codings = codings
        self.resources = resources
        self.measurements = measurements
    }

    public var isEmpty: Bool { self.codings.isEmpty && self.resources.isEmpty && self.measurements.isEmpty }

    /// How many of each kind are kept. No conversation holds so many; what comes after is left out.
    public static let limit = 4_096

    /// Adds what is new: codings by system and code, resources by link, measurements by all three fields.
    public mutating func merge(_ other: Information) {
        Self.add(other.codings, to: &self.codings) { [$0.system, $0.code] }
        Self.add(other.resources, to: &self.resources) { $0.link }
        Self.add(other.measurements, to: &self.measurements) { $0 }
    }

    private static func add<Element, Key: Hashable>(
        _ additions: [Element],
        to known: inout [Element],
        by key: (Element) -> Key
    ) {
        guard !additions.isEmpty else { return }
        var keys = Set(known.lazy.map(key))
        for addition in additions where known.count < Self.limit && keys.insert(key(addition)).inserted {
            known.append(addition)
        }
    }
}

/// A SOEP summary: one episode for each complaint, in the service's order.
public struct SOEPSummary: Hashable, Sendable {
    public struct Episode: Hashable, Sendable {
        public var subjective: String
        public var objective: String
        public var evaluation: String
        public var plan: String

        public init(subjective: String, objective: String, evaluation: String, plan: String) {
            self.subjective = subjective
            self.objective = objective
            self.evaluation = evaluation
            self.plan = plan
        }
    }

    public var episodes: [Episode]

    public init(episodes: [Episode]) {
        self.episodes = episodes
    }
}
