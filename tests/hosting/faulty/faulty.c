/* Faulty: a VST3 audio effect in one plain C file that misbehaves as the text file beside it says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * No SDK is used: the binary interface (module entry, factory, and one object that is component, processor and
 * edit controller at once) is written out as function tables. Checked on Linux with pedalboard 0.9.26.
 *
 * One bundle is one behaviour: `Contents/Resources/behaviour.txt` holds lines `key=value`, so that a test, a plan in
 * the hot folder and a benchmark can each have a plugin of their own without touching anybody's environment.
 *
 *   name=TEXT          name of the plugin (also makes its class id)           Faulty
 *   layout=KIND        mono | stereo | both: channel layouts it accepts       both
 *   latency=N          delays by N frames                                     0
 *   report=N           latency that it tells the host                         = latency
 *   echo=N             adds the input N frames later at half level            0 (off)
 *   fault=KIND         crash abort exit hang spin crawl alloc flood nan inf mute loud limit forge   none
 *   when=PLACE         load create init process getstate setstate unload      process
 *   after=N            in process: only once N frames have gone by            0
 *   channel=N          nan, inf, mute, loud: in this channel only             all
 *   loud_db=N          loud: by so many dB                                    120
 *   chance=P           the fault strikes an instance with this probability    1
 *   crawl_ms=N         crawl: computes for so long in every process call    1000
 *   lines=N            flood: so many lines in every call                   20000
 *   slow_ms=N          pause in every process call                            0
 *   load_ms=N          pause while the module loads                           0
 *   load_busy_ms=N     computes for so long while the module loads            0
 *   leak_mb=N          memory that every instance takes and never gives back  0
 *   wobble=1           level depends on the process (up to 0.1 %)             0
 *   deny_state=1       refuses to give or take its state                      0
 *   blockdep=1         level depends on the block size (up to 0.1 %)          0
 *   random=1           adds noise of -60 dBFS that differs each time          0
 *   single=1           breaks when a second instance lives in the process     0
 *
 * crash writes to an invalid address; exit ends the process with code 0, which looks like success; hang sleeps,
 * spin burns CPU for ever, crawl for a while; alloc takes and touches memory without end; flood writes lines to stderr.
 * limit lets no file grow any more in the whole process; forge writes answers of its own into every pipe that it finds.
 *
 * Parameters: Gain -24..24 dB; Tone 20..20000 Hz, logarithmic low-pass, 20000 is off; Mode Normal, Invert, Mute;
 * Active Off, On; Process 0..100 %, wet part (a name that is also a Python attribute); Level, a read-only meter.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* ---- the binary interface ------------------------------------------------------------------------------------ */

typedef int32_t Answer;
enum { NO_SUCH_INTERFACE = -1, YES = 0, NO = 1, BAD_ARGUMENT = 2, NOT_DONE = 3 };

typedef uint8_t Id[16];
#define WORD(w) (uint8_t)((w) >> 24), (uint8_t)((w) >> 16), (uint8_t)((w) >> 8), (uint8_t)(w)
#define ID(a, b, c, d) { WORD(a), WORD(b), WORD(c), WORD(d) }
static const Id ID_UNKNOWN = ID(0x00000000u, 0x00000000u, 0xC0000000u, 0x00000046u);
static const Id ID_PLUGIN_BASE = ID(0x22888DDBu, 0x156E45AEu, 0x8358B348u, 0x08190625u);
static const Id ID_FACTORY = ID(0x7A4D811Cu, 0x52114A1Fu, 0xAED9D2EEu, 0x0B43BF9Fu);
static const Id ID_COMPONENT = ID(0xE831FF31u, 0xF2D54301u, 0x928EBBEEu, 0x25697802u);
static const Id ID_PROCESSOR = ID(0x42043F99u, 0xB7DA453Cu, 0xA569E79Du, 0x9AAEC33Du);
static const Id ID_CONTROLLER = ID(0xDCD7BBE3u, 0x7742448Du, 0xA874AACCu, 0x979C759Eu);

