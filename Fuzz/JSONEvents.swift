// JSON and the messages of the service over hostile bytes. Promises: no trap; what is read can be written and read
// again as the same; the tolerant parser takes whatever the strict one takes; only UTF-8 is taken, by the same rule as
// the standard library's.
//
// Input: a text message.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)

    var validator = UTF8Validator()
    let isUTF8 = validator.firstFault(in: bytes) == nil && validator.isComplete
    promise(isUTF8 == (String(validating: bytes, as: UTF8.self) != nil), "UTF-8 is judged differently")

    let strict = try? JSONValue(parsing: bytes)
    let tolerant = try? JSONValue.parsingTolerantly(bytes)
    if let strict {
        promise(isUTF8, "JSON that is not UTF-8")
        promise(tolerant?.value == strict && tolerant?.wasTolerated == false, "tolerance changed a strict text")
    }
    if let value = tolerant?.value {
        var written: [UInt8] = []
        value.serialize(into: &written)
        let again = try? JSONValue(parsing: written, limits: JSONLimits(bytes: .max))
        promise(again == value, "what was written is not what is read")
    }

    let (event, wasTolerated) = JuvolyServerEvent.decode(bytes)
    switch event {
    case .malformed: break
    case .ready, .transcript, .summarySoep, .information, .serviceError, .unknown:
        promise(wasTolerated == tolerant?.wasTolerated, "an event out of no JSON")
    }
    if case .transcript(let update) = event {
        for word in update.words {
            let span = AudioSpan(start: SamplePosition(seconds: word.start), end: SamplePosition(seconds: word.end))
            promise(span.frames >= 0, "a word that ends before it begins")
        }
    }
    return 0
}
