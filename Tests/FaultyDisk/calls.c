// The calls of the C library, as a watched disk answers them. Everything ends in the kernel's own call.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "disk.h"

#define REPLACES __attribute__((visibility("default")))

static bool is_used(void) { return __atomic_load_n(&disk_is_used, __ATOMIC_ACQUIRE) != 0; }

static int fails_with(int error) {
    errno = error;
    return -1;
}

// Whether the call on a name must fail: 0, or the error.
static int fault_at(const char *path, int call) {
    pthread_mutex_lock(&disk_mutex);
    struct disk *disk = disk_of_path(path, NULL);
    int error = disk != NULL ? disk_fault(disk, call) : 0;
    pthread_mutex_unlock(&disk_mutex);
    return error;
}

static int opened(const char *path, int flags, mode_t mode) {
    if (!is_used()) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    bool changes = (flags & (O_CREAT | O_WRONLY | O_RDWR)) != 0;
    int error = changes ? fault_at(path, FAULTY_OPEN) : 0;
    if (error != 0) return fails_with(error);
    bool was_there = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
    int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (descriptor < 0) return descriptor;
    pthread_mutex_lock(&disk_mutex);
    disk_opened(descriptor, path, !was_there);
    pthread_mutex_unlock(&disk_mutex);
    return descriptor;
}

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

REPLACES int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return opened(path, flags, mode);
}

REPLACES int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return opened(path, flags | O_LARGEFILE, mode);
}

REPLACES int close(int descriptor) {
    if (is_used()) {
        pthread_mutex_lock(&disk_mutex);
        disk_closed(descriptor);
        pthread_mutex_unlock(&disk_mutex);
    }
    return (int)syscall(SYS_close, descriptor);
}

// How much of `length` bytes at `offset` this call may write: less than 0 for an error, which is in `errno`.
static ssize_t allowed(struct disk *disk, struct file *file, int64_t offset, size_t length) {
    int error = disk_fault(disk, FAULTY_WRITE);
    if (error != 0) return fails_with(error);
    if (disk_stutters(disk)) {
        if (length < 2 || disk->stutters / disk->every % 2 == 0) return fails_with(EINTR);
        length /= 2;
    }
    int64_t end = disk_grow(disk, file, offset + (int64_t)length);
    if (end <= offset && length > 0) return fails_with(ENOSPC);
    return (ssize_t)(end - offset < (int64_t)length ? end - offset : (int64_t)length);
}

static ssize_t written(int descriptor, const void *bytes, size_t length, int64_t offset, bool is_positioned) {
    if (is_used()) {
        pthread_mutex_lock(&disk_mutex);
        struct descriptor *entry = NULL;
        struct disk *disk = disk_of_descriptor(descriptor, &entry);
        if (disk != NULL && entry->file != NULL) {
            struct file *file = entry->file;
            int64_t at = is_positioned ? offset : (int64_t)syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
            ssize_t count = allowed(disk, file, at, length);
            if (count >= 0) count = syscall(SYS_pwrite64, descriptor, bytes, (size_t)count, at);
            if (count >= 0 && !is_positioned) syscall(SYS_lseek, descriptor, count, SEEK_CUR);
            if (count > 0) {
                file->changes++;
                disk_log(
                    disk,
                    (struct faulty_entry){
                        .event = FAULTY_WROTE, .file = file->number, .offset = at, .length = count, .bytes = bytes}
                );
            }
            pthread_mutex_unlock(&disk_mutex);
            return count;
        }
        pthread_mutex_unlock(&disk_mutex);
    }
    if (is_positioned) return syscall(SYS_pwrite64, descriptor, bytes, length, offset);
    return syscall(SYS_write, descriptor, bytes, length);
}

REPLACES ssize_t write(int descriptor, const void *bytes, size_t length) {
    return written(descriptor, bytes, length, 0, false);
}

REPLACES ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
    return written(descriptor, bytes, length, offset, true);
}

REPLACES ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
    return written(descriptor, bytes, length, offset, true);
}

REPLACES ssize_t pread64(int descriptor, void *bytes, size_t length, off64_t offset) {
    if (is_used()) {
        pthread_mutex_lock(&disk_mutex);
        struct descriptor *entry = NULL;
        struct disk *disk = disk_of_descriptor(descriptor, &entry);
        int error = disk != NULL ? disk_fault(disk, FAULTY_READ) : 0;
        pthread_mutex_unlock(&disk_mutex);
        if (error != 0) return fails_with(error);
    }
    return syscall(SYS_pread64, descriptor, bytes, length, offset);
}

static int truncated(int descriptor, int64_t size) {
    if (!is_used()) return (int)syscall(SYS_ftruncate, descriptor, size);
    pthread_mutex_lock(&disk_mutex);
    struct descriptor *entry = NULL;
    struct disk *disk = disk_of_descriptor(descriptor, &entry);
    struct file *file = disk != NULL ? entry->file : NULL;
    int error = disk != NULL ? disk_fault(disk, FAULTY_TRUNCATE) : 0;
    int result = error != 0 ? fails_with(error) : (int)syscall(SYS_ftruncate, descriptor, size);
    if (result == 0 && file != NULL) {
        file->changes++;
        disk->used += size - file->size;
        file->size = size;
        disk_log(disk, (struct faulty_entry){.event = FAULTY_TRUNCATED, .file = file->number, .offset = size});
    }
    pthread_mutex_unlock(&disk_mutex);
    return result;
}

