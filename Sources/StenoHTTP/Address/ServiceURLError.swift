/// Why a text is not an address we will talk to. It never repeats the text: someone may have pasted a key there.
package struct ServiceURLError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case notAnAddress
        case wrongScheme(expected: String)
        case badHost
        case badPort
        case badCharacter
        case hasUserName
        case hasFragment
        case tooLong
        case plainText(scheme: String, host: String)
    }

    package let reason: Reason

    init(_ reason: Reason) {
        self.reason = reason
    }
}

extension ServiceURLError: CustomStringConvertible {
    /// What is wrong, then what to write instead. Begins in lower case, to stand behind the name of the setting.
    package var description: String {
        switch self.reason {
        case .notAnAddress: "not an address. Write it whole, as in 'https://host/path'."
        case .wrongScheme(let expected): "the address must begin with \(expected)."
        case .badHost: "the host name in the address has characters no host name has."
        case .badPort: "the port in the address must be a number from 1 to 65535."
        case .badCharacter: "the address has a space or another character that must be written as %XX."
        case .hasUserName: "the address must not hold a user name or password. Keys have settings of their own."
        case .hasFragment: "the address must not have a '#' part."
        case .tooLong: "the address is longer than \(ServiceURL.maximumLength) bytes."
        case .plainText(let scheme, let host):
            "plain \(scheme) to '\(host)' would send keys and patient data readable to all. Use \(scheme)s; "
                + "plain \(scheme) is for this machine (localhost) only."
        }
    }
}
