// What alsa-lib calls while a device is open. plugin.c says what a driver can rely on.
#define _GNU_SOURCE
#include "device.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

static struct device *lock(snd_pcm_ioplug_t *io) {
    struct device *device = io->private_data;
    pthread_mutex_lock(&device->stream.microphone->lock);
    return device;
}

static int64_t read_count(const struct device *device) {
    return (int64_t)device->io.appl_ptr;
}

static void set_timer(struct device *device, int64_t time) {
    if (time == device->wake_time) return;
    struct itimerspec at = {.it_value = {.tv_sec = time / 1000000000, .tv_nsec = time % 1000000000}};
    device->wake_time = time;
    timerfd_settime(device->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

// Takes over what the stream came to, and gives the lock back.
static void unlock(struct device *device) {
    snd_pcm_ioplug_set_state(&device->io, device->stream.state);
    if (device->stream.state >= SND_PCM_STATE_RUNNING) {
        set_timer(device, stream_wake_time(&device->stream, read_count(device)));
    }
    pthread_mutex_unlock(&device->stream.microphone->lock);
}

// Called from alsa-lib in every state, also before a start, when nothing may change.
static bool runs(const struct device *device) {
    return device->stream.state >= SND_PCM_STATE_RUNNING;
}

static int device_start(snd_pcm_ioplug_t *io) {
    struct device *device = lock(io);
    stream_listen(&device->stream);
    int error = device->stream.state == SND_PCM_STATE_DISCONNECTED ? -ENODEV : 0;
    if (error == 0) stream_start(&device->stream);
    unlock(device);
    return error;
}

static int device_stop(snd_pcm_ioplug_t *io) {
    struct device *device = lock(io);
    if (device->stream.state == SND_PCM_STATE_RUNNING) {
        microphone_note(device->stream.microphone, "stop %lld %lld",
            (long long)stream_frame(&device->stream, read_count(device)), (long long)device->stream.frame);
    }
    if (device->stream.state != SND_PCM_STATE_DISCONNECTED) device->stream.state = SND_PCM_STATE_SETUP;
    set_timer(device, 0);
    unlock(device);
    return 0;
}

static int device_prepare(snd_pcm_ioplug_t *io) {
    struct device *device = lock(io);
    stream_listen(&device->stream);
    int error = device->stream.state == SND_PCM_STATE_DISCONNECTED ? -ENODEV : 0;
    if (error == 0) {
        device->stream.state = SND_PCM_STATE_PREPARED;
        device->stream.told = 0;
        set_timer(device, 0);
    }
    unlock(device);
    return error;
}

static snd_pcm_sframes_t device_pointer(snd_pcm_ioplug_t *io) {
    struct device *device = lock(io);
    if (runs(device)) stream_advance(&device->stream, read_count(device));
    snd_pcm_sframes_t position = device->stream.state == SND_PCM_STATE_XRUN
        ? -EPIPE
        : stream_position(&device->stream, read_count(device));
    unlock(device);
    return position;
}

static snd_pcm_sframes_t refusal(struct device *device) {
    switch (device->stream.state) {
    case SND_PCM_STATE_XRUN:
        return -EPIPE;
    case SND_PCM_STATE_SUSPENDED:
        return -ESTRPIPE;
    case SND_PCM_STATE_DISCONNECTED:
        return -ENODEV;
    case SND_PCM_STATE_RUNNING:
        if (device->stream.failures == 0) return 0;
        device->stream.failures--;
        microphone_note(device->stream.microphone, "eio %lld",
            (long long)stream_frame(&device->stream, read_count(device)));
        return -EIO;
    default:
        return -EBADFD;
    }
}

static snd_pcm_sframes_t device_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
    snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
    struct device *device = lock(io);
    snd_pcm_sframes_t result = refusal(device);
    if (result == 0) {
        struct stream *stream = &device->stream;
        uint8_t *into = (uint8_t *)areas->addr + areas->first / 8 + offset * (areas->step / 8);
        int64_t position = read_count(device), last = position + (int64_t)size;
        // In pieces, because the timeline may jump between two frames.
        while (position < last) {
            int64_t from = stream_frame(stream, position), count = 1;
            while (position + count < last && stream_frame(stream, position + count) == from + count) count++;
            sound_write(&device->sound, stream->microphone, io->format, io->channels, from, (snd_pcm_uframes_t)count,
                into);
            into += (size_t)count * (areas->step / 8);
            position += count;
        }
        stream_was_read(stream, last);
        result = (snd_pcm_sframes_t)size;
        // alsa-lib counts these frames as read when this function has returned; the timer must know now.
        set_timer(device, stream_wake_time(stream, last));
        pthread_mutex_unlock(&stream->microphone->lock);
        return result;
    }
    unlock(device);
    return result;
}

static int device_revents(snd_pcm_ioplug_t *io, struct pollfd *descriptors, unsigned count, unsigned short *revents) {
    (void)descriptors, (void)count;
    struct device *device = lock(io);
    struct stream *stream = &device->stream;
    int64_t read = read_count(device);
    microphone_listen(stream->microphone);
    stream->frozen = false;
    if (runs(device)) stream_advance(stream, read);
    switch (stream->state) {
    case SND_PCM_STATE_RUNNING:
        *revents = 0;
        if (stream->spurious > 0) {
            stream->spurious--;
            stream->frozen = true;
            *revents = POLLIN;
        } else {
            int64_t least = stream->shorts > 0 ? 1 : stream->avail_min;
            if (stream_position(stream, read) - read >= least) *revents = POLLIN;
        }
        break;
    case SND_PCM_STATE_PREPARED:
        *revents = 0;
        break;
    case SND_PCM_STATE_DISCONNECTED:
        *revents = POLLERR | POLLNVAL;
        break;
    default:
        *revents = POLLIN | POLLERR;
        break;
    }
    unlock(device);
    return 0;
}

int device_resume(snd_pcm_ioplug_t *io) {
    struct device *device = lock(io);
    stream_listen(&device->stream);
    int error = stream_resume(&device->stream);
    unlock(device);
    return error;
}

static int device_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params) {
    struct device *device = lock(io);
    snd_pcm_uframes_t avail_min = 1, stop_threshold = io->buffer_size;
    snd_pcm_sw_params_get_avail_min(params, &avail_min);
    snd_pcm_sw_params_get_stop_threshold(params, &stop_threshold);
    device->stream.avail_min = avail_min > 0 ? (int64_t)avail_min : 1;
    // There is no buffer that could be overwritten, so a stream that shall run on without one stops as well.
    device->stream.stop_threshold = (int64_t)(stop_threshold < io->buffer_size ? stop_threshold : io->buffer_size);
    unlock(device);
    return 0;
}

