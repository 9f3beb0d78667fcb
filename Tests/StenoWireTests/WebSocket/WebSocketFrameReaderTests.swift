import StenoWire
import Testing

@Suite("WebSocket frame reader")
struct WebSocketFrameReaderTests {
    @Test("The examples of RFC 6455 §5.7 are read")
    func examples() {
        let hello = FrameReading([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(hello.events == [.text("Hello")])
        let fragments = FrameReading([0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F])
        #expect(fragments.events == [.text("Hello")])
        let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(FrameReading(masked, role: .server).events == [.text("Hello")])
        let ping = FrameReading([0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(ping.events == [.ping("Hello")])
    }

    @Test("The same events come out wherever the bytes are cut", arguments: [WebSocketRole.client, .server])
    func splitting(role: WebSocketRole) {
        let mask = role == .server ? WebSocketMask(key: 0xA1B2_C3D4) : nil
        var bytes = frame(.text, "héllo €", mask: mask)
        bytes += frame(.text, "fr€", mask: mask, isFinal: false)
        bytes += frame(.ping, "in between", mask: mask)
        bytes += frame(.continuation, "", mask: mask, isFinal: false)
        bytes += frame(.continuation, "agments", mask: mask)
        bytes += frame(.binary, [UInt8](repeating: 7, count: 300), mask: mask)
        bytes += frame(.binary, "", mask: mask)
        bytes += frame(.pong, "", mask: mask)
        bytes += frame(.close, WebSocketCloseCode.payload(code: 1000, reason: "bye"), mask: mask)
        bytes += [0xFF, 0xFF]

        let whole = FrameReading(bytes, role: role)
        #expect(
            whole.events == [
                .text("héllo €"), .ping("in between"), .text("fr€agments"),
                .binary([UInt8](repeating: 7, count: 300)), .binary([]), .pong([]), .close(1000),
            ]
        )
        #expect(whole.fault == nil)
        for pieces in 1...bytes.count {
            #expect(FrameReading(bytes, pieces: pieces, role: role) == whole)
        }
    }

    @Test(
        "Lengths around the edges of their forms are read",
        arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 100_003]
    )
    func lengths(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let mask = WebSocketMask(key: 0x0102_0304)
        #expect(FrameReading(frame(.binary, payload)).events == [.binary(payload)])
        #expect(FrameReading(frame(.binary, payload, mask: mask), role: .server).events == [.binary(payload)])
        #expect(
            FrameReading(frame(.binary, payload, mask: mask), pieces: 997, role: .server).events == [.binary(payload)]
        )
    }

    @Test(
        "A reserved bit or opcode fails the connection at its first byte",
        arguments: [0xC1, 0xA1, 0x91, 0xF1, 0x41, 0x83, 0x84, 0x85, 0x86, 0x87, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F] as [UInt8]
    )
    func reserved(first: UInt8) {
        #expect(FrameReading([first]).closeCode == 1002)
    }

    @Test(
        "Control frames are whole and short",
        arguments: [[0x09], [0x08], [0x0A], [0x89, 126], [0x88, 127], [0x8A, 126]] as [[UInt8]]
    )
    func controlFrames(bytes: [UInt8]) {
        #expect(FrameReading(bytes).closeCode == 1002)
    }

    @Test("A control frame may hold 125 bytes")
    func longestControlFrame() {
        let payload = [UInt8](repeating: 0xFE, count: 125)
        #expect(FrameReading(frame(.ping, payload)).events == [.ping(payload)])
    }

    @Test(
        "Fragments follow a beginning, and no message begins inside another",
        arguments: [
            frame(.continuation, "a"), frame(.continuation, "a", isFinal: false),
            frame(.text, "a") + frame(.continuation, "b"),
            frame(.text, "a", isFinal: false) + frame(.text, "b"),
            frame(.binary, "a", isFinal: false) + frame(.binary, "b", isFinal: false),
            frame(.text, "a", isFinal: false) + frame(.continuation, "b") + frame(.continuation, "c"),
        ]
    )
    func continuations(bytes: [UInt8]) {
        #expect(FrameReading(bytes).closeCode == 1002)
    }

    @Test(
        "A length is written in the fewest bytes, and below 2^63",
        arguments: [
            [0x82, 126, 0, 125], [0x82, 126, 0, 0], [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF],
            [0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1], [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0],
            [0x82, 127] + [UInt8](repeating: 255, count: 8),
        ] as [[UInt8]]
    )
    func minimalLengths(bytes: [UInt8]) {
        #expect(FrameReading(bytes).closeCode == 1002)
    }

    @Test("A server's frame is never masked, a client's always")
    func masking() {
        #expect(FrameReading([0x81, 0x81]).closeCode == 1002)
        #expect(FrameReading([0x81, 0x01], role: .server).closeCode == 1002)
    }

    @Test(
        "Text that is not UTF-8 fails at the bad byte, inside an unfinished frame too",
        arguments: [
            [0x81, 0x05, 0xCE, 0xBA, 0xFF], [0x01, 0x7D, 0xF4, 0x90], [0x01, 0x01, 0xCE, 0x80, 0x01, 0x41],
            [0x81, 0x02, 0x61, 0xCE], [0x01, 0x01, 0xCE, 0x80, 0x00],
        ] as [[UInt8]]
    )
    func failsFast(bytes: [UInt8]) {
        #expect(FrameReading(bytes).closeCode == 1007)
        #expect(FrameReading(bytes, pieces: 1).closeCode == 1007)
    }

    @Test("Binary messages may hold anything, and a character may be cut between fragments")
    func binaryAndCutText() {
        #expect(FrameReading(frame(.binary, [0xFF, 0xC0])).events == [.binary([0xFF, 0xC0])])
        let cut = frame(.text, [0xF0, 0x9F], isFinal: false) + frame(.ping) + frame(.continuation, [0x98, 0x80])
        #expect(FrameReading(cut).events == [.ping([]), .text("😀")])
    }

    @Test(
        "Close codes that may not travel are refused",
        arguments: [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16]
    )
    func badCloseCodes(code: UInt16) {
        #expect(FrameReading(frame(.close, WebSocketCloseCode.payload(code: code))).closeCode == 1002)
    }

    @Test(
        "Close codes that may travel are told",
        arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4001, 4999]
            as [UInt16]
    )
    func goodCloseCodes(code: UInt16) {
        #expect(FrameReading(frame(.close, WebSocketCloseCode.payload(code: code))).events == [.close(code)])
    }

