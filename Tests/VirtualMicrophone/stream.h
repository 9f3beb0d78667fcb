// One run of the device from start to stop: where it is on the microphone's timeline, and what goes wrong with it.
#ifndef VMIC_STREAM_H
#define VMIC_STREAM_H

#include <alsa/asoundlib.h>

#include "microphone.h"

#pragma GCC visibility push(hidden)

// A stall swallows audio and nobody says so: from stream position `position` on, `frames` are missing.
struct jump {
    int64_t position, frames;
};
enum { MAX_JUMPS = 64 };

struct stream {
    struct microphone *microphone;
    double frames_per_nanosecond;
    int64_t granularity, period, avail_min, stop_threshold;
    snd_pcm_state_t state;

    // On the timeline: where the stream began, and where the device is now.
    int64_t base, frame;
    // Frames that stalls swallowed since the start.
    int64_t lost;
    struct jump jumps[MAX_JUMPS];
    int jump_count;
    // Nothing comes before this frame; 0 when it flows.
    int64_t held_until;
    bool held_is_lost;
    // Nanoseconds of CLOCK_MONOTONIC at which a suspended device would come back.
    int64_t resumable_at;
    bool resumes;
    int64_t failures, spurious, shorts;
    // The position that was told last, and the most that may be told.
    int64_t told, limit;
    bool frozen;
};

int64_t stream_clock(const struct stream *stream);
void stream_start(struct stream *stream);
// Lets the time since the last call pass. `read` is how many frames the application has taken since the start.
void stream_advance(struct stream *stream, int64_t read);
// Takes the commands of a stream that does not run: only those that need none running are performed.
void stream_listen(struct stream *stream);
// How many frames have come since the start, as the device tells it.
int64_t stream_position(struct stream *stream, int64_t read);
// The timeline's frame of a stream position.
int64_t stream_frame(const struct stream *stream, int64_t position);
// When to wake the application, in nanoseconds of CLOCK_MONOTONIC.
int64_t stream_wake_time(const struct stream *stream, int64_t read);
// After `read` frames in all were taken: how short the next delivery is, where short ones were asked for.
void stream_was_read(struct stream *stream, int64_t read);
// 0, or what the kernel would answer.
int stream_resume(struct stream *stream);

#pragma GCC visibility pop

#endif
