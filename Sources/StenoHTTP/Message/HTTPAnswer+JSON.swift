package import StenoWire

extension HTTPAnswer {
    /// The body as JSON; `nil` if it is cut, too long, or anything else: a page, nothing, half a text.
    package var json: JSONValue? {
        guard self.completeness == .complete else { return nil }
        return try? JSONValue(parsing: self.body)
    }
}
