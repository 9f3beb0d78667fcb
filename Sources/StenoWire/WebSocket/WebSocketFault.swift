/// What the far side did against the rules of WebSocket, or beyond our bounds. The connection must fail with `closeCode`.
///
/// Holds nothing the far side sent.
package struct WebSocketFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The code to send in the close frame: 1002, 1007 or 1009.
    package let closeCode: UInt16
    package let reason: String

    static func violation(_ reason: String) -> WebSocketFault { WebSocketFault(closeCode: 1002, reason: reason) }
    static let notUTF8 = WebSocketFault(closeCode: 1007, reason: "text is not UTF-8")
    static func tooLarge(_ reason: String) -> WebSocketFault { WebSocketFault(closeCode: 1009, reason: reason) }

    package var description: String { "\(self.reason) (\(self.closeCode))" }
}
