#pragma once

/// Keeps SQLite from copying the write-ahead log into the database when a connection is closed. After a failed write
/// or `fsync` nobody may touch the file any more, and closing would. Wraps `sqlite3_db_config`, whose variable
/// arguments Swift cannot express.
///
/// - Parameter connection: an open `sqlite3 *`.
/// - Returns: an SQLite result code; 0 is success.
int steno_sqlite_keep_log_on_close(void *connection);
