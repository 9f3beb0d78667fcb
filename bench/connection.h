// One client of the stub: what was read and not yet used, what was said and not yet sent.
//
// Nothing that is said ever stops the reading. A client may send from the thread that should read (some do), and a
// server that waits for it to read would then wait for ever; a service has the same independence.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include "dialect.h"

enum { BUFFER = 1 << 20 };

typedef struct {
    int fd;
    Dialect dialect;
    char path[512];
    uint8_t *buffer;
    size_t begin, end;
    uint8_t *unsent;
    size_t unsent_size, unsent_room;
    size_t bytes, zeros;
    // Bytes from the start that are the source's; what follows them is silence or wrong.
    size_t agreed;
    int is_tail_silent;
    long frames, messages;
    int is_same, is_closing, utterance;
    double first, last, utterance_start, next_interim;
    Message message;
} Connection;

// Sends what the socket takes now, or with `wait` all of it; 0 when the client is gone.
static int flush(Connection *c, int wait) {
    size_t sent = 0;
    while (sent < c->unsent_size) {
        ssize_t count = send(c->fd, c->unsent + sent, c->unsent_size - sent, wait ? 0 : MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (count <= 0) return 0;
        sent += (size_t)count;
    }
    memmove(c->unsent, c->unsent + sent, c->unsent_size - sent);
    c->unsent_size -= sent;
    return 1;
}

static int send_bytes(Connection *c, const void *data, size_t size) {
    if (c->unsent_size + size > c->unsent_room) {
        c->unsent_room = 2 * (c->unsent_size + size);
        c->unsent = realloc(c->unsent, c->unsent_room);
        if (c->unsent == NULL) stop("realloc");
    }
    memcpy(c->unsent + c->unsent_size, data, size);
    c->unsent_size += size;
    // What waits already is sent when the socket is writable again, not piece by piece.
    return c->unsent_size > size || flush(c, 0);
}

static int send_frame(Connection *c, int opcode, const void *payload, size_t size) {
    uint8_t frame[16 + MESSAGE];
    size_t length = frame_header(frame, opcode, size, 0);
    memcpy(frame + length, payload, size);
    c->messages += opcode == TEXT;
    return send_bytes(c, frame, length + size);
}

// Reads once, and sends meanwhile whatever still waits; 0 at the end of the stream.
static int fill(Connection *c) {
    while (c->unsent_size > 0) {
        struct pollfd ready = {.fd = c->fd, .events = POLLIN | POLLOUT};
        if (poll(&ready, 1, -1) < 0 && errno != EINTR) return 0;
        if (ready.revents & POLLOUT && !flush(c, 0)) return 0;
        if (ready.revents & ~POLLOUT) break;
    }
    ssize_t count;
    do count = read(c->fd, c->buffer + c->end, BUFFER - c->end);
    while (count < 0 && errno == EINTR);
    if (count <= 0) return 0;
    c->end += (size_t)count;
    return 1;
}

// Makes `size` bytes available at buffer + begin; 0 at the end of the stream.
static int need(Connection *c, size_t size) {
    if (size > BUFFER) return 0;
    if (c->begin + size > BUFFER) {
        memmove(c->buffer, c->buffer + c->begin, c->end - c->begin);
        c->end -= c->begin;
        c->begin = 0;
    }
    while (c->end - c->begin < size) {
        if (!fill(c)) return 0;
    }
    return 1;
}
