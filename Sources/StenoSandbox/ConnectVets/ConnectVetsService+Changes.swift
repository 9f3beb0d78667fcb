import NIOCore
import StenoWire

// Export, reprocessing and the edit of a section (contract 6.5 to 6.7).
extension ConnectVetsService {
    func export(_ note: StoredNote, _ head: HTTPRequestHead) -> HTTPReply {
        let format = head.query("format") ?? "txt"
        guard head.query.allSatisfy({ $0.name == "format" }), format == "txt" || format == "rtf" else {
            return self.refuse("6.5", "the format is neither txt nor rtf", 400)
        }
        guard note.status(at: self.desk.now) == .completed else {
            return self.refuse("CA-3", "a note that is not completed is exported", 400, code: "NOTE_NOT_COMPLETED")
        }
        let sections = note.sections.isEmpty ? note.newSections() : note.sections
        let reply = format == "txt" ? Self.plainText(note, sections) : Self.richText(note, sections)
        return reply.with("Content-Disposition", "attachment; filename=\"nota_\(note.id).\(format)\"")
    }

    private static func plainText(_ note: StoredNote, _ sections: [StoredNote.Section]) -> HTTPReply {
        var text = "Note\n====\n\nPatient: \(note.name)\n"
        for section in sections {
            let line = String(repeating: "-", count: section.title.count)
            text += "\n\(section.title)\n\(line)\n\(section.content)\n"
        }
        return .text(200, text)
    }

    private static func richText(_ note: StoredNote, _ sections: [StoredNote.Section]) -> HTTPReply {
        var text = #"{\rtf1\ansi{\colortbl;\red0\green0\blue255;}"# + "\n\\b Patient: \(Self.rtf(note.name))\\b0\\par\n"
        for section in sections {
            text += "{\\cf1\\b \(Self.rtf(section.title))}\\par\n\(Self.rtf(section.content))\\par\n"
        }
        return .text(200, text + "}\n", type: "application/rtf")
    }

    private static func rtf(_ text: String) -> String {
        var result = ""
        for unit in text.utf16 {
            switch unit {
            case 0x5C, 0x7B, 0x7D: result += "\\" + String(UnicodeScalar(UInt8(unit)))
            case 0x0A: result += "\\line "
            case 0x20...0x7E: result += String(UnicodeScalar(UInt8(unit)))
            default: result += "\\u\(Int16(bitPattern: unit))?"
            }
        }
        return result
    }

    // MARK: - Reprocessing

    func retryTranscript(_ body: [UInt8]) -> HTTPReply {
        let value = try? JSONValue(parsing: body)
        guard let id = value?["note_id"]?.string, value?.members?.count == 1 else {
            return self.refuse("6.6", "the body is not one note_id", 400)
        }
        return self.retry(id, route: .transcriptsOnly, body: Array("{}".utf8))
    }

    /// - Parameter route: the value of the switch under which this route alone exists.
    func retry(_ id: String, route: ConnectVetsFaults.RetryRoute, body: [UInt8]) -> HTTPReply {
        let routes = self.desk.faults.retryRoute.value(at: self.desk.count(.retries))
        guard routes == .both || routes == route else { return .json(404, ["error": "not_found"]) }
        if !body.isEmpty, (try? JSONValue(parsing: body)) != .object([]) {
            return self.refuse("6.6", "the body is not an empty JSON object", 400)
        }
        return self.found(id) { note in
            guard note.status(at: self.desk.now) != .processing else {
                return self.answer.error(409, "NOTE_PROCESSING", "the note is being processed")
            }
            self.desk.update(id) {
                $0.began = self.desk.now
                $0.updatedAt = WallTime.secondsSince1970()
                $0.sections = []
                // Only the first attempt fails by a switch, so that reprocessing can be seen to work.
                $0.outcome = .completed
            }
            let data: JSONValue = [
                "id": .string(id),
                "name": .string(note.name),
                "transcription_status": "pending",
                "created_at": .string(WallTime.text(secondsSince1970: note.createdAt)),
                "updated_at": .string(WallTime.now()),
            ]
            return .json(200, ["data": data, "message": "[sandbox] the note is processed again"])
        }
    }

    // MARK: - Sections

    func updateSection(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        guard let id = head.query("section_id"), head.query.count == 1 else {
            return self.refuse("6.7", "the query is not one section_id", 400)
        }
        let value = try? JSONValue(parsing: body)
        guard
            value?.members?.count == 4,
            let title = value?["title"]?.string, let content = value?["content"]?.string,
            let order = value?["order"]?.string, let label = value?["label"]?.string
        else { return self.refuse("6.7", "the body is not title, content, order and label", 400) }
        let now = self.desk.now
        for note in self.desk.notes where note.status(at: now) == .completed {
            var sections = note.sections.isEmpty ? note.newSections() : note.sections
            guard let index = sections.firstIndex(where: { $0.id == id }) else { continue }
            sections[index] = .init(id: id, title: title, label: label, content: content, order: order)
            self.desk.update(note.id) {
                $0.sections = sections
                $0.updatedAt = WallTime.secondsSince1970()
            }
            return .json(200, self.answer.section(sections[index]))
        }
        return self.answer.error(404, "SECTION_NOT_FOUND", "there is no such section")
    }
}
