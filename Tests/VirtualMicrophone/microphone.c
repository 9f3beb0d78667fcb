#define _GNU_SOURCE
#include "microphone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct microphone *list;

static const struct { const char *name; int64_t value; } kinds[COMMAND_KINDS] = {
    [COMMAND_XRUN] = {"xrun", 0},
    [COMMAND_STALL] = {"stall", 1000},
    [COMMAND_LATE] = {"late", 1000},
    [COMMAND_SUSPEND] = {"suspend", 1000},
    [COMMAND_SUSPEND_NORESUME] = {"suspend-noresume", 1000},
    [COMMAND_GONE] = {"gone", 0},
    [COMMAND_BACK] = {"back", 0},
    [COMMAND_EIO] = {"eio", 1},
    [COMMAND_SPURIOUS] = {"spurious", 1},
    [COMMAND_SHORT] = {"short", 1},
    [COMMAND_BUSY] = {"busy", -1},
    [COMMAND_DENIED] = {"denied", -1},
    [COMMAND_FREE] = {"free", 0},
    [COMMAND_ZERO] = {"zero", 16000},
    [COMMAND_CLIP] = {"clip", 16000},
};

int64_t monotonic_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

const char *command_name(enum command_kind kind) {
    return kinds[kind].name;
}

static void destroy(struct microphone *microphone) {
    if (microphone->control >= 0) close(microphone->control);
    if (microphone->journal >= 0) close(microphone->journal);
    pthread_mutex_destroy(&microphone->lock);
    free(microphone->control_path);
    free(microphone);
}

