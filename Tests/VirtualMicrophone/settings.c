#define _GNU_SOURCE
#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int read_keys(struct settings *settings, snd_config_t *config, int depth);

// Whole numbers in `least`...`most`, separated by blanks.
static int numbers(const char *text, unsigned least, unsigned most, unsigned *into, unsigned room, unsigned *count) {
    *count = 0;
    for (const char *rest = text; *rest != 0;) {
        char *end = NULL;
        unsigned long value = strtoul(rest, &end, 10);
        if (end == rest || value < least || value > most || *count == room) return -EINVAL;
        into[(*count)++] = (unsigned)value;
        rest = end + strspn(end, " ");
    }
    return *count > 0 ? 0 : -EINVAL;
}

static int number(const char *text, unsigned least, unsigned most, unsigned *into) {
    unsigned count;
    return numbers(text, least, most, into, 1, &count);
}

static int formats(struct settings *settings, const char *text) {
    char copy[128], *rest = NULL;
    if (strlen(text) >= sizeof copy) return -EINVAL;
    strcpy(copy, text);
    settings->format_count = 0;
    for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        snd_pcm_format_t format = snd_pcm_format_value(word);
        if (format != SND_PCM_FORMAT_S16_LE && format != SND_PCM_FORMAT_S24_3LE && format != SND_PCM_FORMAT_S32_LE &&
            format != SND_PCM_FORMAT_FLOAT_LE) return -EINVAL;
        if (settings->format_count == MAX_CHOICES) return -EINVAL;
        settings->formats[settings->format_count++] = (unsigned)format;
    }
    return settings->format_count > 0 ? 0 : -EINVAL;
}

static int replace(char **text, const char *value) {
    free(*text);
    *text = strdup(value);
    return *text != NULL ? 0 : -ENOMEM;
}

static int after(struct settings *settings, const char *text) {
    if (strcmp(text, "silence") == 0) settings->after = AFTER_SILENCE;
    else if (strcmp(text, "loop") == 0) settings->after = AFTER_LOOP;
    else if (strcmp(text, "counter") == 0) settings->after = AFTER_COUNTER;
    else return -EINVAL;
    return 0;
}

static int speed(struct settings *settings, const char *text) {
    char *end = NULL;
    settings->speed = strtod(text, &end);
    return *end == 0 && settings->speed >= 0.01 && settings->speed <= 1000 ? 0 : -EINVAL;
}

static int read_file(struct settings *settings, const char *path, int depth) {
    snd_input_t *input = NULL;
    snd_config_t *config = NULL;
    int error = depth > 0 ? -ELOOP : snd_input_stdio_open(&input, path, "r");
    if (error >= 0) error = snd_config_top(&config);
    if (error >= 0) error = snd_config_load(config, input);
    if (error >= 0) error = read_keys(settings, config, depth + 1);
    if (config != NULL) snd_config_delete(config);
    if (input != NULL) snd_input_close(input);
    return error;
}

static int read_key(struct settings *settings, const char *key, const char *value, int depth) {
    const unsigned most = 1 << 22;
    if (strcmp(key, "settings") == 0) return *value != 0 ? read_file(settings, value, depth) : 0;
    if (strcmp(key, "control") == 0) return replace(&settings->control, value);
    if (strcmp(key, "journal") == 0) return replace(&settings->journal, value);
    if (strcmp(key, "infile") == 0) return replace(&settings->infile, value);
    if (strcmp(key, "after") == 0) return after(settings, value);
    if (strcmp(key, "speed") == 0) return speed(settings, value);
    if (strcmp(key, "format") == 0) return formats(settings, value);
    if (strcmp(key, "rate") == 0)
        return numbers(value, 1000, 768000, settings->rates, MAX_CHOICES, &settings->rate_count);
    if (strcmp(key, "channels") == 0)
        return numbers(value, 1, 64, settings->channels, MAX_CHOICES, &settings->channel_count);
    if (strcmp(key, "granularity") == 0) return number(value, 1, most, &settings->granularity);
    if (strcmp(key, "period_min") == 0) return number(value, 1, most, &settings->period_min);
    if (strcmp(key, "period_max") == 0) return number(value, 1, most, &settings->period_max);
    if (strcmp(key, "buffer_min") == 0) return number(value, 1, most, &settings->buffer_min);
    if (strcmp(key, "buffer_max") == 0) return number(value, 1, most, &settings->buffer_max);
    return -ENOENT;
}

static int read_keys(struct settings *settings, snd_config_t *config, int depth) {
    snd_config_iterator_t here, next;
    snd_config_for_each(here, next, config) {
        snd_config_t *entry = snd_config_iterator_entry(here);
        const char *key = NULL;
        if (snd_config_get_id(entry, &key) < 0) continue;
        if (strcmp(key, "comment") == 0 || strcmp(key, "type") == 0 || strcmp(key, "hint") == 0) continue;
        char *value = NULL;
        int error = snd_config_get_ascii(entry, &value);
        if (error >= 0) error = read_key(settings, key, value, depth);
        if (error < 0) SNDERR("vmic: '%s' is not a value for '%s': %s", value ? value : "", key, snd_strerror(error));
        free(value);
        if (error < 0) return error;
    }
    return 0;
}

int settings_read(struct settings *settings, snd_config_t *config) {
    *settings = (struct settings){
        .after = AFTER_SILENCE,
        .formats = {SND_PCM_FORMAT_S16_LE}, .format_count = 1,
        .rates = {16000}, .rate_count = 1,
        .channels = {1}, .channel_count = 1,
        .speed = 1, .granularity = 1,
        .period_min = 16, .period_max = 65536, .buffer_min = 64, .buffer_max = 1 << 20,
    };
    int error = read_keys(settings, config, 0);
    if (error < 0) settings_free(settings);
    return error;
}

void settings_free(struct settings *settings) {
    free(settings->control);
    free(settings->journal);
    free(settings->infile);
    settings->control = settings->journal = settings->infile = NULL;
}
