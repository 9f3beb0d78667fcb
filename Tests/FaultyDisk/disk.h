// The disks that are watched, and what lies on them.
#ifndef FAULTY_DISK_DISK_H
#define FAULTY_DISK_DISK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "FaultyDisk.h"

#pragma GCC visibility push(hidden)

enum { PATH_BYTES = 512, FILES_ON_DISK = 512, DESCRIPTORS = 4096 };

struct file {
    int32_t number;
    bool is_named;
    int64_t size, changes;
    char name[PATH_BYTES];
};

struct disk {
    bool is_attached, keeps_log, holds, is_holding;
    char folder[PATH_BYTES];
    char control[PATH_BYTES];
    size_t folder_length;
    struct file files[FILES_ON_DISK];
    int32_t file_count, next_number;
    struct faulty_entry *log;
    int64_t log_count, log_room;
    int calls, error;
    int64_t skip, count, seen, failures;
    int every;
    int64_t stutters;
    int64_t room, used;
};

// What an open descriptor stands for. `disk` is -1 for everything that is not watched.
struct descriptor {
    int disk;
    struct file *file;
    char folder[PATH_BYTES];
};

extern struct disk *disks[FAULTY_DISK_LIMIT];
extern struct descriptor *descriptors[DESCRIPTORS];
extern pthread_mutex_t disk_mutex;
extern pthread_cond_t disk_changed;
// Whether anybody watches anything; read without the mutex, so that a process without a disk pays one load.
extern int disk_is_used;

// All of these with the mutex held.
struct disk *disk_of_path(const char *path, const char **name);
struct disk *disk_of_descriptor(int descriptor, struct descriptor **found);
struct disk *disk_numbered(int disk);
void disk_opened(int descriptor, const char *path, bool was_made);
void disk_closed(int descriptor);
struct file *disk_file(struct disk *disk, const char *name);
void disk_log(struct disk *disk, struct faulty_entry entry);
void disk_removed(struct disk *disk, const char *name);
void disk_linked(struct disk *disk, const char *name, const char *new_name);
void disk_renamed(struct disk *disk, const char *name, const char *new_name);
// The error that this call must fail with, or 0.
int disk_fault(struct disk *disk, int call);
// Whether this call must stutter.
bool disk_stutters(struct disk *disk);
// Makes the file as long as `end`, and returns how much of that there is room for; `end` when there is enough.
int64_t disk_grow(struct disk *disk, struct file *file, int64_t end);
int64_t disk_room(struct disk *disk);

#pragma GCC visibility pop

#endif
