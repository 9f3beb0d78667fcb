// The thing on the desk: what survives closing and opening a device again. It has one clock that never stops, it may be
// gone, and it has commands that wait for their moment.
#ifndef VMIC_MICROPHONE_H
#define VMIC_MICROPHONE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

enum {
    // Commands that wait. One more is refused, and the journal says so.
    MAX_PENDING = 64,
    // Stretches of digital zero or of clipping that are remembered. The oldest goes first.
    MAX_WINDOWS = 32,
    MAX_LINE = 128,
    // Lines of the journal. What happens after is not written.
    MAX_JOURNAL = 100000,
};

enum command_kind {
    COMMAND_XRUN, COMMAND_STALL, COMMAND_LATE, COMMAND_SUSPEND, COMMAND_SUSPEND_NORESUME, COMMAND_GONE, COMMAND_BACK,
    COMMAND_EIO, COMMAND_SPURIOUS, COMMAND_SHORT, COMMAND_BUSY, COMMAND_DENIED, COMMAND_FREE, COMMAND_ZERO,
    COMMAND_CLIP, COMMAND_KINDS,
};

// `at` is a frame of the microphone's timeline, or `AT_ONCE`.
struct command {
    enum command_kind kind;
    int64_t value;
    int64_t at;
};
#define AT_ONCE INT64_MIN

// Frames [from, to) of the timeline that are heard as nothing, or as far too loud.
struct window {
    int64_t from, to;
    bool clips;
};

struct microphone {
    struct microphone *next;
    char *control_path;
    pthread_mutex_t lock;
    int control, journal;
    int journal_lines;
    bool in_use, started, gone;
    // Opens that are still refused; -1 for all of them.
    int64_t busy, denied;
    // CLOCK_MONOTONIC at frame 0.
    int64_t epoch;
    struct command pending[MAX_PENDING];
    int pending_count;
    struct window windows[MAX_WINDOWS];
    unsigned window_count;
    char line[MAX_LINE];
    unsigned line_length;
    bool line_is_too_long;
};

// The microphone whose commands come by the FIFO at `control_path`, the same one each time; a new one that nobody else
// gets where the path is NULL. NULL when there is no memory, or no such FIFO.
struct microphone *microphone_find(const char *control_path, const char *journal_path);
void microphone_let_go(struct microphone *microphone);

// The functions below want the lock to be held.

// Takes the commands that came meanwhile. `now` is a frame of the timeline.
void microphone_listen(struct microphone *microphone);
// Removes and gives the command to perform next, if one is due at `now` or before. What can only happen to a running
// stream waits until one `runs`.
bool microphone_next(struct microphone *microphone, int64_t now, bool runs, struct command *command);
// The earliest frame at which a command waits; INT64_MAX without one.
int64_t microphone_next_frame(const struct microphone *microphone);
// Performs a command that needs no open device. False when it is of the other sort.
bool microphone_perform(struct microphone *microphone, const struct command *command, int64_t frame);
void microphone_note(struct microphone *microphone, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *command_name(enum command_kind kind);

int64_t monotonic_now(void);

#pragma GCC visibility pop

#endif
