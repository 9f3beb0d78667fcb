/// A disk that fails on command and that remembers in which order things came to it.
///
/// The calls of the C library that touch a disk are defined here again. A symbol of the program goes before the same
/// symbol of a library, so SQLite finds these, and so does every other caller in the process. Linked into tests it is
/// commanded by the functions below; preloaded into the built program (`LD_PRELOAD`) by two variables of the
/// environment: `FAULTY_DISK_FOLDER`, and `FAULTY_DISK_CONTROL`, a file that says how many bytes the disk has.
///
/// Only what lies in a watched folder is touched; everything else goes straight to the kernel.
#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

#include <stdint.h>

enum { FAULTY_DISK_LIMIT = 64 };

/// Calls that can fail; values are added to name several.
enum faulty_call {
    FAULTY_OPEN = 1,
    FAULTY_WRITE = 2,
    FAULTY_SYNC = 4,
    FAULTY_TRUNCATE = 8,
    FAULTY_UNLINK = 16,
    FAULTY_MKDIR = 32,
    FAULTY_ALLOCATE = 64,
    FAULTY_READ = 128,
    FAULTY_ALL = 255,
};

/// What happened, in order.
enum faulty_event {
    FAULTY_MADE_FOLDER,
    FAULTY_MADE_FILE,
    FAULTY_WROTE,
    FAULTY_TRUNCATED,
    FAULTY_SYNCED,
    /// The data that was not synced until then will never be on the disk, whatever a later call says.
    FAULTY_SYNC_FAILED,
    FAULTY_REMOVED,
    FAULTY_RENAMED,
    FAULTY_SYNCED_FOLDER,
    /// A note of the test.
    FAULTY_MARKED,
};

struct faulty_entry {
    enum faulty_event event;
    /// Number of the file; a file made again under an old name is another one. Of a mark: its kind.
    int32_t file;
    /// Where it was written, the new size, or the value of a mark.
    int64_t offset;
    int64_t length;
    const uint8_t *bytes;
    /// Without the folder that is watched. Of a folder or of a file.
    const char *name;
    const char *new_name;
};

/// Watches a folder that is empty or not there yet.
///
/// - Parameter keeps_log: whether everything is remembered, or the disk only fails.
/// - Returns: the number of the disk, or -1 when there are too many.
int faulty_disk_attach(const char *folder, int keeps_log);
void faulty_disk_detach(int disk);

/// The log. Valid until the disk is detached, while nothing writes.
int64_t faulty_disk_count(int disk);
struct faulty_entry faulty_disk_entry(int disk, int64_t index);
void faulty_disk_mark(int disk, int32_t kind, int64_t value);

/// The calls of `calls` fail with `error` after `skip` of them, `count` times. Replaces the fault before. `error` 0: no
/// more faults, and the count of calls begins anew.
void faulty_disk_fail(int disk, int calls, int64_t skip, int64_t count, int error);
/// How many of those calls came since then.
int64_t faulty_disk_calls(int disk);
/// How often a call failed because it was told to.
int64_t faulty_disk_failures(int disk);

/// Every `every`-th write takes half of what it is given, or is interrupted, in turn. 0: none.
void faulty_disk_stutter(int disk, int every);

/// Bytes that fit on the disk; negative: as many as come.
void faulty_disk_room(int disk, int64_t bytes);
int64_t faulty_disk_used(int disk);

/// Syncs wait until they are let go.
void faulty_disk_hold(int disk, int holds);
/// Waits until a sync is held.
void faulty_disk_await_held(int disk);

/// How many calls that change something came for files whose name begins like this, such as the first part.
int64_t faulty_disk_changes(int disk, const char *name);

#endif
