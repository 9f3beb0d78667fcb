import Steno
import StenoWire
import Testing

@Suite("Listing")
struct ListingTests {
    private static func listing(_ rows: [[JSONValue]]) -> Listing {
        Listing(
            [Listing.Column("id", "ID", isWhole: true), Listing.Column("text", "TEXT"), Listing.Column("n", "N")],
            rows: rows.map { Listing.Row($0, members: Array(zip(["id", "text", "n"], $0))) }
        )
    }

    @Test("A table is aligned, wide characters included")
    func table() {
        let listing = Self.listing([["a", "日本", 1], ["abc", "x", nil], ["b", .null, 22]])
        #expect(listing.text(.table(columns: 80)) == "ID   TEXT  N\na    日本  1\nabc  x\nb          22\n")
        #expect(Self.listing([]).text(.table(columns: 80)) == "")
    }

    @Test("A narrow table shortens texts, and never what somebody will copy")
    func narrow() {
        let listing = Self.listing([["0123456789-0123456789", "a text that is longer than that", 1]])
        let lines = listing.text(.table(columns: 40)).split(separator: "\n")
        #expect(lines[1] == "0123456789-0123456789  a text that i…  1")
        #expect(lines.allSatisfy { $0.count <= 40 })
        #expect(listing.text(.table(columns: 1)).contains("0123456789-0123456789  a text …  1"))
    }

    @Test("A pipe gets tabs and one line for each row, whatever is in a text")
    func tabs() {
        let listing = Self.listing([
            ["a", "one\ttwo\nthree\r\u{1B}[31m", .number(2.5)], ["b", .bool(true), .number(3)],
        ])
        #expect(listing.text(.tabs) == "a\tone two three ␛[31m\t2.5\nb\ttrue\t3\n")
    }

    @Test("JSON keeps its shape, and nothing in it commands a terminal")
    func json() {
        var listing = Self.listing([["a", "x", 1]])
        listing.rows[0].object = ["v": 1, "b\u{9B}": ["c": ["d\u{1B}\n\u{202E}e", 2.5, nil, true]]]
        #expect(listing.text(.json) == #"{"v":1,"b":{"c":["d␛\ne",2.5,null,true]}}"# + "\n")
    }

    @Test("CSV is as RFC 4180 has it")
    func csv() {
        let listing = Self.listing([["a", "one, \"two\"\nthree", -1], ["", .null, .bool(false)]])
        #expect(listing.text(.csv) == "id,text,n\r\na,\"one, \"\"two\"\"\nthree\",-1\r\n,,false\r\n")
        #expect(Self.listing([]).text(.csv) == "id,text,n\r\n")
    }

    @Test("No text is a formula for a spreadsheet", arguments: ["=1+1", "+1", "-1", "@a", "\u{FF1D}1", "=a,\"b\""])
    func formula(text: String) {
        let line = Self.listing([["a", .string(text), 1]]).text(.csv).split(separator: "\r\n")[1]
        #expect(line.hasPrefix("a,'") || line.hasPrefix("a,\"'"))
    }

    @Test(
        "A line break that CSV does not know is still inside its field",
        arguments: ["\r\n", "\u{2028}", "\u{85}", "\r"]
    )
    func breaks(text: String) {
        let whole = Self.listing([["a", .string("x\(text)=y"), 1]]).text(.csv)
        #expect(whole.split(separator: "\r\n").count == 2)
    }
}
