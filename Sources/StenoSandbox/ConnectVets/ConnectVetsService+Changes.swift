import NIOCore
import StenoWire

// Export and reprocessing (contract 6.5 and 6.6).
extension ConnectVetsService {
    func export(_ note: StoredNote, _ head: HTTPRequestHead) -> HTTPReply {
        let format = head.query("format") ?? "txt"
        guard head.query.allSatisfy({ $0.name == "format" }), format == "txt" || format == "rtf" else {
            return self.refuse("6.5", "the format is neither txt nor rtf", 400)
        }
        let number = self.desk.count(.exports)
        guard note.status(at: self.desk.now) == .completed else { return self.early(number) }
        let sections = note.sections.isEmpty ? note.newSections() : note.sections
        var reply = format == "txt" ? Self.plainText(note, sections) : Self.richText(note, sections)
        if format == "txt", self.desk.faults.exportAsJSONString.value(at: number) == .yes {
            reply = .json(200, .string(String(decoding: reply.body, as: UTF8.self)))
        }
        switch self.desk.faults.exportDisposition.value(at: number) {
        case .present: return reply.with("Content-Disposition", "attachment; filename=\"nota_\(note.id).\(format)\"")
        case .missing: return reply
        case .pathInName: return reply.with("Content-Disposition", "attachment; filename=\"../../nota.\(format)\"")
        }
    }

    private func early(_ number: Int) -> HTTPReply {
        self.ledger.violated(.connectVets, "CA-3", "a note that is not completed is exported")
        switch self.desk.faults.exportEarly.value(at: number) {
        case .badRequest: return self.answer.error(400, "NOTE_NOT_COMPLETED", "the note is not completed")
        case .notFound: return self.answer.error(404, "NOTE_NOT_COMPLETED", "the note is not completed")
        case .conflict: return self.answer.error(409, "NOTE_NOT_COMPLETED", "the note is not completed")
        case .empty: return .text(200, "")
        }
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
        let number = self.desk.count(.retries)
        let routes = self.desk.faults.retryRoute.value(at: number)
        switch (routes, route) {
        case (.both, _), (.transcriptsOnly, .transcriptsOnly), (.notesOnly, .notesOnly),
            (.transcriptsOnly405, .transcriptsOnly), (.notesOnly405, .notesOnly):
            break
        case (.transcriptsOnly405, _), (.notesOnly405, _): return .json(405, ["error": "method_not_allowed"])
        case (.transcriptsOnly, _), (.notesOnly, _): return .json(404, ["error": "not_found"])
        }
        if !body.isEmpty, (try? JSONValue(parsing: body)) != .object([]) {
            return self.refuse("6.6", "the body is not an empty JSON object", 400)
        }
        return self.found(id) { note in
            let busy = self.desk.faults.retryWhileProcessing.value(at: number)
            if note.status(at: self.desk.now) == .processing, busy != .accepted {
                return self.answer.error(Int(busy.rawValue) ?? 409, "NOTE_PROCESSING", "the note is being processed")
            }
            self.desk.update(id) {
                $0.began = self.desk.now
                $0.updatedAt = WallTime.secondsSince1970()
                $0.sections = []
                // Only the first attempt fails by a switch, so that reprocessing can be seen to work.
                $0.outcome = .completed
            }
            switch self.desk.faults.retryShape.value(at: number) {
            case .noteData: break
            case .statusTranscription: return .json(200, ["status": "success", "transcription": .string(id)])
            case .empty: return HTTPReply(status: 200)
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
}
