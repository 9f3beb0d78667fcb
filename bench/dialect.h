// What a speech service says while it listens, in the words of each vendor. All say equally much and equally often:
// an interim every half second of audio that repeats the words since the last final, a final every ten seconds.
#pragma once

#include <stdarg.h>

#include "websocket.h"

typedef enum { RAW, JUVOLY, DEEPGRAM, SPEECHMATICS } Dialect;

static const double WORD_STEP = 0.4, WORD_LENGTH = 0.3;
enum { MESSAGE = 65536, LONGEST_UTTERANCE = 60 };

typedef struct {
    char text[MESSAGE];
    size_t size;
} Message;

__attribute__((format(printf, 2, 3))) static void add(Message *message, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int count = vsnprintf(message->text + message->size, MESSAGE - message->size, format, list);
    va_end(list);
    if (count < 0 || (size_t)count >= MESSAGE - message->size) stop("a message is too long");
    message->size += (size_t)count;
}

static Dialect dialect_of(const char *path) {
    if (strncmp(path, "/api/v2/socket/", 15) == 0) return JUVOLY;
    if (strncmp(path, "/v1/listen", 10) == 0) return DEEPGRAM;
    return strncmp(path, "/v2", 3) == 0 ? SPEECHMATICS : RAW;
}

static void add_word(Message *m, Dialect dialect, int index, double start, double end) {
    static const char *words[] = {"patiënt", "heeft", "sinds", "een", "week", "last", "van", "hoesten", "en", "koorts"};
    const char *word = words[index % 10], *comma = index == 0 ? "" : ",";
    if (dialect == DEEPGRAM) {
        add(m, "%s{\"word\":\"%s\",\"start\":%.2f,\"end\":%.2f,\"confidence\":0.98,\"punctuated_word\":\"%s\"}",
            comma, word, start, end, word);
    } else if (dialect == SPEECHMATICS) {
        add(m, "%s{\"type\":\"word\",\"start_time\":%.2f,\"end_time\":%.2f,\"alternatives\":"
            "[{\"content\":\"%s\",\"confidence\":0.98,\"language\":\"nl\"}]}", comma, start, end, word);
    } else {
        add(m, "%s{\"word\":\"%s\",\"start\":%.2f,\"end\":%.2f}", comma, word, start, end);
    }
}

// The words from `start` to `end` in the vendor's form; the last word reaches to the end, so that nothing is left out.
static void add_words(Message *m, Dialect dialect, double start, double end) {
    int count = (int)((end - start) / WORD_STEP + 0.5);
    if (count < 1) count = 1;
    for (int i = 0; i < count; i++) {
        double at = start + i * WORD_STEP;
        add_word(m, dialect, i, at, i == count - 1 ? end : at + WORD_LENGTH);
    }
}

static void add_sentence(Message *m, double start, double end) {
    int count = (int)((end - start) / WORD_STEP + 0.5);
    for (int i = 0; i < count; i++) add(m, "%swoord", i == 0 ? "" : " ");
    add(m, ".");
}

// One interim or final for the audio from `start` to `end` seconds.
static void say_result(Message *m, Dialect dialect, int id, double start, double end, int is_final) {
    m->size = 0;
    if (dialect == DEEPGRAM) {
        add(m, "{\"type\":\"Results\",\"channel_index\":[0,1],\"duration\":%.2f,\"start\":%.2f,\"is_final\":%s,"
            "\"speech_final\":%s,\"channel\":{\"alternatives\":[{\"transcript\":\"", end - start, start,
            is_final ? "true" : "false", is_final ? "true" : "false");
        add_sentence(m, start, end);
        add(m, "\",\"confidence\":0.98,\"words\":[");
        add_words(m, dialect, start, end);
        add(m, "]}]},\"metadata\":{\"request_id\":\"r\",\"model_uuid\":\"m\",\"model_info\":"
            "{\"name\":\"stub\",\"version\":\"1\",\"arch\":\"none\"}}}");
    } else if (dialect == SPEECHMATICS) {
        add(m, "{\"message\":\"%s\",\"format\":\"2.9\",\"metadata\":{\"start_time\":%.2f,\"end_time\":%.2f,"
            "\"transcript\":\"", is_final ? "AddTranscript" : "AddPartialTranscript", start, end);
        add_sentence(m, start, end);
        add(m, "\"},\"results\":[");
        add_words(m, dialect, start, end);
        add(m, "]}");
    } else {
        add(m, "{\"type\":\"transcript\",\"utterance\":{\"id\":\"%d\",\"sentence\":\"", id);
        add_sentence(m, start, end);
        add(m, "\",\"words\":[");
        add_words(m, dialect, start, end);
        add(m, "]},\"completed\":%s}", is_final ? "true" : "false");
    }
}

// The answer to a text message; 1 when the connection is to be closed after it.
static int answer_text(Message *m, Dialect dialect, const char *text, long frames) {
    m->size = 0;
    if (dialect == SPEECHMATICS && strstr(text, "StartRecognition")) {
        add(m, "{\"message\":\"RecognitionStarted\",\"id\":\"x\",\"language_pack_info\":{\"word_delimiter\":\" \"}}");
    } else if (dialect == SPEECHMATICS && strstr(text, "EndOfStream")) {
        add(m, "{\"message\":\"EndOfTranscript\"}");
    } else if (dialect == DEEPGRAM && strstr(text, "CloseStream")) {
        add(m, "{\"type\":\"Metadata\",\"transaction_key\":\"d\",\"request_id\":\"r\",\"sha256\":\"0\","
            "\"created\":\"2026-01-01T00:00:00Z\",\"duration\":%.2f,\"channels\":1}", (double)frames / 10);
        return 1;
    }
    return 0;
}
