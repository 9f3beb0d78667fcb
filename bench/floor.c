// The least that any program can do to send a file over a WebSocket: one blocking socket, one read, one mask and one
// write per frame. No checks, no recovery. What any client costs beyond this is the price of its comfort.
//
//   floor ws://127.0.0.1:PORT/PATH FILE.raw [FRAME-BYTES]

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "websocket.h"

enum { MAX_FRAME = 1 << 20, HEADER = 16, FRAMES_PER_LOOK = 16 };

static int connect_to(const char *host, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
        fprintf(stderr, "'%s' is not an IPv4 address\n", host);
        exit(64);
    }
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) stop("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

// Sends the handshake and reads up to the end of the answer's head.
static void upgrade(int fd, const char *authority, const char *path) {
    uint8_t nonce[16];
    char key[32], text[1024];
    if (getrandom(nonce, sizeof nonce, 0) != sizeof nonce) stop("getrandom");
    base64(nonce, sizeof nonce, key);
    int size = snprintf(text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n", path, authority, key);
    if (!write_all(fd, text, (size_t)size)) stop("write");
    for (size_t got = 0; got < sizeof text - 1; got++) {
        if (read(fd, text + got, 1) != 1) stop("handshake");
        text[got + 1] = 0;
        if (got >= 3 && memcmp(text + got - 3, "\r\n\r\n", 4) == 0) {
            if (strncmp(text, "HTTP/1.1 101", 12) != 0) stop("the server did not upgrade");
            return;
        }
    }
    stop("the answer is too long");
}

static uint32_t next_mask(void) {
    static uint64_t state;
    while (state == 0) {
        if (getrandom(&state, sizeof state, 0) != sizeof state) stop("getrandom");
    }
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 16);
}

// What the server says is taken off the socket and forgotten.
static void look(int fd, int flags) {
    static char heard[65536];
    while (recv(fd, heard, sizeof heard, flags) > 0) {}
}

static int send_frame(int fd, int opcode, uint8_t *payload, size_t size) {
    uint8_t head[HEADER];
    size_t length = frame_header(head, opcode, size, 1);
    uint32_t mask = next_mask();
    memcpy(head + length, &mask, 4);
    length += 4;
    apply_mask(payload, size, mask);
    memcpy(payload - length, head, length);
    return write_all(fd, payload - length, length + size);
}

int main(int count, char **arguments) {
    char host[64], path[512] = "/", authority[80];
    static uint8_t buffer[HEADER + MAX_FRAME];
    int port;
    if (count < 3 || sscanf(arguments[1], "ws://%63[^:/]:%d%511s", host, &port, path) < 2) {
        fprintf(stderr, "usage: floor ws://HOST:PORT/PATH FILE.raw [FRAME-BYTES]\n");
        return 64;
    }
    long frame = count > 3 ? strtol(arguments[3], NULL, 10) : 3200;
    if (frame < 2 || frame > MAX_FRAME) return 64;
    int file = open(arguments[2], O_RDONLY);
    if (file < 0) stop(arguments[2]);
    snprintf(authority, sizeof authority, "%s:%d", host, port);
    int fd = connect_to(host, port);
    upgrade(fd, authority, path);
    ssize_t size;
    for (long sent = 0; (size = read(file, buffer + HEADER, (size_t)frame)) > 0; sent++) {
        if (!send_frame(fd, BINARY, buffer + HEADER, (size_t)size)) stop("write");
        if (sent % FRAMES_PER_LOOK == 0) look(fd, MSG_DONTWAIT);
    }
    memcpy(buffer + HEADER, "\x03\xe8", 2);
    if (!send_frame(fd, CLOSE, buffer + HEADER, 2)) stop("write");
    look(fd, 0);
    return 0;
}