    @Test("A close frame holds nothing, or a code and text")
    func closePayloads() {
        #expect(FrameReading(frame(.close)).events == [.close(nil)])
        #expect(FrameReading(frame(.close, [3])).closeCode == 1002)
        #expect(FrameReading(frame(.close, [3, 0xE8, 0xC3])).closeCode == 1007)
        #expect(FrameReading(frame(.close, [3, 0xE8, 0xC3, 0x28])).closeCode == 1007)
    }

    @Test("Nothing is read behind a close frame")
    func afterClose() {
        let reading = FrameReading(frame(.close) + frame(.text, "late") + [0xFF])
        #expect(reading.events == [.close(nil)])
        #expect(reading.fault == nil)
    }

    @Test("A message larger than the bound fails at its announcement, in one frame or in many")
    func messageBound() {
        #expect(FrameReading([0x82, 127, 0x7F, 255, 255, 255, 255, 255, 255, 255]).closeCode == 1009)
        #expect(FrameReading([0x82, 126, 0x03, 0xE9], maximumMessageBytes: 1_000).closeCode == 1009)
        let half = [UInt8](repeating: 0, count: 500)
        let exact = frame(.binary, half, isFinal: false) + frame(.continuation, half)
        #expect(FrameReading(exact, maximumMessageBytes: 1_000).events.count == 1)
        let over = frame(.binary, half, isFinal: false) + frame(.continuation, half, isFinal: false) + [0x80, 0x01]
        #expect(FrameReading(over, maximumMessageBytes: 1_000).closeCode == 1009)
        #expect(FrameReading(frame(.ping, "x"), maximumMessageBytes: 0).events == [.ping("x")])
    }

    @Test("Empty fragments cannot go on for ever")
    func fragmentBound() {
        let many =
            [0x02, 0x00] + [[UInt8]](repeating: [0x00, 0x00], count: WebSocketFrameReader.maximumFragments).joined()
        let reading = FrameReading(many, pieces: 1 << 16)
        #expect(reading.closeCode == 1009)
    }

    @Test("A fault comes after the events before it, and ends the reading")
    func faultLast() {
        let reading = FrameReading(frame(.text, "a") + frame(.ping, "b") + [0xFF] + frame(.text, "c"))
        #expect(reading.events == [.text("a"), .ping("b")])
        #expect(reading.fault?.description == "a reserved bit is set (1002)")
    }
}
