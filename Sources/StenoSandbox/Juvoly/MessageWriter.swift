import StenoWire

/// Turns messages into frames, and writes them as badly as a switch asks for.
struct MessageWriter {
    private let fault: JuvolyFaults.JSONFault
    private var isFirstTranscript = true

    init(_ fault: JuvolyFaults.JSONFault) {
        self.fault = fault
    }

    mutating func frames(for message: JSONValue) -> [[UInt8]] {
        let message =
            switch self.fault {
            case .keyOrder: Self.reversed(message)
            case .unknownField: Self.extended(message)
            default: message
            }
        let payload = Array(message.serialized().utf8)
        return self.fault == .fragmented ? Self.fragments(payload) : [Self.text(payload)]
    }

    mutating func frames(forTranscript message: JSONValue) -> [[UInt8]] {
        let frames = self.frames(for: message)
        defer { self.isFirstTranscript = false }
        let payload = Array(message.serialized().utf8)
        switch self.fault {
        case .strict, .keyOrder, .unknownField, .fragmented:
            return frames
        case .trailingComma:
            return [Self.text(Self.withTrailingCommas(payload))]
        case .unknownType:
            let unknown: JSONValue = ["type": "sandboxNovelty", "items": [1, "two", nil]]
            return [Self.text(Array(unknown.serialized().utf8))] + frames
        case .truncated:
            return self.isFirstTranscript ? [Self.text(Array(payload.prefix(payload.count / 2)))] + frames : frames
        case .invalidUTF8:
            let broken = Array(#"{"type":"sandbox","text":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
            return self.isFirstTranscript ? [Self.text(broken)] + frames : frames
        case .binaryFrame:
            let binary = WebSocketFrameWriter.frame(.binary, payload: [0, 1, 2, 3], mask: nil)
            return self.isFirstTranscript ? [binary] + frames : frames
        case .tooLarge:
            let head = Array(#"{"type":"sandbox","text":""#.utf8)
            let filling = [UInt8](repeating: UInt8(ascii: "a"), count: 8 << 20)
            return self.isFirstTranscript ? [Self.text(head + filling + Array(#""}"#.utf8))] + frames : frames
        }
    }

    private static func text(_ payload: [UInt8]) -> [UInt8] {
        WebSocketFrameWriter.frame(.text, payload: payload, mask: nil)
    }

    /// Three fragments, the first of one byte, with a ping in between as the protocol allows.
    private static func fragments(_ payload: [UInt8]) -> [[UInt8]] {
        let cut = 1 + (payload.count - 1) / 2
        return [
            WebSocketFrameWriter.frame(.text, payload: Array(payload.prefix(1)), mask: nil, isFinal: false),
            WebSocketFrameWriter.frame(.continuation, payload: Array(payload[1..<cut]), mask: nil, isFinal: false),
            WebSocketFrameWriter.frame(.ping, payload: Array("between".utf8), mask: nil),
            WebSocketFrameWriter.frame(.continuation, payload: Array(payload[cut...]), mask: nil),
        ]
    }

    /// A comma before each closing bracket outside strings that has something before it.
    private static func withTrailingCommas(_ payload: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for byte in payload {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                let isEmpty = result.last == UInt8(ascii: "{") || result.last == UInt8(ascii: "[")
                if !isEmpty { result.append(UInt8(ascii: ",")) }
            }
            result.append(byte)
        }
        return result
    }

    private static func reversed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.reversed().map { JSONMember(name: $0.name, value: Self.reversed($0.value)) })
        case .array(let items):
            .array(items.map(Self.reversed))
        case .null, .bool, .integer, .number, .string:
            value
        }
    }

    private static func extended(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.map { JSONMember(name: $0.name, value: Self.extended($0.value)) }
                    + [JSONMember(name: "sandboxExtra", value: ["deep": [nil, 1.5, true]])]
            )
        case .array(let items):
            .array(items.map(Self.extended))
        case .null, .bool, .integer, .number, .string:
            value
        }
    }
}
