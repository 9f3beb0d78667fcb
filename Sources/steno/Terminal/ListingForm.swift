import Steno

extension Listing.Form {
    /// What was asked for; else a table for a person at a terminal, and fields separated by tabs for a pipe.
    init(json: Bool, csv: Bool = false) {
        if json {
            self = .json
        } else if csv {
            self = .csv
        } else {
            self = Terminal.isTerminal(1) ? .table(columns: Terminal.columns(of: 1)) : .tabs
        }
    }
}