typedef struct {
    int32_t media, direction, channels;
    int16_t name[128];
    int32_t kind;
    uint32_t flags;
} Bus;
typedef struct { int32_t mode, sample_size, largest_block; double rate; } Setup;
typedef struct { int32_t channels; uint64_t silent; float **samples; } Buffers;
typedef struct {
    int32_t mode, sample_size, frames, inputs, outputs;
    Buffers *in, *out;
    void *changes_in, *changes_out, *events_in, *events_out, *context;
} Block;
typedef struct {
    uint32_t id;
    int16_t title[128], short_title[128], unit[128];
    int32_t steps;
    double normal;
    int32_t group, flags;
} Parameter;
typedef struct { char vendor[64], url[256], email[128]; int32_t flags; } Maker;
typedef struct { Id id; int32_t instances; char category[32], name[64]; } Class;

/* What the host hands in: a pointer to a pointer to a table that starts with query, add_ref, release. */
typedef struct { void *query, *add_ref, *release; } Head;
typedef struct {
    Head head;
    uint32_t (*id)(void *);
    int32_t (*points)(void *);
    Answer (*point)(void *, int32_t, int32_t *, double *);
} Queue;
typedef struct { Head head; int32_t (*count)(void *); Queue **(*at)(void *, int32_t); } Changes;
typedef struct {
    Head head;
    Answer (*read)(void *, void *, int32_t, int32_t *);
    Answer (*write)(void *, void *, int32_t, int32_t *);
} Stream;

#define SHOWN __attribute__((visibility("default")))

/* ---- behaviour, read once when the module loads --------------------------------------------------------------- */

static struct {
    char name[64], layout[16], fault[16], when[16];
    int latency, report, echo, channel, crawl_ms, lines, slow_ms, load_ms, load_busy_ms, leak_mb, wobble, deny_state, blockdep, random,
        single;
    long after;
    double chance, loud_db;
} wish = {.name = "Faulty", .layout = "both", .fault = "none", .when = "process", .report = -1, .channel = -1, .chance = 1.0,
          .crawl_ms = 1000, .lines = 20000, .loud_db = 120};

static int is(const char *a, const char *b) { return !strcmp(a, b); }

static void obey(const char *key, const char *value)
{
    if (is(key, "name")) snprintf(wish.name, sizeof wish.name, "%s", value);
    else if (is(key, "layout")) snprintf(wish.layout, sizeof wish.layout, "%s", value);
    else if (is(key, "fault")) snprintf(wish.fault, sizeof wish.fault, "%s", value);
    else if (is(key, "when")) snprintf(wish.when, sizeof wish.when, "%s", value);
    else if (is(key, "latency")) wish.latency = atoi(value);
    else if (is(key, "report")) wish.report = atoi(value);
    else if (is(key, "echo")) wish.echo = atoi(value);
    else if (is(key, "channel")) wish.channel = atoi(value);
    else if (is(key, "crawl_ms")) wish.crawl_ms = atoi(value);
    else if (is(key, "lines")) wish.lines = atoi(value);
    else if (is(key, "slow_ms")) wish.slow_ms = atoi(value);
    else if (is(key, "load_ms")) wish.load_ms = atoi(value);
    else if (is(key, "load_busy_ms")) wish.load_busy_ms = atoi(value);
    else if (is(key, "leak_mb")) wish.leak_mb = atoi(value);
    else if (is(key, "wobble")) wish.wobble = atoi(value);
    else if (is(key, "deny_state")) wish.deny_state = atoi(value);
    else if (is(key, "blockdep")) wish.blockdep = atoi(value);
    else if (is(key, "random")) wish.random = atoi(value);
    else if (is(key, "single")) wish.single = atoi(value);
    else if (is(key, "after")) wish.after = atol(value);
    else if (is(key, "chance")) wish.chance = atof(value);
    else if (is(key, "loud_db")) wish.loud_db = atof(value);
    else fprintf(stderr, "faulty: unknown key %s\n", key);
}

