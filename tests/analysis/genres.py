"""Drum patterns, comping and bass lines of several kinds of music: what `rendered_music` plays.

A pattern has one character a step: X loud, x normal, o soft, . rest. Its length is one bar or a few.
"""

from __future__ import annotations

from dataclasses import dataclass

KICK, STICK, SNARE, CLAP, CLOSED, PEDAL, OPEN, RIDE = 36, 37, 38, 39, 42, 44, 46, 51
TAMBOURINE, SHAKER = 54, 70

BACKBEAT = "....X.......X..."
EIGHTHS = "x.o.x.o.x.o.x.o."
SIXTEENTHS = "xoxoxoxoxoxoxoxo"
TRIPLETS = "x.ox.ox.ox.o"


@dataclass(frozen=True)
class Genre:
    """slowest_bpm, fastest_bpm: of the beat that players count. beats: of a bar. steps: of a beat. drums: several ways
    to play, each General MIDI drum note -> pattern. comps, basses: which of the ways below are drawn from."""

    name: str
    slowest_bpm: float
    fastest_bpm: float
    beats: int
    steps: int
    drums: tuple[dict[int, str], ...]
    comps: tuple[str, ...]
    basses: tuple[str, ...]
    kit: int = 0
    swing: float = 0.0
    """How late every other step comes, in steps."""


