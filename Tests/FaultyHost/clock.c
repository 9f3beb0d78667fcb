// The wall clock, and the calls that wait for a time of it. Times are in nanoseconds.

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

static const int64_t SECOND = 1000000000;
// How long a wait goes on before it looks at the clock again, which may have jumped.
static const int64_t LOOK = 20000000;

static int64_t of_kernel(clockid_t clock) {
    struct timespec time;
    syscall(SYS_clock_gettime, clock, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

static int64_t error_of_clock(void) {
    char text[32];
    return host_read("clock", text, sizeof text) ? strtoll(text, NULL, 10) * 1000000 : 0;
}

static int64_t wall(void) { return of_kernel(CLOCK_REALTIME) + error_of_clock(); }

static struct timespec parts(int64_t time) {
    int64_t rest = (time % SECOND + SECOND) % SECOND;
    return (struct timespec){.tv_sec = (time - rest) / SECOND, .tv_nsec = rest};
}

REPLACES int clock_gettime(clockid_t clock, struct timespec *time) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) {
        return (int)syscall(SYS_clock_gettime, clock, time);
    }
    *time = parts(wall());
    return 0;
}

REPLACES int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec now = parts(wall());
    *time = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

REPLACES time_t time(time_t *time) {
    time_t now = parts(wall()).tv_sec;
    if (time != NULL) *time = now;
    return now;
}

// How long to wait before the clock is looked at again; 0 when the time has come.
static int64_t pause_before(const struct timespec *until) {
    int64_t left = until->tv_sec * SECOND + until->tv_nsec - wall();
    return left <= 0 ? 0 : left < LOOK ? left : LOOK;
}

REPLACES int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    while (true) {
        int64_t pause = pause_before(until);
        struct timespec next = parts(of_kernel(CLOCK_MONOTONIC) + pause);
        if (sem_clockwait(semaphore, CLOCK_MONOTONIC, &next) == 0) return 0;
        if (errno != ETIMEDOUT || pause == 0) return -1;
    }
}

REPLACES int pthread_cond_timedwait(
    pthread_cond_t *restrict condition,
    pthread_mutex_t *restrict mutex,
    const struct timespec *restrict until
) {
    // The clock of a condition stands in this bit (glibc); one that is not the wall clock is none of our business.
    if ((condition->__data.__wrefs & 2) != 0) {
        return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, until);
    }
    int64_t pause = pause_before(until);
    struct timespec next = parts(of_kernel(CLOCK_MONOTONIC) + pause);
    int result = pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &next);
    // Whoever waits for a condition must be ready to wake up for nothing, and looks again then.
    return result == ETIMEDOUT && pause > 0 ? 0 : result;
}
