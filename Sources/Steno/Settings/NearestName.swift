/// Finds the name a person probably meant.
package enum NearestName {
    /// The candidate that is fewest edits away (insert, delete, replace, swap of neighbours), if it is near enough to
    /// be worth proposing: a third of the longer name, at least one.
    package static func find(_ written: String, among candidates: [String]) -> String? {
        let written = Array(written.lowercased().prefix(64))
        let rated = candidates.map { candidate in
            (candidate: candidate, edits: Self.edits(written, Array(candidate)))
        }
        guard let best = rated.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(1, max(written.count, best.candidate.count) / 3) ? best.candidate : nil
    }

    /// Optimal string alignment distance.
    private static func edits(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                let isEqual = left[i] == right[j]
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (isEqual ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
