// vmic: a microphone for tests, as an alsa-lib I/O plugin. It is a real `snd_pcm_t` in real time, without a kernel that
// knows sound.
//
// The microphone hears a signal that never waits: which frame it hears now follows from CLOCK_MONOTONIC alone. What the
// application does not read in time is lost, as with hardware, and because the value of every frame is known, what came
// out tells exactly which frames are missing.
//
//     microphone (clock, commands)  <-  device (one snd_pcm_t)  <-  stream (one run from start to stop)
//
// What an I/O plugin of alsa-lib 1.2.8 can rely on, and a driver that is tested with it:
// * `snd_pcm_status_t`: `avail` and `tstamp` belong together (the time is taken right after the position). The position
//   is exact to a frame unless `granularity` says otherwise; the clock is CLOCK_MONOTONIC.
// * `trigger_tstamp` is the time of the last start or drop; at an overrun or a resume it does not change, unlike the kernel's.
// * Pulled out, the state is DISCONNECTED, reads and `prepare` give -ENODEV, and poll gives POLLERR|POLLNVAL at once, for
//   ever. `snd_pcm_avail_update` goes on giving a count, as the kernel's does in mmap mode.
// * Suspended, reads give -ESTRPIPE and poll POLLERR at once. `snd_pcm_resume` gives -EAGAIN until the time is over, or
//   -ENOSYS; alsa-lib would answer 0 in the plugin's place, so `resume.c` sees to it.
// * A second open gives -EBUSY while the first is not closed.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "device.h"

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

// alsa-lib unloads plugins when a program lets its configuration go. The microphones must outlive that, as hardware does.
static void stay_loaded(void) {
    Dl_info here;
    if (dladdr((void *)stay_loaded, &here) != 0) dlopen(here.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

SND_PCM_PLUGIN_DEFINE_FUNC(vmic) {
    (void)root;
    stay_loaded();
    if (stream != SND_PCM_STREAM_CAPTURE) return -EINVAL;
    struct device *device = calloc(1, sizeof *device);
    if (device == NULL) return -ENOMEM;
    device->timer = device->io.poll_fd = -1;
    int error = make(device, conf);
    if (error < 0) {
        device_destroy(device);
        return error;
    }
    device->io.version = SND_PCM_IOPLUG_VERSION;
    device->io.name = "Microphone for tests";
    device->io.flags = SND_PCM_IOPLUG_FLAG_MONOTONIC | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
    device->io.poll_events = POLLIN;
    device->io.callback = &device_callbacks;
    device->io.private_data = device;
    error = snd_pcm_ioplug_create(&device->io, name, stream, mode);
    if (error < 0) {
        device_destroy(device);
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