static void read_behaviour(void)
{
    Dl_info here;
    char path[4096], line[256], *cut;
    if (!dladdr((void *)read_behaviour, &here) || !here.dli_fname) return;
    snprintf(path, sizeof path - 64, "%s", here.dli_fname);
    for (int up = 0; up < 2; up++)
        if ((cut = strrchr(path, '/'))) *cut = 0;
    strcat(path, "/Resources/behaviour.txt");
    FILE *file = fopen(path, "r");
    if (!file) return;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = 0;
        if (!(cut = strchr(line, '='))) continue;
        *cut = 0;
        obey(line, cut + 1);
    }
    fclose(file);
}

static double dice(void)
{
    static unsigned seed;
    struct timespec now;
    if (!seed) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        seed = (unsigned)now.tv_nsec ^ ((unsigned)getpid() << 8) ^ 1u;
    }
    return rand_r(&seed) / (double)RAND_MAX;
}

static void compute(int ms)
{
    for (clock_t end = clock() + (clock_t)ms * (CLOCKS_PER_SEC / 1000); clock() < end;) { }
}

static void forge(void)
{
    static const char lines[] = "{\"kind\": \"answer\"}\n{\"kind\": \"error\", \"details\": 7}\nno message\n{\"half";
    for (int n = 3; n < 64; n++) {
        int flags = fcntl(n, F_GETFL);
        if (flags >= 0 && (flags & O_ACCMODE) == O_WRONLY && write(n, lines, sizeof lines - 1) < 0) continue;
    }
}

static void misbehave(void)
{
    if (is(wish.fault, "forge")) forge();
    if (is(wish.fault, "limit")) setrlimit(RLIMIT_FSIZE, &(struct rlimit){1, 1});
    if (is(wish.fault, "crash")) { int *volatile nowhere = (int *)8; *nowhere = 1; }
    if (is(wish.fault, "abort")) abort();
    if (is(wish.fault, "exit")) _exit(0);
    if (is(wish.fault, "hang")) for (;;) sleep(1);
    if (is(wish.fault, "spin")) for (volatile unsigned long n = 0;; n++) { }
    if (is(wish.fault, "crawl")) compute(wish.crawl_ms);
    if (is(wish.fault, "flood"))
        for (int n = 0; n < wish.lines; n++) fprintf(stderr, "faulty: line %d of a flood that nobody asked for\n", n);
    if (is(wish.fault, "alloc"))
        for (;;) {
            size_t size = (size_t)64 << 20;
            char *piece = malloc(size);
            if (!piece) abort();
            memset(piece, 1, size);
        }
}

static void leak(void)
{
    size_t size = (size_t)wish.leak_mb << 20;
    volatile char *lost = malloc(size + 1); /* volatile: the compiler would leave out what nobody reads */
    for (size_t n = 0; lost && n < size; n += 4096) lost[n] = 1;
}

static void at(const char *place)
{
    if (is(wish.when, place) && !is(wish.fault, "none")) misbehave();
}

static void widen(int16_t *to, const char *from)
{
    int n = 0;
    for (; from[n] && n < 127; n++) to[n] = from[n];
    to[n] = 0;
}

/* ---- the object ------------------------------------------------------------------------------------------------ */

enum { GAIN, TONE, MODE, ACTIVE, WET, LEVEL, PARAMETERS };
static const char *MODES[] = {"Normal", "Invert", "Mute"};
static const double START[PARAMETERS] = {0.5, 1.0, 0.0, 1.0, 1.0, 0.0};
static int alive;

typedef struct {
    const void *as_component, *as_processor, *as_controller; /* the three interfaces are these three pointers */
    int refs, channels, place, echo_place, strikes;
    long gone_by;
    double rate, value[PARAMETERS]; /* values 0..1 */
    float low[2], *late[2], *echo[2];
} Faulty;

