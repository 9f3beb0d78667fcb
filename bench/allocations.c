// Counts what each thread of a program allocates between two moments, without touching the program:
//
//   LD_PRELOAD=allocations.so ALLOCATIONS_FILE=out ALLOCATIONS_FROM=10 ALLOCATIONS_TO=60 program
//
// After ALLOCATIONS_TO seconds it writes one line per thread that was alive at either moment: its name, the number of
// allocations and their bytes between the two, and since the start. A thread that is not in the table, because there were
// more than MAX_THREADS, is counted in the line "(others)". The counting is two additions to memory of the thread's own.

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 512, NAME = 32 };

typedef struct {
    _Atomic uint64_t count, bytes;
    uint64_t count_from, bytes_from;
    pid_t id;
    char name[NAME];
} Tally;

static Tally tallies[MAX_THREADS + 1];
static atomic_int threads;
static __thread Tally *mine __attribute__((tls_model("initial-exec")));

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static void tally(size_t bytes) {
    if (mine == NULL) {
        int index = atomic_fetch_add(&threads, 1);
        mine = &tallies[index < MAX_THREADS ? index : MAX_THREADS];
        mine->id = (pid_t)syscall(SYS_gettid);
    }
    atomic_fetch_add_explicit(&mine->count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&mine->bytes, bytes, memory_order_relaxed);
}

void *malloc(size_t size) {
    tally(size);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    tally(count * size);
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    tally(size);
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    tally(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

void *valloc(size_t size) { return memalign((size_t)sysconf(_SC_PAGESIZE), size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
    *block = memalign(alignment, size);
    return *block != NULL ? 0 : ENOMEM;
}

// Threads get their names after they began to allocate, so names are read at each mark.
static void read_name(Tally *tally) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", tally->id);
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    char name[NAME];
    if (fgets(name, sizeof name, file) != NULL) {
        name[strcspn(name, "\n")] = 0;
        memcpy(tally->name, name, sizeof name);
    }
    fclose(file);
}

static int known(void) {
    int count = atomic_load(&threads);
    return count < MAX_THREADS ? count : MAX_THREADS;
}

static void mark(void) {
    for (int index = 0; index <= MAX_THREADS; index++) {
        if (index < known()) read_name(&tallies[index]);
        tallies[index].count_from = atomic_load(&tallies[index].count);
        tallies[index].bytes_from = atomic_load(&tallies[index].bytes);
    }
}

static void report(const char *path) {
    FILE *file = fopen(path, "we");
    if (file == NULL) return;
    for (int index = 0; index <= MAX_THREADS; index++) {
        Tally *tally = &tallies[index];
        uint64_t count = atomic_load(&tally->count), bytes = atomic_load(&tally->bytes);
        if (index < known()) read_name(tally);
        if (count == 0 || (tally->name[0] == 0 && index < MAX_THREADS)) continue;
        fprintf(file, "%s\t%llu\t%llu\t%llu\t%llu\n", index < MAX_THREADS ? tally->name : "(others)",
            (unsigned long long)(count - tally->count_from), (unsigned long long)(bytes - tally->bytes_from),
            (unsigned long long)count, (unsigned long long)bytes);
    }
    fclose(file);
}

static double seconds(const char *variable, double otherwise) {
    const char *text = getenv(variable);
    return text != NULL ? strtod(text, NULL) : otherwise;
}

static void wait_for(double seconds) {
    struct timespec rest = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &rest) == EINTR) {}
}

static void *watch(void *path) {
    double from = seconds("ALLOCATIONS_FROM", 10), to = seconds("ALLOCATIONS_TO", 60);
    pthread_setname_np(pthread_self(), "allocations");
    wait_for(from);
    mark();
    wait_for(to > from ? to - from : 0);
    report(path);
    return NULL;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("ALLOCATIONS_FILE");
    if (path == NULL) return;
    // The signals are the program's.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, watch, strdup(path)) == 0) pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
