// vmic: a microphone for tests, as an alsa-lib I/O plugin. It is a real `snd_pcm_t` in real time, without a kernel that
// knows sound.
//
// The microphone hears a signal that never waits: which frame it hears now follows from CLOCK_MONOTONIC alone. What the
// application does not read in time is lost, as with hardware, and because the value of every frame is known, what came
// out tells exactly which frames are missing.
//
//     microphone (clock, commands)  <-  device (this file, one snd_pcm_t)  <-  stream (one run from start to stop)
//
// What an I/O plugin of alsa-lib 1.2.8 can rely on, and a driver that is tested with it:
// * `snd_pcm_status_t`: `avail` and `tstamp` belong together (the time is taken right after the position). The position
//   is exact to a frame unless `granularity` says otherwise; the clock is CLOCK_MONOTONIC.
// * `trigger_tstamp` is the time of the last start, drop or resume; at an overrun it does not change, unlike the kernel's.
// * Pulled out, the state is DISCONNECTED, reads and `prepare` give -ENODEV, and poll gives POLLERR|POLLNVAL at once, for
//   ever. `snd_pcm_avail_update` goes on giving a count, as the kernel's does in mmap mode.
// * Suspended, reads give -ESTRPIPE and poll POLLERR at once. `snd_pcm_resume` gives -EAGAIN until the time is over, or
//   -ENOSYS; alsa-lib would answer 0 in the plugin's place, so `resume.c` sees to it.
// * A second open gives -EBUSY while the first is not closed.
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "resume.h"
#include "settings.h"
#include "stream.h"

struct device {
    snd_pcm_ioplug_t io;
    struct settings settings;
    struct sound sound;
    struct stream stream;
    // The timer wakes the application for audio, the FIFO for a command.
    int timer;
    int64_t wake_time;
    // Keeps alsa-lib from answering `snd_pcm_resume` itself.
    struct resume_hook hook;
};

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

static int device_resume(snd_pcm_ioplug_t *io) {
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

static void destroy(struct device *device) {
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
    destroy(io->private_data);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
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

static int constrain(struct device *device) {
    snd_pcm_ioplug_t *io = &device->io;
    const struct settings *settings = &device->settings;
    const unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
    unsigned least = UINT32_MAX, most = 0;
    for (unsigned index = 0; index < settings->format_count; index++) {
        unsigned bytes = (unsigned)snd_pcm_format_physical_width((snd_pcm_format_t)settings->formats[index]) / 8;
        if (bytes < least) least = bytes;
        if (bytes > most) most = bytes;
    }
    unsigned fewest = settings->channels[0], widest = settings->channels[0];
    for (unsigned index = 0; index < settings->channel_count; index++) {
        if (settings->channels[index] < fewest) fewest = settings->channels[index];
        if (settings->channels[index] > widest) widest = settings->channels[index];
    }
    least *= fewest, most *= widest;
    int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    if (error >= 0) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, settings->format_count,
        settings->formats);
    if (error >= 0) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_CHANNELS, settings->channel_count,
        settings->channels);
    if (error >= 0) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_RATE, settings->rate_count,
        settings->rates);
    if (error >= 0) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES,
        settings->period_min * least, settings->period_max * most);
    if (error >= 0) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES,
        settings->buffer_min * least, settings->buffer_max * most);
    if (error >= 0) error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
    return error;
}

// What the microphone says to somebody who opens it. Takes it into use when it says nothing.
static int admission(struct device *device) {
    struct microphone *microphone = device->stream.microphone;
    struct command command;
    device->stream.frames_per_nanosecond = device->settings.rates[0] * device->settings.speed / 1e9;
    pthread_mutex_lock(&microphone->lock);
    microphone_listen(microphone);
    int64_t now = stream_clock(&device->stream);
    while (microphone_next(microphone, now, false, &command)) microphone_perform(microphone, &command, now);
    int error = 0;
    if (microphone->gone) error = -ENODEV;
    else if (microphone->denied != 0) error = -EACCES;
    else if (microphone->busy != 0 || microphone->in_use) error = -EBUSY;
    if (error == -EACCES && microphone->denied > 0) microphone->denied--;
    if (error == -EBUSY && microphone->busy > 0) microphone->busy--;
    if (error == 0) microphone->in_use = true;
    microphone_note(microphone, error == 0 ? "open %d" : "refused-open %d", -error);
    pthread_mutex_unlock(&microphone->lock);
    return error;
}

static int watch(int poll_fd, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN};
    return epoll_ctl(poll_fd, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : -errno;
}

static int make_descriptors(struct device *device) {
    device->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    device->io.poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (device->timer < 0 || device->io.poll_fd < 0) return -errno;
    int error = watch(device->io.poll_fd, device->timer);
    int control = device->stream.microphone->control;
    return error == 0 && control >= 0 ? watch(device->io.poll_fd, control) : error;
}

static int make(struct device *device, snd_config_t *config) {
    int error = settings_read(&device->settings, config);
    if (error < 0) return error;
    device->sound.after = device->settings.after;
    if (device->settings.infile != NULL) error = sound_open(&device->sound, device->settings.infile);
    if (error < 0) return error;
    struct microphone *microphone = microphone_find(device->settings.control, device->settings.journal);
    if (microphone == NULL) return -ENXIO;
    device->stream.microphone = microphone;
    error = admission(device);
    if (error < 0) {
        microphone_let_go(microphone);
        device->stream.microphone = NULL;
    }
    return error < 0 ? error : make_descriptors(device);
}

SND_PCM_PLUGIN_DEFINE_FUNC(vmic) {
    (void)root;
    if (stream != SND_PCM_STREAM_CAPTURE) return -EINVAL;
    struct device *device = calloc(1, sizeof *device);
    if (device == NULL) return -ENOMEM;
    device->timer = device->io.poll_fd = -1;
    int error = make(device, conf);
    if (error < 0) {
        destroy(device);
        return error;
    }
    device->io.version = SND_PCM_IOPLUG_VERSION;
    device->io.name = "Microphone for tests";
    device->io.flags = SND_PCM_IOPLUG_FLAG_MONOTONIC | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
    device->io.poll_events = POLLIN;
    device->io.callback = &callbacks;
    device->io.private_data = device;
    error = snd_pcm_ioplug_create(&device->io, name, stream, mode);
    if (error < 0) {
        destroy(device);
        return error;
    }
    error = constrain(device);
    if (error < 0) {
        // Closes the device as well.
        snd_pcm_ioplug_delete(&device->io);
        return error;
    }
    resume_hook(&device->hook, &device->io, device_resume);
    *pcmp = device->io.pcm;
    return 0;
}

SND_PCM_PLUGIN_SYMBOL(vmic);