#define FROM(view, s) ((Faulty *)((char *)(s) - offsetof(Faulty, view)))

static Answer ask(Faulty *f, const Id id, void **out)
{
    if (!memcmp(id, ID_UNKNOWN, 16) || !memcmp(id, ID_PLUGIN_BASE, 16) || !memcmp(id, ID_COMPONENT, 16))
        *out = &f->as_component;
    else if (!memcmp(id, ID_PROCESSOR, 16)) *out = &f->as_processor;
    else if (!memcmp(id, ID_CONTROLLER, 16)) *out = &f->as_controller;
    else { *out = NULL; return NO_SUCH_INTERFACE; }
    f->refs++;
    return YES;
}

static void bury(Faulty *f)
{
    for (int c = 0; c < 2; c++) { free(f->late[c]); free(f->echo[c]); }
    free(f);
    alive--;
}

static uint32_t let_go(Faulty *f)
{
    int left = --f->refs;
    if (!left) bury(f);
    return (uint32_t)left;
}

#define COUNTED(view) \
    static Answer view##_query(void *s, const Id id, void **out) { return ask(FROM(view, s), id, out); } \
    static uint32_t view##_add_ref(void *s) { return (uint32_t)++FROM(view, s)->refs; } \
    static uint32_t view##_release(void *s) { return let_go(FROM(view, s)); }
COUNTED(as_component)
COUNTED(as_processor)
COUNTED(as_controller)
#define HEAD(view) {view##_query, view##_add_ref, view##_release}

static Answer agree(void *s) { (void)s; return YES; }

/* ---- component: buses, activation, state ------------------------------------------------------------------------ */

static Answer start(void *s, void *context) { (void)s; (void)context; at("init"); return YES; }
static Answer controller_id(void *s, Id id) { (void)s; (void)id; return NOT_DONE; } /* the same object */
static int32_t buses(void *s, int32_t media, int32_t direction) { (void)s; (void)direction; return media == 0; }
static Answer bus(void *s, int32_t media, int32_t direction, int32_t index, Bus *out)
{
    if (media || index) return BAD_ARGUMENT;
    memset(out, 0, sizeof *out);
    out->direction = direction;
    out->channels = FROM(as_component, s)->channels;
    out->flags = 1;
    widen(out->name, direction ? "Output" : "Input");
    return YES;
}
static Answer routing(void *s, void *in, void *out) { (void)s; (void)in; (void)out; return NOT_DONE; }
static Answer set_active(void *s, uint8_t on)
{
    Faulty *f = FROM(as_component, s);
    if (!on) return YES;
    f->place = f->echo_place = 0;
    f->gone_by = 0;
    for (int c = 0; c < 2; c++) {
        f->low[c] = 0;
        memset(f->late[c], 0, sizeof(float) * (size_t)(wish.latency + 1));
        memset(f->echo[c], 0, sizeof(float) * (size_t)(wish.echo + 1));
    }
    return YES;
}
static Answer take_state(void *s, Stream **stream)
{
    double value[PARAMETERS];
    int32_t got = 0;
    at("setstate");
    if (wish.deny_state) return NO;
    if ((*stream)->read(stream, value, sizeof value, &got) != YES || got != (int32_t)sizeof value) return NO;
    memcpy(FROM(as_component, s)->value, value, sizeof value);
    return YES;
}
static Answer give_state(void *s, Stream **stream)
{
    int32_t put = 0;
    at("getstate");
    if (wish.deny_state) return NO;
    return (*stream)->write(stream, FROM(as_component, s)->value, sizeof(double) * PARAMETERS, &put);
}
static const struct { void *f[14]; } COMPONENT = {{
    as_component_query, as_component_add_ref, as_component_release, start, agree, controller_id, agree, buses, bus,
    routing, agree, set_active, take_state, give_state}};

/* ---- processor -------------------------------------------------------------------------------------------------- */