static int device_hw_params(snd_pcm_ioplug_t *io, snd_pcm_hw_params_t *params) {
    (void)params;
    struct device *device = lock(io);
    struct stream *stream = &device->stream;
    stream->frames_per_nanosecond = io->rate * device->settings.speed / 1e9;
    stream->granularity = device->settings.granularity;
    stream->period = (int64_t)io->period_size;
    stream->avail_min = stream->period;
    stream->stop_threshold = (int64_t)io->buffer_size;
    stream->state = SND_PCM_STATE_SETUP;
    unlock(device);
    return 0;
}

void device_destroy(struct device *device) {
    struct microphone *microphone = device->stream.microphone;
    if (microphone != NULL) {
        pthread_mutex_lock(&microphone->lock);
        microphone->in_use = false;
        microphone_note(microphone, "close");
        pthread_mutex_unlock(&microphone->lock);
        microphone_let_go(microphone);
    }
    resume_unhook(&device->hook);
    if (device->timer >= 0) close(device->timer);
    if (device->io.poll_fd >= 0) close(device->io.poll_fd);
    sound_close(&device->sound);
    settings_free(&device->settings);
    free(device);
}

static int device_close(snd_pcm_ioplug_t *io) {
    device_destroy(io->private_data);
    return 0;
}

const snd_pcm_ioplug_callback_t device_callbacks = {
    .start = device_start,
    .stop = device_stop,
    .pointer = device_pointer,
    .transfer = device_transfer,
    .close = device_close,
    .hw_params = device_hw_params,
    .sw_params = device_sw_params,
    .prepare = device_prepare,
    .resume = device_resume,
    .poll_revents = device_revents,
};
