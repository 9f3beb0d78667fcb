import StenoCore
import StenoWire

/// The messages of the service as JSON (contract §9).
enum JuvolyMessage {
    static let ready: JSONValue = ["type": "ready"]

    static let error: JSONValue = ["type": "error", "message": "[sandbox] a fault that was asked for"]

    static func transcript(_ update: TranscriptUpdate) -> JSONValue {
        let words = update.words.map { word -> JSONValue in
            ["word": .string(word.text), "start": .number(word.start), "end": .number(word.end)]
        }
        return [
            "type": "transcript",
            "utterance": [
                "id": .string(update.id),
                "sentence": .string(update.sentence),
                "words": .array(words),
            ],
            "completed": .bool(update.isCompleted),
        ]
    }

    static func information(_ information: Information) -> JSONValue {
        [
            "type": "information",
            "codings": .array(
                information.codings.map {
                    ["system": .string($0.system), "code": .string($0.code), "description": .string($0.description)]
                }
            ),
            "resources": .array(
                information.resources.map {
                    ["link": .string($0.link), "description": .string($0.description), "origin": .string($0.origin)]
                }
            ),
            "measurements": .array(
                information.measurements.map {
                    ["description": .string($0.description), "value": .string($0.value), "unit": .string($0.unit)]
                }
            ),
        ]
    }

    static func summary(_ episodes: [SOEPSummary.Episode], withPlan: Bool = true) -> JSONValue {
        let episodes = episodes.map { episode -> JSONValue in
            var members: [JSONMember] = [
                JSONMember(name: "subjective", value: .string(episode.subjective)),
                JSONMember(name: "objective", value: .string(episode.objective)),
                JSONMember(name: "evaluation", value: .string(episode.evaluation)),
            ]
            if withPlan { members.append(JSONMember(name: "plan", value: .string(episode.plan))) }
            return .object(members)
        }
        return ["type": "summarySoep", "summary": ["episodes": .array(episodes)]]
    }
}
