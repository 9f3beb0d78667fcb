// What tests tell a disk, and what they ask it.

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "disk.h"

int faulty_disk_attach(const char *folder, int keeps_log) {
    pthread_mutex_lock(&disk_mutex);
    int number = 0;
    while (number < FAULTY_DISK_LIMIT && disks[number] != NULL) number++;
    struct disk *disk = number < FAULTY_DISK_LIMIT ? calloc(1, sizeof *disk) : NULL;
    if (disk != NULL) {
        strncpy(disk->folder, folder, PATH_BYTES - 1);
        disk->folder_length = strlen(disk->folder);
        disk->keeps_log = keeps_log;
        disk->room = -1;
        disks[number] = disk;
        __atomic_store_n(&disk_is_used, 1, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&disk_mutex);
    return disk != NULL ? number : -1;
}

void faulty_disk_detach(int number) {
    pthread_mutex_lock(&disk_mutex);
    struct disk *disk = disk_numbered(number);
    if (disk != NULL) {
        disks[number] = NULL;
        for (int index = 0; index < DESCRIPTORS; index++) {
            if (descriptors[index] != NULL && descriptors[index]->disk == number) disk_closed(index);
        }
        for (int64_t index = 0; index < disk->log_count; index++) {
            free((void *)disk->log[index].bytes);
            free((void *)disk->log[index].name);
            free((void *)disk->log[index].new_name);
        }
        free(disk->log);
        free(disk);
    }
    pthread_mutex_unlock(&disk_mutex);
}

// What the functions of the header do, each with the disk of its number and the mutex held.
#define WITH_DISK(number) \
    for (struct disk *disk = (pthread_mutex_lock(&disk_mutex), disk_numbered(number)), *once = (void *)1; once != NULL; \
         once = NULL, pthread_mutex_unlock(&disk_mutex)) \
        if (disk != NULL)

int64_t faulty_disk_count(int number) {
    int64_t count = 0;
    WITH_DISK(number) count = disk->log_count;
    return count;
}

struct faulty_entry faulty_disk_entry(int number, int64_t index) {
    struct faulty_entry entry = {0};
    WITH_DISK(number) if (index >= 0 && index < disk->log_count) entry = disk->log[index];
    return entry;
}

void faulty_disk_mark(int number, int32_t kind, int64_t value) {
    WITH_DISK(number) disk_log(disk, (struct faulty_entry){.event = FAULTY_MARKED, .file = kind, .offset = value});
}

void faulty_disk_fail(int number, int calls, int64_t skip, int64_t count, int error) {
    WITH_DISK(number) {
        disk->calls = calls;
        disk->skip = skip;
        disk->count = count;
        disk->error = error;
        disk->seen = 0;
        disk->failures = 0;
    }
}

int64_t faulty_disk_calls(int number) {
    int64_t calls = 0;
    WITH_DISK(number) calls = disk->seen;
    return calls;
}

int64_t faulty_disk_failures(int number) {
    int64_t failures = 0;
    WITH_DISK(number) failures = disk->failures;
    return failures;
}

void faulty_disk_stutter(int number, int every) { WITH_DISK(number) disk->every = every; }

void faulty_disk_room(int number, int64_t bytes) { WITH_DISK(number) disk->room = bytes; }

int64_t faulty_disk_used(int number) {
    int64_t used = 0;
    WITH_DISK(number) used = disk->used;
    return used;
}

void faulty_disk_hold(int number, int holds) {
    WITH_DISK(number) {
        disk->holds = holds != 0;
        pthread_cond_broadcast(&disk_changed);
    }
}

void faulty_disk_await_held(int number) {
    WITH_DISK(number) {
        while (!disk->is_holding) pthread_cond_wait(&disk_changed, &disk_mutex);
    }
}

int64_t faulty_disk_changes(int number, const char *name) {
    int64_t changes = 0;
    WITH_DISK(number) {
        for (int32_t index = 0; index < disk->file_count; index++) {
            if (strncmp(disk->files[index].name, name, strlen(name)) == 0) changes += disk->files[index].changes;
        }
    }
    return changes;
}

// Preloaded into a program: watches the folder that the environment names.
__attribute__((constructor)) static void attach_from_environment(void) {
    const char *folder = getenv("FAULTY_DISK_FOLDER");
    const char *control = getenv("FAULTY_DISK_CONTROL");
    if (folder == NULL || control == NULL) return;
    struct disk *disk = disk_numbered(faulty_disk_attach(folder, 0));
    if (disk != NULL) strncpy(disk->control, control, PATH_BYTES - 1);
}
