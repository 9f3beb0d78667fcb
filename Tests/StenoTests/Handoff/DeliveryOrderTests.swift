import StenoCore
import Testing

@testable import Steno

@Suite("Delivery order and result")
struct DeliveryOrderTests {
    @Test("An order is read as it was written, with the visit and the part")
    func order() {
        let visit = VisitDetails(
            name: "Bella “B” Quux",
            gender: .female,
            externalID: "v-7",
            metadata: [(key: "ward", value: "3"), (key: "ward", value: "4")]
        )
        var order = DeliveryOrder(visit: visit, language: "nl", waits: true)
        #expect(DeliveryOrder(order.bytes) == order)
        order.part = UploadPlan.Part(span: AudioSpan(4_000..<9_000), number: 2, count: 3, format: .mp3)
        #expect(DeliveryOrder(order.bytes) == order)
        #expect(DeliveryOrder(DeliveryOrder().bytes) == DeliveryOrder())
    }

    @Test("What came back is read as it was written")
    func result() {
        let summary = WrittenSummary(
            name: "invox",
            parts: [.init(title: "S", text: "She limps.\nSince Monday."), .init(title: "", text: "")],
            covers: 12.5,
            isPartial: true
        )
        for result in [DeliveryResult.summary(summary), .sections([.init(title: "Plan", text: "Rest.")])] {
            #expect(DeliveryResult(result.bytes) == result)
        }
    }

    @Test(
        "Bytes that nobody of ours wrote are no order, and no part that cannot be",
        arguments: [
            "", "null", "[]", #"{"v":2}"#, #"{"v":1,"part":{}}"#,
            #"{"v":1,"part":{"start":-1,"frames":5,"number":1,"count":2,"format":"wav"}}"#,
            #"{"v":1,"part":{"start":0,"frames":9223372036854775807,"number":1,"count":2,"format":"wav"}}"#,
            #"{"v":1,"part":{"start":0,"frames":5,"number":3,"count":-2,"format":"wav"}}"#,
        ]
    )
    func damaged(text: String) {
        #expect(DeliveryOrder(Array(text.utf8)) == nil)
    }
}
