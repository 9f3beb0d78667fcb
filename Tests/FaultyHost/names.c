// Lookups of names.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "host.h"

typedef int lookup(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static atomic_int lookups = 0;

static void wait_at_gate(void) {
    int gate = host_open("gate", O_RDONLY);
    if (gate < 0) return;
    while (flock(gate, LOCK_SH) != 0) {}
    close(gate);
}

// The C library frees the parts of an answer one by one, so two answers may become one.
static int both(lookup *next, const char *service, const struct addrinfo *hints, struct addrinfo **answer) {
    struct addrinfo *second = NULL;
    int result = next("::1", service, hints, answer);
    if (result != 0) return result;
    result = next("127.0.0.1", service, hints, &second);
    if (result != 0) {
        freeaddrinfo(*answer);
        return result;
    }
    struct addrinfo *last = *answer;
    while (last->ai_next != NULL) last = last->ai_next;
    last->ai_next = second;
    return 0;
}

REPLACES int getaddrinfo(
    const char *restrict name,
    const char *restrict service,
    const struct addrinfo *restrict hints,
    struct addrinfo **restrict answer
) {
    lookup *next = (lookup *)dlsym(RTLD_NEXT, "getaddrinfo");
    if (next == NULL) return EAI_SYSTEM;
    char text[32];
    if (name == NULL || strcmp(name, "localhost") != 0 || !host_read("names", text, sizeof text)) {
        return next(name, service, hints, answer);
    }
    int number = atomic_fetch_add(&lookups, 1);
    host_tell("lookup\n");
    const char *spared = strchr(text, ' ');
    if (spared != NULL && number < atoi(spared)) return next("127.0.0.1", service, hints, answer);
    wait_at_gate();
    host_read("names", text, sizeof text);
    if (strncmp(text, "absent", 6) == 0) return EAI_NONAME;
    if (strncmp(text, "busy", 4) == 0) return EAI_AGAIN;
    if (strncmp(text, "broken6", 7) == 0) return both(next, service, hints, answer);
    return next("127.0.0.1", service, hints, answer);
}
