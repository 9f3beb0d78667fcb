// A speech service that listens and says the agreed amount: the far side of every client in scripts/bench.
// It speaks four dialects (by path), compares every byte with the source, and stamps the first one.
//
//   stub SOURCE.raw [INTERIM-SECONDS [FINAL-SECONDS]]
//
// Prints {"port":N}, then one line of JSON per WebSocket connection when it ends.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "connection.h"

enum { BYTES_PER_SECOND = 32000 };

static const uint8_t *source;
static size_t source_size;
static double interim_seconds = 0.5, final_seconds = 10;

static int say(Connection *c) { return send_frame(c, TEXT, c->message.text, c->message.size); }

// The interims and finals that the audio so far gives rise to; the last piece of the source gives the last final.
static int say_results(Connection *c) {
    size_t heard = c->bytes < source_size ? c->bytes : source_size;
    double seconds = (double)heard / BYTES_PER_SECOND;
    while (interim_seconds > 0 && c->next_interim <= seconds && c->next_interim > c->utterance_start) {
        say_result(&c->message, c->dialect, c->utterance, c->utterance_start, c->next_interim, 0);
        c->next_interim += interim_seconds;
        if (!say(c)) return 0;
    }
    int is_last = heard == source_size && c->utterance_start < seconds;
    while (seconds - c->utterance_start >= final_seconds || is_last) {
        double end = c->utterance_start + final_seconds;
        if (end >= seconds) end = seconds, is_last = 0;
        say_result(&c->message, c->dialect, c->utterance++, c->utterance_start, end, 1);
        c->utterance_start = end;
        if (!say(c)) return 0;
        if (end == seconds) break;
    }
    if (c->next_interim <= c->utterance_start) c->next_interim = c->utterance_start + interim_seconds;
    return 1;
}

static int take_audio(Connection *c, const uint8_t *data, size_t size) {
    c->last = now();
    if (c->frames++ == 0) c->first = c->last;
    size_t left = c->bytes < source_size ? source_size - c->bytes : 0, common = size < left ? size : left;
    int is_equal = common == 0 || memcmp(data, source + c->bytes, common) == 0;
    if (!is_equal) c->is_same = 0;
    for (size_t i = common; i < size; i++) {
        if (data[i] != 0) c->is_same = 0;
    }
    size_t equal = 0;
    if (c->agreed == c->bytes) {
        equal = is_equal ? common : 0;
        while (equal < common && data[equal] == source[c->bytes + equal]) equal++;
        c->agreed += equal;
    }
    for (size_t i = equal; i < size; i++) {
        if (data[i] != 0) c->is_tail_silent = 0;
    }
    c->zeros += size - common;
    c->bytes += size;
    if (c->dialect == SPEECHMATICS) {
        c->message.size = 0;
        add(&c->message, "{\"message\":\"AudioAdded\",\"seq_no\":%ld}", c->frames);
        if (!say(c)) return 0;
    }
    return say_results(c);
}

// Reads one frame and acts on it; 0 when the connection is over.
static int take_frame(Connection *c) {
    if (!need(c, 2)) return 0;
    uint8_t *head = c->buffer + c->begin;
    int opcode = head[0] & 15;
    size_t extra = (head[1] & 127) == 126 ? 2 : (head[1] & 127) == 127 ? 8 : 0;
    if (!(head[1] & 0x80) || !need(c, 6 + extra)) return 0;
    head = c->buffer + c->begin;
    size_t size = extra == 0 ? head[1] & 127 : 0;
    for (size_t i = 0; i < extra; i++) size = size << 8 | head[2 + i];
    if (size > BUFFER - 16 || !need(c, 6 + extra + size)) return 0;
    head = c->buffer + c->begin;
    uint32_t mask;
    memcpy(&mask, head + 2 + extra, 4);
    uint8_t *payload = head + 6 + extra;
    apply_mask(payload, size, mask);
    c->begin += 6 + extra + size;
    if (opcode == CLOSE) {
        if (!c->is_closing) send_frame(c, CLOSE, payload, size < 2 ? size : 2);
        return 0;
    }
    if (opcode == PING) return send_frame(c, PONG, payload, size);
    if (opcode == TEXT) {
        char text[512];
        snprintf(text, sizeof text, "%.*s", (int)(size < 500 ? size : 500), (const char *)payload);
        int is_last = answer_text(&c->message, c->dialect, text, c->frames);
        if (c->message.size > 0 && !say(c)) return 0;
        if (is_last) c->is_closing = send_frame(c, CLOSE, "\x03\xe8", 2);
        return 1;
    }
    return opcode == PONG || size == 0 || take_audio(c, payload, size);
}

