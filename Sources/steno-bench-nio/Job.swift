/// What to send, and where.
struct Job: Sendable {
    var host: String
    var port: Int
    /// Path and query of the address.
    var target: String
    /// The file that is sent as it is.
    var path: String
    /// Bytes of audio in one frame; 3,200 are 100 ms.
    var frameLength = 3_200

    /// Reads `ws://HOST:PORT/PATH FILE [--frame BYTES]`; `nil` for anything else.
    init?(arguments: [String]) {
        guard arguments.count == 2 || (arguments.count == 4 && arguments[2] == "--frame") else { return nil }
        let scheme = "ws://"
        guard arguments[0].hasPrefix(scheme) else { return nil }
        let rest = arguments[0].dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        guard let colon = authority.lastIndex(of: ":"), let port = Int(authority[authority.index(after: colon)...])
        else { return nil }
        self.host = String(authority[..<colon])
        self.port = port
        self.target = authority.endIndex == rest.endIndex ? "/" : String(rest[authority.endIndex...])
        self.path = arguments[1]
        if arguments.count == 4 {
            guard let frameLength = Int(arguments[3]), frameLength > 0 else { return nil }
            self.frameLength = frameLength
        }
    }
}
