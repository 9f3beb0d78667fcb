// The WebSocket parts that the floor client and the stub server of scripts/bench share: headers, masks, the handshake.
#pragma once

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

static inline double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static inline void stop(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

// Writes all of it; 0 when the other side is gone.
static inline int write_all(int fd, const void *data, size_t size) {
    const char *at = data;
    while (size > 0) {
        ssize_t count = write(fd, at, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        at += count;
        size -= (size_t)count;
    }
    return 1;
}

// XOR with the mask, eight bytes at a time: a loop that the compiler turns into vector instructions.
static inline void apply_mask(uint8_t *data, size_t size, uint32_t mask) {
    uint64_t wide = (uint64_t)mask << 32 | mask;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t part;
        memcpy(&part, data + at, 8);
        part ^= wide;
        memcpy(data + at, &part, 8);
    }
    for (; at < size; at++) data[at] ^= (uint8_t)(mask >> 8 * (at % 4));
}

// Writes a frame header into `head` and returns its length; `is_masked` only sets the bit.
static inline size_t frame_header(uint8_t *head, int opcode, size_t size, int is_masked) {
    uint8_t bit = is_masked ? 0x80 : 0;
    head[0] = (uint8_t)(0x80 | opcode);
    if (size < 126) {
        head[1] = (uint8_t)(bit | size);
        return 2;
    }
    if (size < 65536) {
        head[1] = bit | 126;
        head[2] = (uint8_t)(size >> 8);
        head[3] = (uint8_t)size;
        return 4;
    }
    head[1] = bit | 127;
    for (int i = 0; i < 8; i++) head[2 + i] = (uint8_t)((uint64_t)size >> 8 * (7 - i));
    return 10;
}

static inline uint32_t rotated(uint32_t value, int by) { return value << by | value >> (32 - by); }

// SHA-1 of at most 119 bytes, which is more than a handshake needs.
static inline void sha1(const uint8_t *data, size_t size, uint8_t out[20]) {
    uint8_t block[128] = {0};
    memcpy(block, data, size);
    block[size] = 0x80;
    size_t blocks = size < 56 ? 1 : 2;
    for (int i = 0; i < 8; i++) block[64 * blocks - 1 - (size_t)i] = (uint8_t)((uint64_t)size * 8 >> 8 * i);
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    for (size_t b = 0; b < blocks; b++) {
        uint32_t w[80], a = h[0], c1 = h[1], c2 = h[2], c3 = h[3], e = h[4];
        for (int i = 0; i < 16; i++) {
            const uint8_t *p = block + 64 * b + 4 * (size_t)i;
            w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) w[i] = rotated(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? (c1 & c2) | (~c1 & c3)
                       : i < 40 || i >= 60 ? c1 ^ c2 ^ c3 : (c1 & c2) | (c1 & c3) | (c2 & c3);
            uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t next = rotated(a, 5) + f + e + k + w[i];
            e = c3, c3 = c2, c2 = rotated(c1, 30), c1 = a, a = next;
        }
        h[0] += a, h[1] += c1, h[2] += c2, h[3] += c3, h[4] += e;
    }
    for (int i = 0; i < 20; i++) out[i] = (uint8_t)(h[i / 4] >> 8 * (3 - i % 4));
}

static inline void base64(const uint8_t *data, size_t size, char *out) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        uint32_t v = (uint32_t)data[i] << 16 | (i + 1 < size ? (uint32_t)data[i + 1] << 8 : 0)
                   | (i + 2 < size ? data[i + 2] : 0);
        *out++ = letters[v >> 18];
        *out++ = letters[v >> 12 & 63];
        *out++ = i + 1 < size ? letters[v >> 6 & 63] : '=';
        *out++ = i + 2 < size ? letters[v & 63] : '=';
    }
    *out = 0;
}

// The value of Sec-WebSocket-Accept for a key of 24 characters.
static inline void accept_key(const char *key, char out[32]) {
    char joined[64];
    uint8_t digest[20];
    int size = snprintf(joined, sizeof joined, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    sha1((const uint8_t *)joined, (size_t)size, digest);
    base64(digest, 20, out);
}
