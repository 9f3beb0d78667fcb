extension ServiceURL {
    /// The same address with `segments` behind its path, each percent-encoded as a whole, so that an identifier from
    /// outside cannot reach another resource. A slash at the end of the base makes no difference.
    package func appending(_ segments: String...) -> ServiceURL {
        var url = self
        if url.path.hasSuffix("/") { url.path.removeLast() }
        for segment in segments {
            url.path += "/" + Self.percentEncoded(segment)
        }
        return url
    }

    /// The same address without the last segment of its path; with none, the same.
    package func removingLastSegment() -> ServiceURL {
        var url = self
        if url.path.hasSuffix("/") { url.path.removeLast() }
        url.path = url.path.lastIndex(of: "/").map { String(url.path[..<$0]) } ?? ""
        return url
    }

    /// The same address with `items` in its query, in the given order, after those it already has.
    package func querying(_ items: [(name: String, value: String)]) -> ServiceURL {
        guard !items.isEmpty else { return self }
        var url = self
        let added = items.map { "\(Self.percentEncoded($0.name))=\(Self.percentEncoded($0.value))" }
        let known = self.query.flatMap { $0.isEmpty ? nil : [$0] } ?? []
        url.query = (known + added).joined(separator: "&")
        return url
    }

    /// Everything but the unreserved characters of RFC 3986 becomes `%XX`, and so do `.` and `..` as a whole segment,
    /// which would otherwise mean another folder.
    static func percentEncoded(_ text: String) -> String {
        if text == "." { return "%2E" }
        if text == ".." { return "%2E%2E" }
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = Array("0123456789ABCDEF".unicodeScalars)
                encoded.unicodeScalars.append("%")
                encoded.unicodeScalars.append(digits[Int(byte >> 4)])
                encoded.unicodeScalars.append(digits[Int(byte & 0x0F)])
            }
        }
        return encoded
    }
}
