import StenoCore
import StenoHTTP
import Testing

@testable import StenoHandoff

@Suite("Invox token machine")
struct InvoxTokenMachineTests {
    private static let refusal = ServiceError(.refused, service: "Invox", message: "no")
    private static let trouble = ServiceError(.unreachable, service: "Invox", message: "later")

    @Test("The first caller asks, the others wait")
    func oneRequest() {
        var machine = InvoxTokenMachine()
        #expect(machine.step(at: 0) == "request")
        #expect(machine.step(at: 0) == "wait")
        #expect(machine.step(at: 1) == "wait")
    }

    @Test("A token is used for 110 minutes from the moment its request was sent")
    func renewal() {
        var machine = InvoxTokenMachine()
        _ = machine.step(at: 10)
        _ = machine.tokenReceived(Secret("t"), lifetime: nil, sentAt: .seconds(10))
        #expect(machine.step(at: 10 + 6_599) == "use 1")
        #expect(machine.step(at: 10 + 6_600) == "request")
        #expect(machine.step(at: 10 + 6_600) == "wait")
    }

    @Test("A shorter lifetime is renewed earlier, a longer one is not believed")
    func lifetimes() {
        var machine = InvoxTokenMachine()
        _ = machine.step(at: 0)
        _ = machine.tokenReceived(Secret("t"), lifetime: .seconds(120), sentAt: .zero)
        #expect(machine.step(at: 109) == "use 1")
        #expect(machine.step(at: 110) == "request")
        _ = machine.tokenReceived(Secret("t"), lifetime: .seconds(900_000), sentAt: .zero)
        #expect(machine.step(at: 6_600) == "request")
        _ = machine.tokenReceived(Secret("t"), lifetime: .zero, sentAt: .zero)
        #expect(machine.step(at: 0) == "request")
    }

    @Test("A refusal is remembered, other trouble is not")
    func failures() {
        var machine = InvoxTokenMachine()
        _ = machine.step(at: 0)
        machine.requestEnded(with: Self.trouble)
        #expect(machine.step(at: 0) == "request")
        machine.requestEnded(with: Self.refusal)
        #expect(machine.step(at: 0) == "refuse")
        #expect(machine.step(at: 99_999) == "refuse")
    }

    @Test("A rejected token is given up once; a late complaint about an old one changes nothing")
    func rejection() {
        var machine = InvoxTokenMachine()
        _ = machine.step(at: 0)
        let first = machine.tokenReceived(Secret("t"), lifetime: nil, sentAt: .zero)
        machine.tokenRejected(first)
        #expect(machine.step(at: 0) == "request")
        machine.tokenRejected(first)
        #expect(machine.step(at: 0) == "wait")
        _ = machine.tokenReceived(Secret("u"), lifetime: nil, sentAt: .zero)
        machine.tokenRejected(first)
        #expect(machine.step(at: 0) == "use 2")
    }

    @Test("Whatever happens in whatever order, there is never a second request beside a running one", arguments: 0..<50)
    func adversary(seed: Int) {
        var machine = InvoxTokenMachine()
        var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var now: Int64 = 0
        var isRequesting = false
        var tokens: [InvoxTokenMachine.Token] = []
        for _ in 0..<400 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            now += Int64(state >> 50) % 2_000
            switch (state >> 33) % 5 {
            case 0, 1:
                let step = machine.step(at: now)
                #expect((step == "wait") == isRequesting, "seed \(seed)")
                if step == "request" { isRequesting = true }
            case 2 where isRequesting:
                tokens.append(
                    machine.tokenReceived(Secret("t"), lifetime: .seconds(now % 9_000), sentAt: .seconds(now))
                )
                isRequesting = false
            case 3 where isRequesting:
                machine.requestEnded(with: Self.trouble)
                isRequesting = false
            default:
                if let token = tokens.isEmpty ? nil : tokens[Int(state >> 40) % tokens.count] {
                    machine.tokenRejected(token)
                }
            }
        }
    }
}

extension InvoxTokenMachine {
    /// The answer in one word, for comparing.
    fileprivate mutating func step(at seconds: Int64) -> String {
        switch self.tokenNeeded(now: .seconds(seconds)) {
        case .use(let token): "use \(token.number)"
        case .request: "request"
        case .wait: "wait"
        case .refuse: "refuse"
        }
    }
}