static Answer arrange(void *s, uint64_t *in, int32_t inputs, uint64_t *out, int32_t outputs)
{
    if (inputs != 1 || outputs != 1 || in[0] != out[0]) return NO;
    int channels = __builtin_popcountll(in[0]);
    if (channels < 1 || channels > 2) return NO;
    if (is(wish.layout, "mono") && channels != 1) return NO;
    if (is(wish.layout, "stereo") && channels != 2) return NO;
    FROM(as_processor, s)->channels = channels;
    return YES;
}
static Answer arrangement(void *s, int32_t direction, int32_t index, uint64_t *out)
{
    (void)direction;
    if (index) return BAD_ARGUMENT;
    *out = FROM(as_processor, s)->channels == 1 ? (uint64_t)1 << 19 : 3;
    return YES;
}
static Answer can_process(void *s, int32_t size) { (void)s; return size == 0 ? YES : NO; }
static uint32_t latency(void *s) { (void)s; return (uint32_t)(wish.report >= 0 ? wish.report : wish.latency); }
static Answer set_up(void *s, Setup *setup) { FROM(as_processor, s)->rate = setup->rate; return YES; }
static Answer processing(void *s, uint8_t on) { (void)s; (void)on; return NOT_DONE; }

static void take_changes(Faulty *f, Changes **changes)
{
    if (!changes) return;
    for (int32_t n = 0, all = (*changes)->count(changes); n < all; n++) {
        Queue **queue = (*changes)->at(changes, n);
        int32_t offset, last;
        double value;
        if (!queue || (last = (*queue)->points(queue)) < 1) continue;
        uint32_t id = (*queue)->id(queue);
        if (id < LEVEL && (*queue)->point(queue, last - 1, &offset, &value) == YES) f->value[id] = value;
    }
}

static float delayed(float *ring, int length, int place, float in)
{
    float out = ring[place % length];
    ring[place % length] = in;
    return out;
}

static Answer run(void *s, Block *b)
{
    Faulty *f = FROM(as_processor, s);
    take_changes(f, b->changes_in);
    if (!b->frames || !b->inputs || !b->outputs) return YES; /* parameters only */
    if (wish.slow_ms) usleep((useconds_t)wish.slow_ms * 1000);
    if (wish.single && alive > 1) abort();

    int due = is(wish.when, "process") && f->strikes && f->gone_by + b->frames > wish.after;
    if (due) misbehave();
    int poison = due && (is(wish.fault, "nan") || is(wish.fault, "inf"));
    float spoilt = !due ? 1 : is(wish.fault, "mute") ? 0 : is(wish.fault, "loud") ? (float)pow(10, wish.loud_db / 20) : 1;

    float gain = (float)pow(10, (f->value[GAIN] * 48 - 24) / 20), wet = (float)f->value[WET];
    float pole = (float)(1 - exp(-2 * M_PI * 20 * pow(1000, f->value[TONE]) / f->rate));
    int mode = (int)lrint(f->value[MODE] * 2), open = f->value[TONE] > 0.9999;
    if (mode == 1) gain = -gain;
    if (mode == 2) gain = 0;
    if (f->value[ACTIVE] < 0.5) { gain = 1; open = 1; wet = 1; }
    if (wish.wobble) gain *= 1 + 1e-3f * (float)(getpid() & 255) / 255;
    if (wish.blockdep) gain *= 1 + 1e-3f * (float)(b->frames & 255) / 255;

    int channels = b->out[0].channels < b->in[0].channels ? b->out[0].channels : b->in[0].channels;
    if (channels > 2) channels = 2;
    for (int c = 0; c < channels; c++) {
        const float *in = b->in[0].samples[c];
        float *out = b->out[0].samples[c];
        for (int n = 0; n < b->frames; n++) {
            float x = in[n];
            f->low[c] = open ? x : f->low[c] + pole * (x - f->low[c]);
            float y = wet * gain * f->low[c] + (1 - wet) * x;
            if (wish.echo) y += 0.5f * delayed(f->echo[c], wish.echo, f->echo_place + n, x);
            if (wish.latency) y = delayed(f->late[c], wish.latency, f->place + n, y);
            if (wish.random) y += 1e-3f * (float)(2 * dice() - 1);
            if (wish.channel < 0 || wish.channel == c) y *= spoilt;
            out[n] = y;
        }
        if (poison && (wish.channel < 0 || wish.channel == c)) out[b->frames - 1] = is(wish.fault, "nan") ? NAN : INFINITY;
    }
    if (wish.latency) f->place = (f->place + b->frames) % wish.latency;
    if (wish.echo) f->echo_place = (f->echo_place + b->frames) % wish.echo;
    f->gone_by += b->frames;
    b->out[0].silent = 0;
    return YES;
}
static uint32_t tail(void *s) { (void)s; return (uint32_t)wish.echo; }
static const struct { void *f[11]; } PROCESSOR = {{
    as_processor_query, as_processor_add_ref, as_processor_release, arrange, arrangement, can_process, latency, set_up,
    processing, run, tail}};

