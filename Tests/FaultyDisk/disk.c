#define _GNU_SOURCE
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

pthread_mutex_t disk_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t disk_changed = PTHREAD_COND_INITIALIZER;
int disk_is_used = 0;

struct disk *disks[FAULTY_DISK_LIMIT];
struct descriptor *descriptors[DESCRIPTORS];

struct disk *disk_numbered(int disk) {
    return disk >= 0 && disk < FAULTY_DISK_LIMIT ? disks[disk] : NULL;
}

struct disk *disk_of_path(const char *path, const char **name) {
    for (int index = 0; path != NULL && index < FAULTY_DISK_LIMIT; index++) {
        struct disk *disk = disks[index];
        if (disk == NULL || strncmp(path, disk->folder, disk->folder_length) != 0) continue;
        const char *rest = path + disk->folder_length;
        if (*rest != '/' && *rest != '\0') continue;
        while (*rest == '/') rest++;
        if (name != NULL) *name = rest;
        return disk;
    }
    return NULL;
}

struct disk *disk_of_descriptor(int descriptor, struct descriptor **found) {
    if (descriptor < 0 || descriptor >= DESCRIPTORS || descriptors[descriptor] == NULL) return NULL;
    struct disk *disk = disk_numbered(descriptors[descriptor]->disk);
    if (disk != NULL) *found = descriptors[descriptor];
    return disk;
}

struct file *disk_file(struct disk *disk, const char *name) {
    for (int32_t index = disk->file_count; index-- > 0;) {
        if (disk->files[index].is_named && strcmp(disk->files[index].name, name) == 0) return &disk->files[index];
    }
    if (disk->file_count == FILES_ON_DISK) return NULL;
    struct file *file = &disk->files[disk->file_count++];
    *file = (struct file){.number = disk->next_number++, .is_named = true};
    strncpy(file->name, name, PATH_BYTES - 1);
    return file;
}

void disk_opened(int descriptor, const char *path, bool was_made) {
    const char *name = NULL;
    struct disk *disk = disk_of_path(path, &name);
    if (disk == NULL || descriptor < 0 || descriptor >= DESCRIPTORS) return;
    struct descriptor *entry = calloc(1, sizeof *entry);
    if (entry == NULL) return;
    for (entry->disk = 0; disks[entry->disk] != disk;) entry->disk++;
    char probe;
    bool is_folder = syscall(SYS_pread64, descriptor, &probe, 1, 0) < 0 && errno == EISDIR;
    if (is_folder) {
        strncpy(entry->folder, name, PATH_BYTES - 1);
    } else {
        entry->file = disk_file(disk, name);
        if (entry->file != NULL && was_made) {
            disk_log(disk, (struct faulty_entry){.event = FAULTY_MADE_FILE, .file = entry->file->number, .name = name});
        }
    }
    free(descriptors[descriptor]);
    descriptors[descriptor] = entry;
}

void disk_closed(int descriptor) {
    if (descriptor < 0 || descriptor >= DESCRIPTORS) return;
    free(descriptors[descriptor]);
    descriptors[descriptor] = NULL;
}

static const char *copied(const char *text) { return text == NULL ? NULL : strdup(text); }

void disk_log(struct disk *disk, struct faulty_entry entry) {
    if (!disk->keeps_log) return;
    if (disk->log_count == disk->log_room) {
        int64_t room = disk->log_room > 0 ? 2 * disk->log_room : 1024;
        struct faulty_entry *log = realloc(disk->log, (size_t)room * sizeof *log);
        if (log == NULL) abort();
        disk->log = log;
        disk->log_room = room;
    }
    if (entry.bytes != NULL) {
        uint8_t *bytes = malloc((size_t)entry.length + 1);
        if (bytes == NULL) abort();
        entry.bytes = memcpy(bytes, entry.bytes, (size_t)entry.length);
    }
    entry.name = copied(entry.name);
    entry.new_name = copied(entry.new_name);
    disk->log[disk->log_count++] = entry;
}

void disk_removed(struct disk *disk, const char *name) {
    for (int32_t index = 0; index < disk->file_count; index++) {
        struct file *file = &disk->files[index];
        if (!file->is_named || strcmp(file->name, name) != 0) continue;
        disk->used -= file->size;
        file->is_named = false;
        disk_log(disk, (struct faulty_entry){.event = FAULTY_REMOVED, .file = file->number, .name = name});
    }
}

void disk_linked(struct disk *disk, const char *name, const char *new_name) {
    struct file *file = disk_file(disk, name);
    struct file *other = disk_file(disk, new_name);
    if (file == NULL || other == NULL) return;
    // Counted once, and under the name that stays: links are made so that a name appears whole.
    other->number = file->number;
    other->size = file->size;
    file->size = 0;
    disk_log(disk, (struct faulty_entry){.event = FAULTY_MADE_FILE, .file = other->number, .name = new_name});
}

void disk_renamed(struct disk *disk, const char *name, const char *new_name) {
    disk_removed(disk, new_name);
    struct file *file = disk_file(disk, name);
    if (file == NULL) return;
    disk_log(
        disk,
        (struct faulty_entry){.event = FAULTY_RENAMED, .file = file->number, .name = name, .new_name = new_name}
    );
    strncpy(file->name, new_name, PATH_BYTES - 1);
}

int disk_fault(struct disk *disk, int call) {
    if ((disk->calls & call) == 0) return 0;
    int64_t number = disk->seen++;
    if (disk->error == 0 || number < disk->skip || number >= disk->skip + disk->count) return 0;
    disk->failures++;
    return disk->error;
}

bool disk_stutters(struct disk *disk) {
    return disk->every > 0 && disk->stutters++ % disk->every == disk->every - 1;
}

int64_t disk_room(struct disk *disk) {
    int64_t room = disk->room;
    if (disk->control[0] != '\0') {
        int file = (int)syscall(SYS_openat, AT_FDCWD, disk->control, O_RDONLY | O_CLOEXEC, 0);
        char text[32] = {0};
        if (file >= 0) {
            if (syscall(SYS_read, file, text, sizeof text - 1) > 0) room = strtoll(text, NULL, 10);
            syscall(SYS_close, file);
        }
    }
    return room;
}

int64_t disk_grow(struct disk *disk, struct file *file, int64_t end) {
    if (end <= file->size) return end;
    int64_t room = disk_room(disk);
    if (room >= 0 && disk->used + end - file->size > room) {
        int64_t left = room > disk->used ? room - disk->used : 0;
        end = file->size + left;
    }
    disk->used += end - file->size;
    file->size = end;
    return end;
}
