extension JSONValue {
    /// Reads one JSON text: strict RFC 8259, strict UTF-8 without byte order mark.
    public init(parsing bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default) throws(JSONError) {
        var parser = JSONParser(bytes, limits: limits)
        self = try parser.parse()
    }

    public init(parsing bytes: [UInt8], limits: JSONLimits = .default) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSONValue in
            try JSONValue(parsing: UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }

    public init(parsing text: String, limits: JSONLimits = .default) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Like `init(parsing:)`, but forgives a comma directly before `}` or `]`: a sample of the Juvoly document has one
    /// (JC-2). Strict first; the second try happens only where such a comma was found, and its use is told to the caller,
    /// who counts it.
    ///
    /// - Throws: the error of the strict try.
    public static func parsingTolerantly(
        _ bytes: UnsafeRawBufferPointer,
        limits: JSONLimits = .default
    ) throws(JSONError) -> (value: JSONValue, wasTolerated: Bool) {
        let strictError: JSONError
        do throws(JSONError) {
            return (try JSONValue(parsing: bytes, limits: limits), false)
        } catch {
            strictError = error
        }
        guard strictError.code == .syntax, let repaired = Self.removingTrailingCommas(bytes) else { throw strictError }
        do throws(JSONError) {
            return (try JSONValue(parsing: repaired, limits: limits), true)
        } catch {
            throw strictError
        }
    }

    /// `nil` if there is no such comma. Whitespace between comma and bracket counts as nothing.
    private static func removingTrailingCommas(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var repaired: [UInt8] = []
        repaired.reserveCapacity(bytes.count)
        /// Where in `repaired` the last comma outside strings is, while only whitespace followed it.
        var comma: Int?
        var isInString = false
        var isEscaped = false
        var hasRemoved = false
        for byte in bytes {
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else {
                switch byte {
                case 0x20, 0x09, 0x0A, 0x0D: break
                case UInt8(ascii: ","): comma = repaired.count
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if let place = comma {
                        repaired[place] = 0x20
                        hasRemoved = true
                    }
                    comma = nil
                default:
                    isInString = byte == UInt8(ascii: "\"")
                    comma = nil
                }
            }
            repaired.append(byte)
        }
        return hasRemoved ? repaired : nil
    }
}
