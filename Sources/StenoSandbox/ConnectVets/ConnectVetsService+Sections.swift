import StenoWire

// The edit of a section (contract 6.7).
extension ConnectVetsService {
    func updateSection(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        guard let id = head.query("section_id"), head.query.count == 1 else {
            return self.refuse("6.7", "the query is not one section_id", 400)
        }
        let fault = self.desk.faults.patch.value(at: self.desk.count(.writes))
        switch fault {
        case .forbidden: return self.answer.error(403, "INSUFFICIENT_PERMISSIONS", "the key may not write")
        case .notFound: return self.answer.error(404, "SECTION_NOT_FOUND", "there is no such section")
        case .lenient, .strict, .rival, .dropAfterStore: break
        }
        guard let value = try? JSONValue(parsing: body), let members = value.members else {
            return self.refuse("6.7", "the body is no JSON object", 400)
        }
        let names: Set<String> = ["title", "content", "order", "label"]
        if Set(members.map(\.name)) != names || members.contains(where: { $0.value.string == nil }) {
            guard fault != .strict else {
                return self.refuse("6.7", "the body is not title, content, order and label", 400)
            }
            self.ledger.violated(.connectVets, "6.7", "the body is not title, content, order and label")
        }
        guard let written = self.write(value, into: id) else {
            return self.answer.error(404, "SECTION_NOT_FOUND", "there is no such section")
        }
        let reply = HTTPReply.json(200, self.answer.section(written))
        switch fault {
        case .rival:
            _ = self.write(["content": "[sandbox] another editor"], into: id)
            return reply
        case .dropAfterStore: return reply.sent(.cutBefore)
        case .lenient, .strict, .forbidden, .notFound: return reply
        }
    }

    /// What is not given stays as it was (CA-5).
    private func write(_ value: JSONValue, into id: String) -> StoredNote.Section? {
        let now = self.desk.now
        for note in self.desk.notes where note.status(at: now) == .completed {
            var sections = note.sections.isEmpty ? note.newSections() : note.sections
            guard let index = sections.firstIndex(where: { $0.id == id }) else { continue }
            let old = sections[index]
            sections[index] = .init(
                id: id,
                title: value["title"]?.string ?? old.title,
                label: value["label"]?.string ?? old.label,
                content: value["content"]?.string ?? old.content,
                order: value["order"]?.string ?? old.order
            )
            self.desk.update(note.id) {
                $0.sections = sections
                $0.updatedAt = WallTime.secondsSince1970()
            }
            return sections[index]
        }
        return nil
    }
}