static struct microphone *make(const char *control_path, const char *journal_path) {
    struct microphone *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    made->control = made->journal = -1;
    pthread_mutex_init(&made->lock, NULL);
    if (control_path != NULL) {
        made->control_path = strdup(control_path);
        // Also for writing, so that the FIFO has no end while the test holds no end of its own.
        made->control = open(control_path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    }
    if (journal_path != NULL) made->journal = open(journal_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (control_path != NULL && (made->control_path == NULL || made->control < 0)) {
        destroy(made);
        return NULL;
    }
    return made;
}

struct microphone *microphone_find(const char *control_path, const char *journal_path) {
    if (control_path == NULL) return make(NULL, journal_path);
    pthread_mutex_lock(&list_lock);
    struct microphone *found = list;
    while (found != NULL && strcmp(found->control_path, control_path) != 0) found = found->next;
    if (found == NULL && (found = make(control_path, journal_path)) != NULL) {
        found->next = list;
        list = found;
    }
    pthread_mutex_unlock(&list_lock);
    return found;
}

void microphone_let_go(struct microphone *microphone) {
    // One with a control path stays for the next open, with its clock and what became of it.
    if (microphone->control_path == NULL) destroy(microphone);
}

void microphone_note(struct microphone *microphone, const char *format, ...) {
    if (microphone->journal < 0 || microphone->journal_lines >= MAX_JOURNAL) return;
    microphone->journal_lines++;
    char line[256];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line - 1, format, values);
    va_end(values);
    if (length < 0) return;
    if ((size_t)length > sizeof line - 2) length = sizeof line - 2;
    line[length] = '\n';
    if (write(microphone->journal, line, (size_t)length + 1) < 0) microphone->journal_lines = MAX_JOURNAL;
}

// "KIND [VALUE] [at FRAME]"
static bool parse(char *line, struct command *command) {
    char *rest = NULL, *word = strtok_r(line, " \t", &rest), *end = NULL;
    if (word == NULL) return false;
    int kind = 0;
    while (kind < COMMAND_KINDS && strcmp(kinds[kind].name, word) != 0) kind++;
    if (kind == COMMAND_KINDS) return false;
    *command = (struct command){.kind = (enum command_kind)kind, .value = kinds[kind].value, .at = AT_ONCE};
    word = strtok_r(NULL, " \t", &rest);
    if (word != NULL && strcmp(word, "at") != 0) {
        command->value = strtoll(word, &end, 10);
        if (*end != 0 || command->value < 0 || command->value > INT64_C(1) << 40) return false;
        word = strtok_r(NULL, " \t", &rest);
    }
    if (word == NULL) return true;
    char *frame = strtok_r(NULL, " \t", &rest);
    if (strcmp(word, "at") != 0 || frame == NULL) return false;
    command->at = strtoll(frame, &end, 10);
    return *end == 0 && command->at >= 0 && command->at <= INT64_C(1) << 40 && strtok_r(NULL, " \t", &rest) == NULL;
}

static void take_line(struct microphone *microphone) {
    struct command command;
    microphone->line[microphone->line_length] = 0;
    char copy[MAX_LINE];
    memcpy(copy, microphone->line, microphone->line_length + 1);
    if (microphone->line_length == 0) return;
    if (microphone->line_is_too_long || !parse(microphone->line, &command) ||
        microphone->pending_count == MAX_PENDING) {
        microphone_note(microphone, "refused %s", copy);
        return;
    }
    microphone->pending[microphone->pending_count++] = command;
}

void microphone_listen(struct microphone *microphone) {
    if (microphone->control < 0) return;
    char bytes[4096];
    ssize_t count;
    while ((count = read(microphone->control, bytes, sizeof bytes)) > 0) {
        for (ssize_t index = 0; index < count; index++) {
            if (bytes[index] == '\n') {
                take_line(microphone);
                microphone->line_length = 0;
                microphone->line_is_too_long = false;
            } else if (microphone->line_length < MAX_LINE - 1) {
                microphone->line[microphone->line_length++] = bytes[index];
            } else {
                microphone->line_is_too_long = true;
            }
        }
    }
}

static bool needs_stream(enum command_kind kind) {
    switch (kind) {
    case COMMAND_XRUN: case COMMAND_STALL: case COMMAND_LATE: case COMMAND_SUSPEND: case COMMAND_SUSPEND_NORESUME:
    case COMMAND_EIO: case COMMAND_SPURIOUS: case COMMAND_SHORT:
        return true;
    default:
        return false;
    }
}

bool microphone_next(struct microphone *microphone, int64_t now, bool runs, struct command *command) {
    int found = -1;
    for (int index = 0; index < microphone->pending_count; index++) {
        if (microphone->pending[index].at > now) continue;
        if (!runs && needs_stream(microphone->pending[index].kind)) continue;
        if (found < 0 || microphone->pending[index].at < microphone->pending[found].at) found = index;
    }
    if (found < 0) return false;
    *command = microphone->pending[found];
    microphone->pending_count--;
    memmove(microphone->pending + found, microphone->pending + found + 1,
        (size_t)(microphone->pending_count - found) * sizeof *microphone->pending);
    return true;
}

int64_t microphone_next_frame(const struct microphone *microphone) {
    int64_t earliest = INT64_MAX;
    for (int index = 0; index < microphone->pending_count; index++) {
        if (microphone->pending[index].at < earliest) earliest = microphone->pending[index].at;
    }
    return earliest;
}

bool microphone_perform(struct microphone *microphone, const struct command *command, int64_t frame) {
    switch (command->kind) {
    case COMMAND_GONE:
        microphone->gone = true;
        break;
    case COMMAND_BACK:
        microphone->gone = false;
        break;
    case COMMAND_BUSY:
        microphone->busy = command->value;
        break;
    case COMMAND_DENIED:
        microphone->denied = command->value;
        break;
    case COMMAND_FREE:
        microphone->busy = microphone->denied = 0;
        break;
    case COMMAND_ZERO:
    case COMMAND_CLIP:
        microphone->windows[microphone->window_count++ % MAX_WINDOWS] = (struct window){
            .from = frame, .to = frame + command->value, .clips = command->kind == COMMAND_CLIP,
        };
        break;
    default:
        return false;
    }
    microphone_note(microphone, "%s %lld", command_name(command->kind), (long long)frame);
    return true;
}
