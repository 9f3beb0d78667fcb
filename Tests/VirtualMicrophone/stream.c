#define _GNU_SOURCE
#include "stream.h"

#include <errno.h>
#include <math.h>

int64_t stream_clock(const struct stream *stream) {
    const struct microphone *microphone = stream->microphone;
    if (!microphone->started) return 0;
    return (int64_t)((double)(monotonic_now() - microphone->epoch) * stream->frames_per_nanosecond);
}

static int64_t time_of(const struct stream *stream, int64_t frame) {
    return stream->microphone->epoch + (int64_t)ceil((double)frame / stream->frames_per_nanosecond);
}

static int64_t here(const struct stream *stream) {
    return stream->frame - stream->base - stream->lost;
}

static int64_t largest(int64_t one, int64_t other) {
    return one > other ? one : other;
}

void stream_start(struct stream *stream) {
    struct microphone *microphone = stream->microphone;
    int64_t frame = stream_clock(stream);
    if (!microphone->started) {
        // Its first frame is number 0, however long it takes to say so.
        microphone->started = true;
        microphone->epoch = monotonic_now();
    }
    stream->base = stream->frame = frame;
    stream->lost = stream->told = stream->held_until = 0;
    stream->jump_count = 0;
    stream->limit = stream->shorts > 0 ? 1 : INT64_MAX;
    stream->frozen = false;
    stream->state = SND_PCM_STATE_RUNNING;
    microphone_note(microphone, "start %lld", (long long)stream->base);
}

int64_t stream_frame(const struct stream *stream, int64_t position) {
    int64_t frame = stream->base + position;
    for (int index = 0; index < stream->jump_count; index++) {
        if (stream->jumps[index].position <= position) frame += stream->jumps[index].frames;
    }
    return frame;
}

// The audio between here and `frame` is gone, and the stream goes on without a word.
static void jump_to(struct stream *stream, int64_t frame) {
    if (stream->jump_count == MAX_JUMPS) return;
    microphone_note(stream->microphone, "jump %lld %lld", (long long)stream->frame, (long long)frame);
    stream->jumps[stream->jump_count++] = (struct jump){.position = here(stream), .frames = frame - stream->frame};
    stream->lost += frame - stream->frame;
    stream->frame = frame;
}

static void stop(struct stream *stream, snd_pcm_state_t state, const char *why, int64_t read) {
    stream->state = state;
    // What was read, and what was heard: the difference is in the buffer.
    microphone_note(stream->microphone, "%s %lld %lld", why, (long long)stream_frame(stream, read),
        (long long)stream->frame);
}

static void notice_loss(struct stream *stream, int64_t read) {
    if (!stream->microphone->gone || stream->state == SND_PCM_STATE_DISCONNECTED) return;
    stop(stream, SND_PCM_STATE_DISCONNECTED, "disconnected", read);
}

static void perform(struct stream *stream, const struct command *command, int64_t read) {
    const char *name = command_name(command->kind);
    int64_t span = (int64_t)((double)command->value * 1e6 * stream->frames_per_nanosecond);
    switch (command->kind) {
    case COMMAND_XRUN:
        stop(stream, SND_PCM_STATE_XRUN, name, read);
        break;
    case COMMAND_STALL:
    case COMMAND_LATE:
        stream->held_until = stream->frame + span;
        stream->held_is_lost = command->kind == COMMAND_STALL;
        microphone_note(stream->microphone, "%s %lld %lld", name, (long long)stream->frame,
            (long long)stream->held_until);
        break;
    case COMMAND_SUSPEND:
    case COMMAND_SUSPEND_NORESUME:
        stream->resumable_at = monotonic_now() + command->value * 1000000;
        stream->resumes = command->kind == COMMAND_SUSPEND;
        stop(stream, SND_PCM_STATE_SUSPENDED, name, read);
        break;
    case COMMAND_EIO:
        stream->failures = command->value;
        break;
    case COMMAND_SPURIOUS:
        stream->spurious = command->value;
        break;
    case COMMAND_SHORT:
        stream->shorts = command->value;
        stream->limit = largest(stream->told, read + 1);
        break;
    default:
        // A later frame than this one when the device is held.
        microphone_perform(stream->microphone, command, largest(stream->frame, command->at));
        break;
    }
}

