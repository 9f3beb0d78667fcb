import NIOCore
import StenoWire

/// Makes the answer to a summary request: plain parts of the transcript in the form that was asked for, or in another.
struct InvoxNote {
    var shape: InvoxFaults.NoteShape
    var entries: InvoxFaults.SOAPFields
    var time: InvoxFaults.GenerationTime
    /// What the generation is said to have taken, in nanoseconds.
    var seconds: Int64

    func reply(to order: InvoxOrder, body: InvoxFaults.Body) -> HTTPReply {
        var members: [JSONMember] = []
        if let note = self.note(order) { members.append(JSONMember(name: "clinicalNote", value: note)) }
        switch self.time {
        case .present: members.append(JSONMember(name: "generationTime", value: .number(Double(self.seconds) / 1e9)))
        case .string:
            members.append(JSONMember(name: "generationTime", value: .string("\(Double(self.seconds) / 1e9)")))
        case .missing: break
        }
        switch body {
        case .valid:
            return .json(200, .object(members))
        case .truncated:
            var reply = HTTPReply.json(200, .object(members))
            reply.body.removeLast(reply.body.count / 2)
            return reply
        case .html:
            return .html(200)
        case .empty:
            return HTTPReply(status: 200)
        case .wrongContentType:
            return .text(200, JSONValue.object(members).serialized())
        case .extraFields:
            members.append(JSONMember(name: "sandboxExtra", value: ["deep": [1, nil]]))
            return .json(200, .object(members))
        case .tooLarge:
            let filling = String(repeating: "a", count: 4 << 20)
            members.append(JSONMember(name: "sandboxExtra", value: .string(filling)))
            return .json(200, .object(members))
        }
    }

    private func note(_ order: InvoxOrder) -> JSONValue? {
        let text = JSONValue.string(PlainNote.paragraph(order.transcript))
        let fields = self.fields(order.transcript)
        let object: JSONValue = ["fields": .array(fields)]
        switch self.shape {
        case .byFormat: return order.format == .summary ? text : object
        case .swapped: return order.format == .summary ? object : text
        case .alwaysString: return text
        case .alwaysObject: return object
        case .array: return .array(fields)
        case .emptyFields: return ["fields": []]
        case .null: return .null
        case .missing: return nil
        }
    }

    private func fields(_ transcript: String) -> [JSONValue] {
        var names = [
            ("Subjective", "What the patient or owner says"),
            ("Objective", "What was found"),
            ("Assessment", "What is concluded"),
            ("Plan", "What will be done"),
        ]
        var values = PlainNote.quarters(transcript)
        switch self.entries {
        case .three:
            names.removeLast()
            values.removeLast()
        case .five:
            names.append(("Follow-up", "What comes later"))
            values.append(PlainNote.label + "nothing")
        case .renamed:
            names = names.map { ("Sandbox \($0.0)", $0.1) }
        case .emptyValues:
            values = values.map { _ in "" }
        case .reordered:
            names.reverse()
            values.reverse()
        case .four:
            break
        }
        return zip(names, values).map { name, value in
            ["name": .string(name.0), "description": .string(name.1), "value": .string(value)]
        }
    }
}
