import StenoCore
import Testing

@Suite("Secret")
struct SecretTests {
    private static let canary = "kanarie-7f3a9"
    private let secret = Secret(Self.canary)

    private struct Holder {
        var name = "juvoly"
        var key: Secret
    }

    @Test("No way of turning a secret into text gives its value")
    func cannotBePrinted() {
        var dumped = ""
        dump(self.secret, to: &dumped)
        var streamed = ""
        print(self.secret, to: &streamed)
        debugPrint(self.secret, to: &streamed)
        let texts = [
            self.secret.description, self.secret.debugDescription, "\(self.secret)", String(describing: self.secret),
            String(reflecting: self.secret), dumped, streamed,
        ]
        for text in texts {
            #expect(!text.contains(Self.canary))
            #expect(text.contains("‹redacted›"))
        }
    }

    @Test("A secret inside something else stays hidden when that is printed")
    func cannotBePrintedInContainers() {
        let holder = Holder(key: self.secret)
        let values: [Any] = [
            holder, [self.secret], ["key": self.secret], Set([self.secret]), (1, self.secret),
            Optional(self.secret) as Any,
            [[holder]], Result<Secret, Never>.success(self.secret),
        ]
        for value in values {
            var text = "\(value) \(String(reflecting: value))"
            dump(value, to: &text)
            #expect(!text.contains(Self.canary))
        }
    }

    @Test("Reflection finds nothing to read")
    func cannotBeReflected() {
        #expect(Mirror(reflecting: self.secret).children.isEmpty)
        #expect(Mirror(reflecting: Holder(key: self.secret)).descendant("key", "value") == nil)
    }

    @Test("Only reveal gives the value, and equality works without it")
    func reveals() {
        #expect(self.secret.reveal { $0 } == Self.canary)
        #expect(self.secret == Secret(Self.canary))
        #expect(self.secret != Secret("other"))
        #expect(Secret("").isEmpty)
    }
}