void stream_advance(struct stream *stream, int64_t read) {
    struct command command;
    for (;;) {
        bool runs = stream->state == SND_PCM_STATE_RUNNING;
        int64_t clock = stream_clock(stream);
        if (runs && stream->held_until > 0 && clock >= stream->held_until) {
            if (stream->held_is_lost) jump_to(stream, stream->held_until);
            stream->held_until = 0;
        }
        bool is_held = stream->held_until > 0;
        bool is_due = microphone_next(stream->microphone, clock, runs, &command);
        if (runs && !is_held) {
            int64_t frame = is_due && command.at != AT_ONCE ? command.at : clock - clock % stream->granularity;
            stream->frame = largest(stream->frame, frame);
            if (here(stream) - read >= stream->stop_threshold) stop(stream, SND_PCM_STATE_XRUN, "xrun", read);
        }
        if (is_due) perform(stream, &command, read);
        notice_loss(stream, read);
        if (!is_due) return;
    }
}

void stream_listen(struct stream *stream) {
    struct command command;
    microphone_listen(stream->microphone);
    while (microphone_next(stream->microphone, stream_clock(stream), false, &command)) {
        microphone_perform(stream->microphone, &command, stream_clock(stream));
    }
    notice_loss(stream, stream->told);
}

int64_t stream_position(struct stream *stream, int64_t read) {
    switch (stream->state) {
    case SND_PCM_STATE_RUNNING:
        if (!stream->frozen) {
            int64_t position = here(stream);
            stream->told = largest(stream->told, position < stream->limit ? position : stream->limit);
        }
        break;
    case SND_PCM_STATE_SUSPENDED:
    case SND_PCM_STATE_DISCONNECTED:
        // A frame to ask for, so that alsa-lib asks, and is refused, in this call and not in the next.
        if (stream->told == read) stream->told++;
        break;
    default:
        break;
    }
    return stream->told;
}

int64_t stream_wake_time(const struct stream *stream, int64_t read) {
    if (stream->state != SND_PCM_STATE_RUNNING) return 1;
    if (stream->spurious > 0) {
        return monotonic_now() + (int64_t)((double)stream->period / 4 / stream->frames_per_nanosecond);
    }
    int64_t position = read + stream->avail_min + stream->period - 1;
    position -= position % stream->period;
    if (stream->shorts > 0) position = largest(read + 1, stream->limit);
    int64_t frame = stream->base + stream->lost + position;
    if (stream->held_until > 0) {
        int64_t shift = stream->held_is_lost ? stream->held_until - stream->frame : 0;
        frame = largest(stream->held_until, frame + shift);
    }
    int64_t next = microphone_next_frame(stream->microphone);
    if (next < frame) frame = largest(next, stream->frame);
    return time_of(stream, frame);
}

void stream_was_read(struct stream *stream, int64_t read) {
    if (stream->shorts == 0) return;
    // Nothing more before the next wake-up: alsa-lib would go on asking until it has what was asked for.
    stream->frozen = true;
    if (--stream->shorts == 0) {
        stream->limit = INT64_MAX;
        return;
    }
    // An odd count of at most a period, a different one each time.
    int64_t half = largest(1, stream->period / 2);
    stream->limit = largest(stream->told, read + 1 + 2 * (stream_frame(stream, read) * 7919 % half));
}

int stream_resume(struct stream *stream) {
    if (stream->state == SND_PCM_STATE_DISCONNECTED) return -ENODEV;
    if (stream->state != SND_PCM_STATE_SUSPENDED) return -EBADFD;
    if (!stream->resumes) return -ENOSYS;
    if (monotonic_now() < stream->resumable_at) return -EAGAIN;
    stream->state = SND_PCM_STATE_RUNNING;
    jump_to(stream, stream_clock(stream));
    microphone_note(stream->microphone, "resume %lld", (long long)stream->frame);
    return 0;
}
