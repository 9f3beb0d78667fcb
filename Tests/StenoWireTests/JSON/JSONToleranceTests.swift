import StenoWire
import Testing

@Suite("JSON tolerance for trailing commas (JC-2)")
struct JSONToleranceTests {
    @Test("Strict text is read strictly")
    func strict() throws {
        let (value, wasTolerated) = try self.parse(#"{"a":[1,2]}"#)
        #expect(value == ["a": [1, 2]])
        #expect(!wasTolerated)
    }

    @Test("The sample of the service's document is understood, and its use is told")
    func sample() throws {
        let (value, wasTolerated) = try self.parse(
            """
            {"type":"transcript","utterance":{"id":"0","words":[
              {"word":"Goedemiddag.","start":8.48,"end":9.12,
              },
            ]},"completed":true}
            """
        )
        #expect(wasTolerated)
        #expect(value["utterance"]?["words"]?.array?.first?["end"] == 9.12)
    }

    @Test("Commas inside strings are text")
    func strings() throws {
        let (value, wasTolerated) = try self.parse(#"{"a":"x,]","b":"\",}",}"#)
        #expect(wasTolerated)
        #expect(value == ["a": "x,]", "b": "\",}"])
    }

    @Test(
        "Everything else that is wrong stays refused, with the error of the strict try",
        arguments: ["[1,,]", "[1,] x", "{,,}", "[1", #"{"a":1,"#, #"["a,]"#, "", ",", ",]"]
    )
    func refusals(text: String) {
        let strict = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        let tolerant = #expect(throws: JSONError.self) { try self.parse(text) }
        #expect(strict == tolerant)
    }

    private func parse(_ text: String) throws(JSONError) -> (value: JSONValue, wasTolerated: Bool) {
        try Array(text.utf8).withUnsafeBufferPointer { (buffer) throws(JSONError) -> (JSONValue, Bool) in
            try JSONValue.parsingTolerantly(UnsafeRawBufferPointer(buffer))
        }
    }
}
