#define _GNU_SOURCE
#include "host.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

static char folder[PATH_BYTES];

__attribute__((constructor)) static void read_environment(void) {
    const char *path = getenv("FAULTY_HOST_FOLDER");
    if (path != NULL && strlen(path) < PATH_BYTES / 2) strcpy(folder, path);
}

// Straight to the kernel: another library may have taken the place of `open`, and a clock is asked anywhere.
int host_open(const char *name, int flags) {
    if (folder[0] == '\0') return -1;
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0);
}

bool host_read(const char *name, char *text, size_t size) {
    text[0] = '\0';
    int file = host_open(name, O_RDONLY);
    if (file < 0) return false;
    long count = syscall(SYS_read, file, text, size - 1);
    syscall(SYS_close, file);
    text[count > 0 ? count : 0] = '\0';
    return count > 0;
}

void host_tell(const char *text) {
    int pipe = host_open("told", O_WRONLY | O_NONBLOCK);
    if (pipe < 0) return;
    syscall(SYS_write, pipe, text, strlen(text));
    syscall(SYS_close, pipe);
}