/* ---- edit controller: parameters and their texts ------------------------------------------------------------------ */

static const struct { const char *title, *unit; int steps, flags; } SHEET[PARAMETERS] = {
    {"Gain", "dB", 0, 1}, {"Tone", "Hz", 0, 1}, {"Mode", "", 2, 1 | 8}, {"Active", "", 1, 1}, {"Process", "%", 0, 1},
    {"Level", "dB", 0, 2}}; /* flags: 1 automatable, 2 read only, 8 list */

static Answer same_state(void *s, void *stream) { (void)s; (void)stream; return YES; }
static Answer no_state(void *s, void *stream) { (void)s; (void)stream; return NOT_DONE; }
static int32_t count(void *s) { (void)s; return PARAMETERS; }
static Answer describe(void *s, int32_t n, Parameter *out)
{
    (void)s;
    if (n < 0 || n >= PARAMETERS) return BAD_ARGUMENT;
    memset(out, 0, sizeof *out);
    out->id = (uint32_t)n;
    widen(out->title, SHEET[n].title);
    widen(out->short_title, SHEET[n].title);
    widen(out->unit, SHEET[n].unit);
    out->steps = SHEET[n].steps;
    out->normal = START[n];
    out->flags = SHEET[n].flags;
    return YES;
}
static double plain(void *s, uint32_t n, double value)
{
    (void)s;
    switch (n) {
    case GAIN: return value * 48 - 24;
    case TONE: return 20 * pow(1000, value);
    case MODE: return (double)lrint(value * 2);
    case WET: return value * 100;
    case LEVEL: return value * 60 - 60;
    default: return value;
    }
}
static double normal(void *s, uint32_t n, double value)
{
    (void)s;
    switch (n) {
    case GAIN: return (value + 24) / 48;
    case TONE: return log(value / 20) / log(1000);
    case MODE: return value / 2;
    case WET: return value / 100;
    case LEVEL: return (value + 60) / 60;
    default: return value;
    }
}
static Answer text(void *s, uint32_t n, double value, int16_t *out)
{
    char word[64];
    if (n == MODE) snprintf(word, sizeof word, "%s", MODES[lrint(value * 2)]);
    else if (n == ACTIVE) snprintf(word, sizeof word, "%s", value >= 0.5 ? "On" : "Off");
    else snprintf(word, sizeof word, n == TONE ? "%.1f" : "%.2f", plain(s, n, value));
    widen(out, word);
    return YES;
}
static Answer from_text(void *s, uint32_t n, int16_t *in, double *out)
{
    char word[128];
    int length = 0;
    for (; in[length] && length < 127; length++) word[length] = (char)in[length];
    word[length] = 0;
    if (n == MODE) {
        for (int mode = 0; mode < 3; mode++)
            if (is(word, MODES[mode])) { *out = mode / 2.0; return YES; }
        return NO;
    }
    if (n == ACTIVE) *out = is(word, "On");
    else *out = normal(s, n, atof(word));
    return YES;
}
static double value_of(void *s, uint32_t n) { return n < PARAMETERS ? FROM(as_controller, s)->value[n] : 0; }
static Answer set_value(void *s, uint32_t n, double value)
{
    if (n >= PARAMETERS) return BAD_ARGUMENT;
    FROM(as_controller, s)->value[n] = value;
    return YES;
}
static void *no_editor(void *s, const char *kind) { (void)s; (void)kind; return NULL; }
static const struct { void *f[18]; } CONTROLLER = {{
    as_controller_query, as_controller_add_ref, as_controller_release, start, agree, same_state, no_state, no_state,
    count, describe, text, from_text, plain, normal, value_of, set_value, agree, no_editor}};