GENRES = (
    Genre(
        "rock",
        90,
        180,
        4,
        4,
        (
            {KICK: "X.......X.x.....", SNARE: BACKBEAT, CLOSED: EIGHTHS},
            {KICK: "X.....x.x.......", SNARE: BACKBEAT, RIDE: EIGHTHS},
            {KICK: "X.x.....X.x...x.", SNARE: BACKBEAT, OPEN: "x...x...x...x..."},
        ),
        ("eighths", "sustained", "quarters"),
        ("eighths", "kick"),
        16,
    ),
    Genre(
        "pop",
        85,
        135,
        4,
        4,
        (
            {KICK: "X.......X.......", SNARE: BACKBEAT, CLOSED: EIGHTHS, TAMBOURINE: SIXTEENTHS},
            {KICK: "X..x....x.x.....", SNARE: BACKBEAT, CLOSED: SIXTEENTHS},
        ),
        ("sustained", "arpeggio", "charleston"),
        ("kick", "eighths"),
    ),
    Genre(
        "house",
        115,
        132,
        4,
        4,
        (
            {KICK: "X...X...X...X...", CLAP: BACKBEAT, OPEN: "..x...x...x...x."},
            {KICK: "X...X...X...X...", CLAP: BACKBEAT, CLOSED: SIXTEENTHS, OPEN: "..x...x...x...x."},
            {KICK: "X...X...X...X...", SHAKER: SIXTEENTHS},
        ),
        ("offbeats", "sustained", "tresillo"),
        ("offbeats", "eighths"),
        25,
    ),
    Genre(
        "hip hop",
        75,
        105,
        4,
        4,
        (
            {KICK: "X......x..X.....", SNARE: BACKBEAT, CLOSED: EIGHTHS},
            {KICK: "X..x......X..x..", SNARE: BACKBEAT, CLOSED: "x.oxx.o.x.oxx.o."},
            {KICK: "X.x.......x..x..", CLAP: BACKBEAT, CLOSED: SIXTEENTHS},
        ),
        ("sustained", "charleston"),
        ("kick", "sustained"),
        25,
        0.25,
    ),
    Genre(
        "drum'n'bass",
        160,
        180,
        4,
        4,
        (
            {KICK: "X.........X.....", SNARE: BACKBEAT, CLOSED: EIGHTHS},
            {KICK: "X.........X.....", SNARE: "....X..o.o..X..o", RIDE: EIGHTHS},
            {KICK: "X.X.......X.....", SNARE: "....X.......X...", CLOSED: SIXTEENTHS},
        ),
        ("sustained",),
        ("sustained", "kick"),
        24,
    ),
    Genre(
        "funk",
        92,
        118,
        4,
        4,
        (
            {KICK: "X..x..x...x..x..", SNARE: "....X..o.o..X..o", CLOSED: SIXTEENTHS},
            {KICK: "X.x.......x..x..", SNARE: "....X..o.o..X...", CLOSED: EIGHTHS},
        ),
        ("offbeats", "tresillo", "charleston"),
        ("kick",),
    ),
    Genre(
        "waltz",
        80,
        180,
        3,
        4,
        (
            {KICK: "X...........", STICK: "....x...x...", CLOSED: "x...x...x..."},
            {KICK: "X...........", SNARE: "....o...o...", RIDE: "x...x.o.x..."},
        ),
        ("oom pah pah",),
        ("first",),
    ),
    Genre(
        "bossa",
        110,
        150,
        4,
        4,
        (
            {
                KICK: "x.....x.x.....x.x.....x.x.....x.",
                STICK: "x.....x.....x.......x.....x.....",
                CLOSED: EIGHTHS * 2,
            },
            {KICK: "x.....x.x.....x.", SHAKER: EIGHTHS, PEDAL: "....x.......x..."},
        ),
        ("bossa",),
        ("root and fifth",),
        40,
    ),
    Genre(
        "shuffle",
        80,
        140,
        4,
        3,
        (
            {KICK: "X.....X.....", SNARE: "...X.....X..", CLOSED: TRIPLETS},
            {KICK: "X....xX.....", SNARE: "...X.....X..", RIDE: TRIPLETS},
        ),
        ("sustained", "shuffled"),
        ("quarters", "walking"),
    ),
    Genre(
        "swing",
        110,
        180,
        4,
        3,
        ({KICK: "o..o..o..o..", PEDAL: "...x.....x..", RIDE: "x..x.ox..x.o"},),
        ("swung charleston", "sustained"),
        ("walking",),
        32,
    ),
    Genre(
        "ballad",
        60,
        88,
        4,
        4,
        (
            {KICK: "X.......X.......", SNARE: BACKBEAT, CLOSED: EIGHTHS},
            {KICK: "X.........x.....", STICK: BACKBEAT},
        ),
        ("sustained", "arpeggio"),
        ("sustained", "kick"),
    ),
    Genre(
        "motown",
        100,
        140,
        4,
        4,
        ({KICK: "X.....x.X.....x.", SNARE: "X...X...X...X...", TAMBOURINE: EIGHTHS},),
        ("quarters", "eighths"),
        ("eighths",),
    ),
    Genre(
        "train beat",
        90,
        130,
        4,
        4,
        ({KICK: "X...X...X...X...", SNARE: "o.oXo.oXo.oXo.oX"},),
        ("offbeats",),
        ("root and fifth",),
    ),
    Genre(
        "reggae",
        65,
        90,
        4,
        4,
        ({KICK: "........X.......", STICK: "........X.......", CLOSED: EIGHTHS},),
        ("offbeats",),
        ("kick", "root and fifth"),
    ),
    Genre(
        "samba",
        90,
        115,
        4,
        4,
        ({KICK: "X..xX..xX..xX..x", SHAKER: SIXTEENTHS, STICK: "x.x..x.x.x.xx.x."},),
        ("tresillo",),
        ("root and fifth",),
    ),
    Genre(
        "disco",
        105,
        130,
        4,
        4,
        ({KICK: "X...X...X...X...", SNARE: BACKBEAT, CLOSED: "xx.xxx.xxx.xxx.x", OPEN: "..x...x...x...x."},),
        ("eighths",),
        ("eighths",),
    ),
    Genre(
        "slow twelve eight",
        60,
        80,
        4,
        3,
        ({KICK: "X....xX.....", SNARE: "...X.....X..", CLOSED: "xxxxxxxxxxxx"},),
        ("sustained",),
        ("sustained three",),
    ),
    Genre(
        "no drums",
        70,
        120,
        4,
        4,
        ({},),
        ("arpeggio", "quarters", "charleston"),
        ("eighths", "root and fifth"),
    ),
)

COMPS = {
    "sustained": "x...............",
    "quarters": "x...x...x...x...",
    "eighths": "x.o.x.o.x.o.x.o.",
    "arpeggio": "a.a.a.a.a.a.a.a.",
    "offbeats": "..x...x...x...x.",
    "charleston": "x.....x.........",
    "tresillo": "x..x..x.x..x..x.",
    "bossa": "x.....x...x.....",
    "oom pah pah": "....x...x...",
    "shuffled": "x..o.xx..o.x",
    "swung charleston": "x....x......",
}
"""Chords: x all notes of it, a one after another."""

BASSES = {
    "eighths": "r.r.r.r.r.r.r.r.",
    "quarters": "r..f..r..f..",
    "offbeats": "..r...r...r...r.",
    "sustained": "r...............",
    "sustained three": "r...........",
    "first": "r...........",
    "root and fifth": "r.....r.f.....f.",
    "walking": "r..s..f..s..",
    "kick": "",
}
"""r root, f fifth, s a note of the scale; "kick" plays where the kick does."""
