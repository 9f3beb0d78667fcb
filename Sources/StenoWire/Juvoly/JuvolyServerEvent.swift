package import StenoCore

/// A text message from Juvoly, understood.
///
/// Unknown fields, and list entries that lack what they are for, are passed over. A message that lacks a field it cannot
/// do without is `malformed`, and the session lives on.
package enum JuvolyServerEvent: Hashable, Sendable {
    case ready
    case transcript(TranscriptUpdate)
    case summarySoep(SOEPSummary)
    case information(Information)
    /// The service reports an error of its own. Its text is not kept: nobody may log it.
    case serviceError
    /// A message of a type that this version does not know; to be counted and passed over.
    case unknown(type: String)
    /// - Parameters:
    ///   - type: the message's type where it is a known one.
    ///   - reason: which field is wrong, without anything of its content.
    case malformed(type: String?, reason: String)
}

extension JuvolyServerEvent {
    /// Reads one text message. Never fails: what is wrong is an event too.
    ///
    /// - Returns: the event, and whether a trailing comma had to be forgiven (JC-2).
    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        limits: JSONLimits = .default
    ) -> (event: JuvolyServerEvent, wasTolerated: Bool) {
        do throws(JSONError) {
            let (value, wasTolerated) = try JSONValue.parsingTolerantly(bytes, limits: limits)
            return (Self.decode(value), wasTolerated)
        } catch {
            return (.malformed(type: nil, reason: error.description), false)
        }
    }

    package static func decode(_ message: JSONValue) -> JuvolyServerEvent {
        guard let type = message["type"]?.string else { return .malformed(type: nil, reason: "`type` is no text") }
        do throws(FieldFault) {
            switch type {
            case "ready": return .ready
            case "transcript": return .transcript(try TranscriptUpdate(juvoly: message))
            case "summarySoep": return .summarySoep(try SOEPSummary(juvoly: message))
            case "information": return .information(Information(juvoly: message))
            case "error": return .serviceError
            default: return .unknown(type: type)
            }
        } catch {
            return .malformed(type: type, reason: "`\(error.path)` is no \(error.expected)")
        }
    }
}

/// A field that is absent or of another type than it must be.
private struct FieldFault: Error {
    var path: String
    var expected: String
}

extension JSONValue? {
    fileprivate func text(_ path: String) throws(FieldFault) -> String {
        guard let text = self?.string else { throw FieldFault(path: path, expected: "text") }
        return text
    }

    fileprivate func list(_ path: String) throws(FieldFault) -> [JSONValue] {
        guard let list = self?.array else { throw FieldFault(path: path, expected: "list") }
        return list
    }
}

extension TranscriptUpdate {
    fileprivate init(juvoly message: JSONValue) throws(FieldFault) {
        guard let isCompleted = message["completed"]?.bool else {
            throw FieldFault(path: "completed", expected: "truth value")
        }
        let utterance = message["utterance"]
        self.init(
            id: try (utterance?["id"]).text("utterance.id"),
            sentence: try (utterance?["sentence"]).text("utterance.sentence"),
            words: try (utterance?["words"]).list("utterance.words").compactMap(TimedWord.init(juvoly:)),
            isCompleted: isCompleted
        )
    }
}

extension TranscriptUpdate.TimedWord {
    /// `nil` for a word without text or times: the sentence is worth more than the place of one word in it.
    fileprivate init?(juvoly word: JSONValue) {
        guard let text = word["word"]?.string, let start = word["start"]?.double, let end = word["end"]?.double else {
            return nil
        }
        self.init(text: text, start: start, end: end)
    }
}

extension SOEPSummary {
    fileprivate init(juvoly message: JSONValue) throws(FieldFault) {
        var episodes: [Episode] = []
        for (index, episode) in try (message["summary"]?["episodes"]).list("summary.episodes").enumerated() {
            let path = "summary.episodes[\(index)]"
            episodes.append(
                Episode(
                    subjective: try episode["subjective"].text("\(path).subjective"),
                    objective: try episode["objective"].text("\(path).objective"),
                    evaluation: try episode["evaluation"].text("\(path).evaluation"),
                    plan: try episode["plan"].text("\(path).plan")
                )
            )
        }
        self.init(episodes: episodes)
    }
}

extension Information {
    /// Every list may be absent. An entry without the field that names it is passed over.
    fileprivate init(juvoly message: JSONValue) {
        self.init()
        for coding in message["codings"]?.array ?? [] {
            guard let system = coding["system"]?.string, let code = coding["code"]?.string else { continue }
            let description = coding["description"]?.string ?? ""
            self.codings.append(Coding(system: system, code: code, description: description))
        }
        for resource in message["resources"]?.array ?? [] {
            guard let link = resource["link"]?.string else { continue }
            let description = resource["description"]?.string ?? ""
            self.resources.append(
                Resource(link: link, description: description, origin: resource["origin"]?.string ?? "")
            )
        }
        for measurement in message["measurements"]?.array ?? [] {
            guard let description = measurement["description"]?.string, let value = measurement["value"]?.string else {
                continue
            }
            self.measurements.append(
                Measurement(description: description, value: value, unit: measurement["unit"]?.string ?? "")
            )
        }
    }
}
