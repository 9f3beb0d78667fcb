/// The codes of close frames (RFC 6455 §7.4 and the registry it founded).
package enum WebSocketCloseCode {
    package static let normal: UInt16 = 1000
    package static let goingAway: UInt16 = 1001
    package static let protocolError: UInt16 = 1002

    /// 1004-1006 and 1015 never travel, 1016-2999 are not given out, and below 1000 and above 4999 there is nothing.
    package static func mayTravel(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// Reads the payload of a close frame: nothing, or a code that may travel and a reason in UTF-8. The reason is not kept.
    package static func parse(_ payload: [UInt8]) throws(WebSocketFault) -> UInt16? {
        guard !payload.isEmpty else { return nil }
        guard payload.count >= 2 else { throw .violation("a close frame with half a code") }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard Self.mayTravel(code) else { throw .violation("a close code that may not travel") }
        var validator = UTF8Validator()
        let fault = payload.withUnsafeBytes { buffer in
            validator.firstFault(in: UnsafeRawBufferPointer(rebasing: buffer[2...]))
        }
        guard fault == nil, validator.isComplete else { throw .notUTF8 }
        return code
    }

    /// The payload of a close frame; a reason is cut to the 123 bytes that fit, between characters.
    package static func payload(code: UInt16?, reason: String = "") -> [UInt8] {
        guard let code else { return [] }
        var payload = [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)]
        for character in reason.unicodeScalars {
            let bytes = Array(String(Character(character)).utf8)
            guard payload.count + bytes.count <= 125 else { break }
            payload.append(contentsOf: bytes)
        }
        return payload
    }
}
