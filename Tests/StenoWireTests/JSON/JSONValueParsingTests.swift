import StenoWire
import Testing

@Suite("JSON parsing")
struct JSONValueParsingTests {
    @Test("Every kind of value is read as what it is")
    func kinds() throws {
        let value = try JSONValue(parsing: #" {"a":null,"b":[true,false],"c":-1,"d":2.5,"e":"x","f":{},"g":[]} "#)
        let expected: JSONValue = [
            "a": nil, "b": [true, false], "c": -1, "d": 2.5, "e": "x", "f": [:], "g": [],
        ]
        #expect(value == expected)
    }

    @Test(
        "Numbers keep their value; integers stay integers as long as they fit",
        arguments: [
            ("0", .integer(0)), ("-0", .integer(0)), ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("-9223372036854775809", .number(-9_223_372_036_854_775_808)), ("8.48", .number(8.48)),
            ("-0.1", .number(-0.1)), ("1e308", .number(1e308)), ("1E+2", .number(100)), ("12e-1", .number(1.2)),
            ("1e-999", .number(0)), ("0.1234567890123456789012345", .number(0.123_456_789_012_345_678_9)),
            ("100000000000000000000000", .number(1e23)), ("9007199254740993.0", .number(9_007_199_254_740_992)),
        ] as [(String, JSONValue)]
    )
    func numbers(text: String, expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test("Short decimals give the double that the compiler gives", arguments: 0..<2_000)
    func decimals(number: Int) throws {
        let text = "\(number).\(number % 10)\(number % 7)"
        #expect(try JSONValue(parsing: text).double == Double(text))
    }

    @Test("A number beyond the largest double is refused, never infinite", arguments: ["1e999", "-1e309", "[1e400]"])
    func infinity(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(self.code(of: text) == .number)
    }

    @Test(
        "Escapes and surrogate pairs become the characters they name",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\ud83d\ude00!""#, "😀!"), (#""\u0000""#, "\0"), (#""a\ud834\udd1eb""#, "a\u{1D11E}b"), (#""€😀""#, "€😀"),
        ]
    )
    func escapes(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: text).string == expected)
    }

    @Test(
        "Half a surrogate pair is refused",
        arguments: [#""\ud800""#, #""\ud800x""#, #""\ud800\n""#, #""\udc00\ud800""#, #""\ud800\u0041""#, #""\udfff""#]
    )
    func halfPairs(text: String) {
        #expect(self.code(of: text) == .encoding)
    }

    @Test(
        "What RFC 8259 does not allow is refused",
        arguments: [
            "01", "-01", "1.", ".5", "+1", "1e+", "-", "0x10", "NaN", "Infinity", "tru", "nul l", "True", "'a'", "[1,]",
            "[,1]", "[1 2]", #"{"a":1,}"#, #"{"a" 1}"#, "{a:1}", "{1:1}", "[1]]", "1 2", "", " ", "[", #"{"a""#, #""a"#,
            #""\x""#, #""\u12G4""#, "\"a\nb\"", "\"\t\"", "\u{FEFF}1", "/**/1", "[1}", "\u{A0}1", "1\u{0}",
        ]
    )
    func refusals(text: String) {
        #expect(self.code(of: text) == .syntax || self.code(of: text) == .truncated, "\(text)")
    }

    @Test(
        "Bytes that are not UTF-8 are refused wherever they are",
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC3], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x80], [0x31, 0x20, 0xC0, 0xAF],
        ]
            as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test("Every prefix of a text is refused without a trap")
    func prefixes() throws {
        let text = Array(#"{"a":[1,-2.5e3,"x\n\ud83d\ude00é",true,null],"b":{"c":false}}"#.utf8)
        _ = try JSONValue(parsing: text)
        for length in 0..<text.count {
            #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<length])) }
        }
    }

    @Test("Nesting is taken to the limit and refused beyond it, also a million deep")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth)
        }
        _ = try JSONValue(parsing: nested(64))
        #expect(self.code(of: nested(65)) == .limit)
        #expect(self.code(of: nested(1_000_000)) == .limit)
        #expect(self.code(of: nested(600), limits: JSONLimits(depth: .max)) == .limit)
    }

    @Test("Length and number of values are bounded")
    func bounds() {
        #expect(self.code(of: Array("[1,2,3]".utf8), limits: JSONLimits(bytes: 6)) == .limit)
        #expect(self.code(of: Array("[1,2,3]".utf8), limits: JSONLimits(values: 3)) == .limit)
        #expect(self.code(of: Array("[1,2,3]".utf8), limits: JSONLimits(bytes: 7, values: 4)) == nil)
    }

    @Test("An error names the place and holds nothing of the text")
    func errorText() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: #"{"secret" "words"}"#) }
        #expect(error?.description == "not valid JSON at byte 10: a colon is expected")
    }

    private func code(of text: String) -> JSONError.Code? { self.code(of: Array(text.utf8)) }

    private func code(of bytes: [UInt8], limits: JSONLimits = .default) -> JSONError.Code? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes, limits: limits)
            return nil
        } catch {
            return error.code
        }
    }
}