/* ---- factory and module entry --------------------------------------------------------------------------------------- */

static void class_id(Id id)
{
    uint64_t hash = 1469598103934665603ull; /* FNV-1a of the name: bundles of other names are other plugins */
    for (const char *c = wish.name; *c; c++) hash = (hash ^ (uint8_t)*c) * 1099511628211ull;
    memcpy(id, "DAWBRIDG", 8);
    memcpy(id + 8, &hash, 8);
}
static Answer factory_query(void *s, const Id id, void **out)
{
    *out = NULL;
    if (memcmp(id, ID_UNKNOWN, 16) && memcmp(id, ID_FACTORY, 16)) return NO_SUCH_INTERFACE;
    *out = s;
    return YES;
}
static uint32_t stay(void *s) { (void)s; return 1; }
static Answer maker(void *s, Maker *out)
{
    (void)s;
    memset(out, 0, sizeof *out);
    strcpy(out->vendor, "dawbridge tests");
    out->flags = 0x10;
    return YES;
}
static int32_t classes(void *s) { (void)s; return 1; }
static Answer class_info(void *s, int32_t n, Class *out)
{
    (void)s;
    if (n) return BAD_ARGUMENT;
    memset(out, 0, sizeof *out);
    class_id(out->id);
    out->instances = 0x7fffffff;
    strcpy(out->category, "Audio Module Class");
    strcpy(out->name, wish.name);
    return YES;
}
static Answer create(void *s, const Id class, const Id id, void **out)
{
    (void)s;
    Id own;
    class_id(own);
    at("create");
    if (memcmp(class, own, 16)) return NO_SUCH_INTERFACE;
    Faulty *f = calloc(1, sizeof *f);
    f->as_component = &COMPONENT;
    f->as_processor = &PROCESSOR;
    f->as_controller = &CONTROLLER;
    memcpy(f->value, START, sizeof START);
    f->channels = is(wish.layout, "mono") ? 1 : 2;
    f->rate = 48000;
    f->strikes = dice() < wish.chance || wish.chance >= 1;
    for (int c = 0; c < 2; c++) {
        f->late[c] = calloc((size_t)wish.latency + 1, sizeof(float));
        f->echo[c] = calloc((size_t)wish.echo + 1, sizeof(float));
    }
    alive++;
    leak();
    Answer answer = ask(f, id, out);
    if (answer != YES) bury(f);
    return answer;
}
static const struct { void *f[7]; } FACTORY_TABLE = {{factory_query, stay, stay, maker, classes, class_info, create}};
static const void *FACTORY = &FACTORY_TABLE;

SHOWN void *GetPluginFactory(void) { return &FACTORY; }
SHOWN uint8_t ModuleEntry(void *handle)
{
    (void)handle;
    read_behaviour();
    if (wish.load_ms) usleep((useconds_t)wish.load_ms * 1000);
    compute(wish.load_busy_ms);
    at("load");
    return 1;
}
SHOWN uint8_t ModuleExit(void) { at("unload"); return 1; }
