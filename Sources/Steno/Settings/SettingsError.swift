/// The settings cannot be used: exit code 78. Every line names a place and a name, says what is wrong there and what to
/// write instead. Values of secrets and addresses are never repeated.
package struct SettingsError: Error, Hashable, Sendable {
    /// In the order found, at most ``maximumMistakes``.
    package let mistakes: [String]

    /// More would scroll the first one away.
    static let maximumMistakes = 20

    package init(_ mistakes: [String]) {
        self.mistakes = Array(mistakes.prefix(Self.maximumMistakes))
    }

    package init(_ mistake: String) {
        self.init([mistake])
    }
}

extension SettingsError: CustomStringConvertible {
    package var description: String { self.mistakes.joined(separator: "\n") }
}