static const char *header(const char *head, const char *name, char *value, size_t room) {
    const char *line = head;
    size_t length = strlen(name);
    value[0] = 0;
    while ((line = strstr(line, "\r\n")) != NULL) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            snprintf(value, room, "%.*s", (int)strcspn(line + length + 1, "\r"), line + length + 1);
            return value + strspn(value, " ");
        }
    }
    return value;
}

// One HTTP request; 1 when it became a WebSocket, 0 when another request may follow, -1 at the end.
static int take_request(Connection *c) {
    char head[4096], value[512];
    size_t size = 0;
    while (size < sizeof head - 1) {
        if (!need(c, size + 1)) return -1;
        head[size] = (char)c->buffer[c->begin + size];
        head[++size] = 0;
        if (size >= 4 && memcmp(head + size - 4, "\r\n\r\n", 4) == 0) break;
    }
    c->begin += size;
    sscanf(head, "%*s %511s", c->path);
    char answer[1024];
    if (strncmp(head, "POST ", 5) == 0) {
        size_t body = strtoul(header(head, "Content-Length", value, sizeof value), NULL, 10);
        if (!need(c, body)) return -1;
        c->begin += body;
        char text[512];
        int length = snprintf(text, sizeof text, "{\"clientId\":\"%s\",\"sessionId\":\"stub-session\","
            "\"sessionCreateTime\":\"2026-01-01T00:00:00Z\",\"sessionClaimTime\":null}",
            header(head, "X-Juvoly-Client-Id", value, sizeof value));
        int all = snprintf(answer, sizeof answer,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", length, text);
        int is_last = strcasecmp(header(head, "Connection", value, sizeof value), "close") == 0;
        return send_bytes(c, answer, (size_t)all) && !is_last ? 0 : -1;
    }
    char accept[32];
    accept_key(header(head, "Sec-WebSocket-Key", value, sizeof value), accept);
    c->dialect = dialect_of(c->path);
    int all = snprintf(answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
        "%s\r\n", accept, c->dialect == JUVOLY ? "Sec-WebSocket-Protocol: v2.juvoly\r\n" : "");
    if (!send_bytes(c, answer, (size_t)all)) return -1;
    if (c->dialect == JUVOLY && !send_frame(c, TEXT, "{\"type\":\"ready\"}", 16)) return -1;
    return 1;
}

static void *serve(void *argument) {
    Connection *c = argument;
    int state;
    while ((state = take_request(c)) == 0) {}
    if (state == 1) {
        while (take_frame(c)) {}
        flush(c, 1);
        static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
        pthread_mutex_lock(&lock);
        printf("{\"path\":\"%.*s\",\"frames\":%ld,\"bytes\":%zu,\"zeros\":%zu,\"same\":%s,\"agreed\":%zu,"
            "\"tail_silent\":%s,\"messages\":%ld,\"first\":%.6f,\"wall\":%.6f}\n",
            (int)strcspn(c->path, "?\""), c->path, c->frames, c->bytes, c->zeros,
            c->is_same && c->bytes - c->zeros == source_size ? "true" : "false", c->agreed,
            c->is_tail_silent ? "true" : "false", c->messages, c->first, c->last - c->first);
        fflush(stdout);
        pthread_mutex_unlock(&lock);
    }
    close(c->fd);
    free(c->buffer);
    free(c->unsent);
    free(c);
    return NULL;
}

static void open_source(const char *path) {
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status) != 0) stop(path);
    source_size = (size_t)status.st_size;
    source = mmap(NULL, source_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (source == MAP_FAILED) stop(path);
}

int main(int count, char **arguments) {
    if (count < 2) {
        fprintf(stderr, "usage: stub SOURCE.raw [INTERIM-SECONDS [FINAL-SECONDS]]\n");
        return 64;
    }
    open_source(arguments[1]);
    if (count > 2) interim_seconds = strtod(arguments[2], NULL);
    if (count > 3) final_seconds = strtod(arguments[3], NULL);
    if (final_seconds < 1 || final_seconds > LONGEST_UTTERANCE) return 64;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 16) != 0) stop("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("{\"port\":%d}\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Connection *c = calloc(1, sizeof *c);
        if (c == NULL || (c->buffer = malloc(BUFFER)) == NULL) stop("malloc");
        c->fd = fd;
        c->is_same = c->is_tail_silent = 1;
        c->next_interim = interim_seconds;
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, c) != 0) stop("pthread_create");
        pthread_detach(thread);
    }
}