REPLACES int ftruncate(int descriptor, off_t size) { return truncated(descriptor, size); }
REPLACES int ftruncate64(int descriptor, off64_t size) { return truncated(descriptor, size); }

static int synced(int descriptor, long call) {
    if (!is_used()) return (int)syscall(call, descriptor);
    pthread_mutex_lock(&disk_mutex);
    struct descriptor *entry = NULL;
    struct disk *disk = disk_of_descriptor(descriptor, &entry);
    if (disk == NULL) {
        pthread_mutex_unlock(&disk_mutex);
        return (int)syscall(call, descriptor);
    }
    while (disk->holds) {
        disk->is_holding = true;
        pthread_cond_broadcast(&disk_changed);
        pthread_cond_wait(&disk_changed, &disk_mutex);
    }
    disk->is_holding = false;
    int error = disk_fault(disk, FAULTY_SYNC);
    struct faulty_entry event = {.event = FAULTY_SYNCED_FOLDER, .name = entry->folder};
    if (entry->file != NULL) {
        entry->file->changes++;
        event = (struct faulty_entry){.event = error != 0 ? FAULTY_SYNC_FAILED : FAULTY_SYNCED, .file = entry->file->number};
    }
    // Nobody cuts the power here, so what is asked of the kernel is only remembered: tests do not wear out a disk.
    if (error == 0 || entry->file != NULL) disk_log(disk, event);
    pthread_mutex_unlock(&disk_mutex);
    return error != 0 ? fails_with(error) : 0;
}

REPLACES int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
REPLACES int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

REPLACES int unlink(const char *path) {
    int error = is_used() ? fault_at(path, FAULTY_UNLINK) : 0;
    if (error != 0) return fails_with(error);
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (result == 0 && is_used()) {
        pthread_mutex_lock(&disk_mutex);
        const char *name = NULL;
        struct disk *disk = disk_of_path(path, &name);
        if (disk != NULL) disk_removed(disk, name);
        pthread_mutex_unlock(&disk_mutex);
    }
    return result;
}

REPLACES int link(const char *path, const char *new_path) {
    int error = is_used() ? fault_at(new_path, FAULTY_OPEN) : 0;
    if (error != 0) return fails_with(error);
    int result = (int)syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, new_path, 0);
    if (result == 0 && is_used()) {
        pthread_mutex_lock(&disk_mutex);
        const char *name = NULL, *new_name = NULL;
        struct disk *disk = disk_of_path(path, &name);
        if (disk != NULL && disk_of_path(new_path, &new_name) == disk) disk_linked(disk, name, new_name);
        pthread_mutex_unlock(&disk_mutex);
    }
    return result;
}

REPLACES int rename(const char *path, const char *new_path) {
    int result = (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, new_path, 0);
    if (result == 0 && is_used()) {
        pthread_mutex_lock(&disk_mutex);
        const char *name = NULL, *new_name = NULL;
        struct disk *disk = disk_of_path(path, &name);
        if (disk != NULL && disk_of_path(new_path, &new_name) == disk) disk_renamed(disk, name, new_name);
        pthread_mutex_unlock(&disk_mutex);
    }
    return result;
}

REPLACES int mkdir(const char *path, mode_t mode) {
    int error = is_used() ? fault_at(path, FAULTY_MKDIR) : 0;
    if (error != 0) return fails_with(error);
    int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (result == 0 && is_used()) {
        pthread_mutex_lock(&disk_mutex);
        const char *name = NULL;
        struct disk *disk = disk_of_path(path, &name);
        if (disk != NULL) disk_log(disk, (struct faulty_entry){.event = FAULTY_MADE_FOLDER, .name = name});
        pthread_mutex_unlock(&disk_mutex);
    }
    return result;
}

static int allocated(int descriptor, int64_t offset, int64_t length) {
    int64_t end = offset + length;
    if (is_used()) {
        pthread_mutex_lock(&disk_mutex);
        struct descriptor *entry = NULL;
        struct disk *disk = disk_of_descriptor(descriptor, &entry);
        int error = disk != NULL ? disk_fault(disk, FAULTY_ALLOCATE) : 0;
        if (error == 0 && disk != NULL && entry->file != NULL && disk_grow(disk, entry->file, end) < end) error = ENOSPC;
        pthread_mutex_unlock(&disk_mutex);
        if (error != 0) return error;
    }
    return syscall(SYS_fallocate, descriptor, 0, offset, length) == 0 ? 0 : errno;
}

REPLACES int posix_fallocate(int descriptor, off_t offset, off_t length) {
    return allocated(descriptor, offset, length);
}

REPLACES int posix_fallocate64(int descriptor, off64_t offset, off64_t length) {
    return allocated(descriptor, offset, length);
}

REPLACES int statvfs(const char *path, struct statvfs *status) {
    int (*next)(const char *, struct statvfs *) = (int (*)(const char *, struct statvfs *))dlsym(RTLD_NEXT, "statvfs");
    int result = next != NULL ? next(path, status) : fails_with(ENOSYS);
    if (result != 0 || !is_used()) return result;
    pthread_mutex_lock(&disk_mutex);
    struct disk *disk = disk_of_path(path, NULL);
    int64_t room = disk != NULL ? disk_room(disk) : -1;
    if (room >= 0) {
        status->f_bsize = status->f_frsize = 512;
        status->f_blocks = (fsblkcnt_t)(room / 512);
        status->f_bavail = status->f_bfree = (fsblkcnt_t)(room > disk->used ? (room - disk->used) / 512 : 0);
    }
    pthread_mutex_unlock(&disk_mutex);
    return result;
}
