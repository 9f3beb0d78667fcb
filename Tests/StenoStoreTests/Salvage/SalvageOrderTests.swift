import Testing

@testable import StenoStore

@Suite("Rows of a damaged table in order")
struct SalvageOrderTests {
    @Test("Rows in order pass; of two that contradict each other neither does, and one behind both is the wrong one")
    func order() {
        func passed(_ keys: [Int64], isDescending: Bool = false) -> [Int64] {
            var order = SalvageOrder<Int64>(isDescending: isDescending)
            return keys.compactMap { order.add($0, key: $0) } + [order.end()].compactMap(\.self)
        }
        #expect(passed([]) == [] && passed([1]) == [1] && passed([1, 2, 3]) == [1, 2, 3])
        #expect(passed([1, 9, 3, 4]) == [1, 4] && passed([5, 6, 2, 7]) == [5, 6, 7])
        #expect(passed([1, 2, 2, 3]) == [1, 3] && passed([3, 2, 1], isDescending: true) == [3, 2, 1])
    }
}
