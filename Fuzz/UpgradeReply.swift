// The reply to an upgrade over hostile bytes. Promises: no trap; byte by byte the result is the same as whole; an
// accepted reply answers the key, names nothing that was not offered, and ends with an empty line.
//
// Input: one byte of policy, the rest is the reply.

private let offering = try? upgrade(offering: ["v2.juvoly", "client", "session"])
private let notOffering = try? upgrade(offering: [])

private func upgrade(offering protocols: [String]) throws -> WebSocketUpgrade {
    try WebSocketUpgrade(host: "h", target: "/", protocols: protocols, nonce: Array("the sample nonce".utf8))
}

private struct Result: Equatable {
    var reply: UpgradeReply?
    var consumed = 0
    var fault: UpgradeFault?
}

private func read(_ bytes: UnsafeRawBufferPointer, pieces: Int, acceptsAny: Bool, _ upgrade: WebSocketUpgrade) -> Result
{
    do throws(UpgradeFault) {
        var reader = UpgradeReplyReader(upgrade, acceptsAnySubprotocol: acceptsAny)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + pieces)
            if let (reply, consumed) = try reader.read(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
                return Result(reply: reply, consumed: start + consumed)
            }
            start = end
        }
        return Result()
    } catch {
        return Result(fault: error)
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count >= 1 else { return 0 }
    let acceptsAny = start[0] & 1 != 0
    let offers = start[0] & 2 == 0 ? 3 : 0
    guard let upgrade = offers == 0 ? notOffering : offering else { return 1 }
    let bytes = UnsafeRawBufferPointer(start: start + 1, count: count - 1)

    let whole = read(bytes, pieces: max(bytes.count, 1), acceptsAny: acceptsAny, upgrade)
    let single = read(bytes, pieces: 1, acceptsAny: acceptsAny, upgrade)
    promise(whole == single, "cut in pieces the reply reads differently")

    switch whole.reply {
    case .accepted(let index):
        let header = String(decoding: bytes[..<whole.consumed], as: UTF8.self)
        promise(header.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "accepted without an answer to the key")
        promise(header.hasSuffix("\r\n\r\n"), "accepted before the end")
        promise(acceptsAny || index == (offers == 0 ? nil : 0), "accepted against the policy")
        promise(index.map { (0..<offers).contains($0) } != false, "accepted what was not offered")
    case .refused(let status, let retryAfter):
        promise((200...999).contains(status), "refused with a status that is none")
        promise(retryAfter.map { (0...999_999_999).contains($0) } != false, "an absurd wait")
    case nil:
        promise(whole.fault != nil || bytes.count <= UpgradeReplyReader.maximumBytes, "a header without bound")
    }
    return 0
}
