import StenoWire
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test("Repeated members are kept, and the first one is found")
    func repeatedMembers() throws {
        let value = try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#)
        #expect(value["a"] == 1)
        #expect(value.members?.count == 3)
        #expect(value.serialized() == #"{"a":1,"b":2,"a":3}"#)
    }

    @Test("Asking a value for what it is not gives nothing")
    func mismatches() {
        let value: JSONValue = "text"
        #expect(value["a"] == nil)
        #expect(value.bool == nil && value.double == nil && value.int == nil)
        #expect(value.array == nil && value.members == nil)
        #expect(JSONValue.integer(1).string == nil)
        #expect(JSONValue.null.isNull && !value.isNull)
    }

    @Test("A whole number is an integer in either form; a fraction and a giant are none")
    func integers() {
        #expect(JSONValue.integer(7).int == 7)
        #expect(JSONValue.number(60).int == 60)
        #expect(JSONValue.number(0.5).int == nil)
        #expect(JSONValue.number(1e300).int == nil)
        #expect(JSONValue.number(.nan).int == nil)
        #expect(JSONValue.integer(7).double == 7)
    }

    @Test("Text is escaped where JSON needs it and nowhere else")
    func escaping() {
        let value: JSONValue = "a\"b\\c/d\u{8}\t\n\u{C}\r\u{1}\u{1F}\u{7F}é😀"
        #expect(value.serialized() == #""a\"b\\c/d\b\t\n\f\r\u0001\u001f\#u{7F}é😀""#)
    }

    @Test("What cannot be JSON is written as null")
    func notFinite() {
        let value: JSONValue = [.number(.infinity), .number(.nan), 1.5]
        #expect(value.serialized() == "[null,null,1.5]")
    }

    @Test("Literals and interpolation make values")
    func literals() {
        let count = 3
        let value: JSONValue = ["n": nil, "t": true, "i": 1, "d": 1.5, "s": "x\(count)", "a": [1, "b"], "o": [:]]
        #expect(value.serialized() == #"{"n":null,"t":true,"i":1,"d":1.5,"s":"x3","a":[1,"b"],"o":{}}"#)
    }

    @Test(
        "What was written is read as the same value",
        arguments: [
            .number(0.1), .number(.leastNonzeroMagnitude), .number(1.797_693_134_862_315_7e308), .number(-1e21),
            .integer(.min),
            .string("\u{0}\u{1F}\"\\😀"), .array([.object([]), .array([])]), .object([.init(name: "", value: .null)]),
        ] as [JSONValue]
    )
    func roundTrip(value: JSONValue) throws {
        #expect(try JSONValue(parsing: value.serialized()) == value)
    }
}
