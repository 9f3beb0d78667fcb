import GRDB
import GRDBSQLite

/// A value in a statement. GRDB's own conversions go through `Data`; bytes stay bytes here.
enum SQLValue: Sendable {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case null

    init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    init(_ integer: Int64?) { self = integer.map(SQLValue.integer) ?? .null }
    init(_ flag: Bool) { self = .integer(flag ? 1 : 0) }
    init(_ position: some BinaryInteger) { self = .integer(Int64(clamping: position)) }
}

/// The row a statement stands on. Only valid inside the closure that it is handed to.
struct SQLRow {
    fileprivate let statement: SQLiteStatement

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(self.statement, column) }

    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(self.statement, column) == SQLITE_NULL ? nil : self.integer(column)
    }

    func text(_ column: Int32) -> String? {
        sqlite3_column_text(self.statement, column).map { String(cString: $0) }
    }

    func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let bytes = sqlite3_column_blob(self.statement, column)
        let count = sqlite3_column_bytes(self.statement, column)
        return try body(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(count)))
    }

    func bytes(_ column: Int32) -> [UInt8] { self.withBytes(column) { Array($0) } }

    /// All columns as they are stored; `nil` for a number with a fraction, which no writer of ours stores.
    var values: [SQLValue?] {
        (0..<sqlite3_column_count(self.statement)).map { column in
            switch sqlite3_column_type(self.statement, column) {
            case SQLITE_INTEGER: .integer(self.integer(column))
            case SQLITE_TEXT: SQLValue(self.text(column))
            case SQLITE_BLOB: .bytes(self.bytes(column))
            case SQLITE_NULL: .null
            default: nil
            }
        }
    }
}

extension Database {
    /// Runs a statement, kept prepared for the next time.
    func run(_ sql: String, _ values: SQLValue...) throws {
        try self.step(sql, values) { _ in false }
    }

    func run(_ sql: String, values: [SQLValue]) throws {
        try self.step(sql, values) { _ in false }
    }

    /// Hands each row of the answer to `body`, until it returns `false`.
    func rows(_ sql: String, _ values: SQLValue..., body: (SQLRow) throws -> Bool) throws {
        try self.step(sql, values, body)
    }

    /// What `body` makes of the first row; `nil` without one.
    func first<Result>(_ sql: String, _ values: SQLValue..., body: (SQLRow) throws -> Result) throws -> Result? {
        var result: Result?
        try self.step(sql, values) { row in
            result = try body(row)
            return false
        }
        return result
    }

    private func step(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Bool) throws {
        let statement = try self.cachedStatement(sql: sql).sqliteStatement
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            let code = Self.bind(value, to: statement, at: Int32(index) + 1)
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        }
        while true {
            let code = sqlite3_step(statement)
            switch code {
            case SQLITE_ROW: guard try body(SQLRow(statement: statement)) else { return }
            case SQLITE_DONE: return
            default: throw DatabaseError(resultCode: ResultCode(rawValue: code))
            }
        }
    }

    private static func bind(_ value: SQLValue, to statement: SQLiteStatement, at index: Int32) -> Int32 {
        // SQLite copies the bytes before the call returns.
        let copies = unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)
        switch value {
        case .integer(let integer): return sqlite3_bind_int64(statement, index, integer)
        case .text(let text): return sqlite3_bind_text(statement, index, text, -1, copies)
        case .bytes(let bytes):
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob(statement, index, $0.baseAddress, Int32(clamping: $0.count), copies)
            }
        case .null: return sqlite3_bind_null(statement, index)
        }
    }
}

extension StoreError {
    /// The one place where an error of SQLite becomes words.
    init(_ error: any Error, _ name: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError:
            let reason: Reason =
                switch error.resultCode {
                case .SQLITE_FULL: .full
                case .SQLITE_BUSY, .SQLITE_LOCKED: .inUse(process: nil)
                case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .notPermitted
                case .SQLITE_CANTOPEN: .gone
                case .SQLITE_NOTADB: .notARecording
                default: .failing
                }
            self.init(reason, name, cause: "sqlite: \(error.extendedResultCode.rawValue)")
        default: self.init(.failing, name, cause: "\(type(of: error))")
        }
    }
}
