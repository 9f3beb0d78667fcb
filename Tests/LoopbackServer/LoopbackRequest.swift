/// One request as it arrived.
package struct LoopbackRequest: Sendable {
    /// Counts from 1 over all connections; 0 before the body arrived.
    package let number: Int
    package let method: String
    /// Path and query.
    package let target: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    func arrived(number: Int, body: [UInt8]) -> LoopbackRequest {
        LoopbackRequest(
            number: number,
            method: self.method,
            target: self.target,
            headers: self.headers,
            body: body
        )
    }

    package var text: String { String(decoding: self.body, as: UTF8.self) }

    /// The values of `name`, compared without case.
    package func values(_ name: String) -> [String] {
        self.headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    package func value(_ name: String) -> String? { self.values(name).first }
}
