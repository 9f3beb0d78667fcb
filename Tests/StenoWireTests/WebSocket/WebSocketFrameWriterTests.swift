import StenoWire
import Testing

@Suite("WebSocket frame writer and mask")
struct WebSocketFrameWriterTests {
    @Test("The examples of RFC 6455 §5.7 are written")
    func examples() {
        #expect(frame(.text, "Hello") == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        let mask = WebSocketMask((0x37, 0xFA, 0x21, 0x3D))
        let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(frame(.text, "Hello", mask: mask) == masked)
        #expect(frame(.binary, [UInt8](repeating: 0, count: 256)).prefix(4) == [0x82, 0x7E, 0x01, 0x00])
        #expect(
            frame(.binary, [UInt8](repeating: 0, count: 65_536)).prefix(10) == [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0]
        )
        #expect(frame(.text, "a", isFinal: false) == [0x01, 0x01, 0x61])
    }

    @Test("The size is known before", arguments: [0, 125, 126, 65_535, 65_536])
    func sizes(count: Int) {
        let payload = [UInt8](repeating: 1, count: count)
        let mask = WebSocketMask(key: 1)
        #expect(frame(.binary, payload).count == WebSocketFrameWriter.size(ofPayload: count, isMasked: false))
        #expect(
            frame(.binary, payload, mask: mask).count == WebSocketFrameWriter.size(ofPayload: count, isMasked: true)
        )
        #expect(WebSocketFrameWriter.size(ofPayload: 0, isMasked: true) == 6)
        #expect(
            WebSocketFrameWriter.size(ofPayload: 65_536, isMasked: true) == 65_536 + WebSocketFrameWriter.longestHeader
        )
    }

    @Test("Every byte is masked with its byte of the mask, whatever the length and the place in memory")
    func mask() {
        let mask = WebSocketMask((1, 20, 33, 144))
        let bytes: [UInt8] = [1, 20, 33, 144]
        for count in 0..<100 {
            let plain = (0..<(count + 3)).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            for start in 0..<3 {
                var masked = plain
                mask.apply(to: &masked, from: start)
                let expected = plain.indices.map { $0 < start ? plain[$0] : plain[$0] ^ bytes[($0 - start) & 3] }
                #expect(masked == expected)
            }
        }
    }

    @Test("A mask goes on where it stopped")
    func advancing() {
        let mask = WebSocketMask(key: 0xDEAD_BEEF)
        for count in 0..<9 {
            for index in 0..<8 {
                #expect(mask.advanced(by: count)[index] == mask[count + index])
            }
        }
    }

    @Test("The reason of a close frame is cut between characters")
    func closeReason() {
        #expect(WebSocketCloseCode.payload(code: nil) == [])
        #expect(WebSocketCloseCode.payload(code: 1000, reason: "ok") == [0x03, 0xE8, 0x6F, 0x6B])
        let long = WebSocketCloseCode.payload(code: 1000, reason: String(repeating: "€", count: 60))
        #expect(long.count == 2 + 41 * 3)
        #expect(FrameReading(frame(.close, long)).events == [.close(1000)])
    }
}
