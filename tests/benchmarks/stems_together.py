"""What stems together promise, on stems of rendered songs: balance, room, alignment and roles, beside their limits.

    python -m tests.benchmarks.stems_together [SEED] [SONGS]
    python -m tests.benchmarks.stems_together cost

Songs are played stem by stem by General MIDI sounds (fluidsynth): drums, bass, chords, a melody that is named a lead
vocal, a pad. What is held to be true: each stem stands where presets/roles.toml puts its role, give or take a taste of
1 dB (normal); then every stem gets another gain between -10 and +10 dB. By roles, the error is the distance of what a
stem gets from taking that gain back, after the one gain that all have in common; the taste is in it, for no role can
know it. Like a reference, the truth is the mix before those gains; once as it is, once coloured by random bells and
saturated. Room is made for the melody at that balance, and for the chords, which lie 7 dB under it. Two microphones lie
0 to 20 ms apart, either polarity, each with a tone, noise and bleed of its own (tests/analysis/together/miked.py).
"""

from __future__ import annotations

import resource
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bridge.analysis import analyze, analyze_together
from bridge.analysis.reading import Analysis
from bridge.analysis.together.stems import Power, measured
from bridge.audio import Audio
from bridge.jobs.ensemble import likeness_of
from bridge.planning.mixing.balance import balance, balance_like
from bridge.planning.mixing.bells import MOST_CUT_DB
from bridge.planning.mixing.groups import found_roles
from bridge.planning.mixing.role import role_of
from bridge.planning.mixing.unmask import MOST_CUTS, MOST_LOSS_LU, unmask
from bridge.presets.roles import load_roles
from tests.analysis.midi_player import RATE
from tests.analysis.together.miked import coloured, two_microphones
from tests.analysis.together.miked import sound as at_48k
from tests.analysis.together.song_stems import song_stems
from tests.benchmarks.figure import say
from tests.signals import pink

SONGS, SECONDS = 8, 16.0
NAMES = {"drums": "Drums", "bass": "Bass DI", "chords": "Piano", "lead": "Lead Vox", "pad": "Pad"}
BY_SOUND = {"drums": "drums", "bass": "bass"}
TASTE_DB, MOST_GAIN_DB = 1.0, 10.0
ROLES = load_roles()
TRACKS = Path(__file__).parents[1] / "planning" / "mixing" / "track_names.toml"
Wave = NDArray[np.float64]


def sound(wave: Wave) -> Audio:
    return Audio(wave[None].astype(np.float32), RATE)


def analysis(wave: Wave) -> Analysis:
    return analyze(sound(wave), without=("tempo", "key"))


def at_their_places(stems: dict[str, Wave], generator: np.random.Generator) -> dict[str, Wave]:
    """Each at the level of its role, give or take a taste; without stems that nobody plays."""
    made = {}
    for name, wave in stems.items():
        lufs = analysis(wave).number("integrated_loudness")
        if lufs is not None:
            under = role_of(NAMES[name], None, ROLES).role.under_lu
            made[NAMES[name]] = wave * gain(-20 - under + generator.normal(0, TASTE_DB) - lufs)
    return made


def gain(db: float) -> float:
    return float(10 ** (db / 20))


class Errors:
    """In dB, of the gains that a balance gives against those that were planted."""

    def __init__(self) -> None:
        self.by_roles: list[float] = []
        self.like_the_mix: list[float] = []
        self.like_a_master: list[float] = []
        self.other_songs_told: list[bool] = []

    def hear(self, stems: dict[str, Wave], other: Wave, generator: np.random.Generator) -> None:
        planted = {name: float(generator.uniform(-MOST_GAIN_DB, MOST_GAIN_DB)) for name in stems}
        spoilt = {name: wave * gain(planted[name]) for name, wave in stems.items()}
        analyses = {name: analysis(wave) for name, wave in spoilt.items()}
        roles = found_roles(analyses, ROLES)
        self.by_roles += off(balance(analyses, roles), planted)
        mix = np.sum(list(stems.values()), axis=0)
        master = np.tanh(2 * coloured(mix, generator)) / 2
        sounds = {name: sound(wave) for name, wave in spoilt.items()}
        for errors, reference in ((self.like_the_mix, mix), (self.like_a_master, master)):
            errors += off(
                balance_like(analyses, roles, likeness_of("mix", sound(reference), sounds, {})), planted
            )
        self.other_songs_told.append(not likeness_of("mix", sound(other), sounds, {}).same)


def off(moves: dict[str, object], planted: dict[str, float]) -> list[float]:
    left = np.array([getattr(moves.get(name), "gain_db", 0.0) + planted[name] for name in planted])
    return [float(each) for each in np.abs(left - np.median(left))]


def hidden(stems: dict[str, Wave], name: str) -> tuple[float, float, float, float, float]:
    """Share hidden before; what is left of it; LU that the worst masker loses; most cuts of one; what would be left if
    all maskers went down by the deepest cut at all frequencies, which no equalizer within the bounds can."""
    stream, heard = measured({each: sound(wave) for each, wave in stems.items()}, {})
    powers: dict[str, Power] = {stem.name: stem.bark for stem in heard}
    own, frame_s = powers.pop(name), stream.frame / stream.rate
    found = unmask(own, powers, frame_s, RATE)
    every = {each: (power * gain(-2 * MOST_CUT_DB)).astype(np.float32) for each, power in powers.items()}
    deep = unmask(own, every, frame_s, RATE).before
    cuts = max((len(bands) for bands in found.cuts.values()), default=0)
    return (
        found.before, found.after / found.before, max(found.loss_lu.values(), default=0.0), cuts, deep / found.before,
    )  # fmt: skip


def alignment(stems: dict[str, Wave], generator: np.random.Generator) -> tuple[list[float], int]:
    """Errors in ms of those told, with the right polarity; how many were asked."""
    found = []
    for name, wave in stems.items():
        others = np.sum([other for key, other in stems.items() if key != name], axis=0)
        delay, sign = float(generator.uniform(0, 0.020) * 48000), int(generator.choice([-1, 1]))
        pair = two_microphones(wave, others, delay, sign, generator)
        heard = analyze_together(dict(zip(("first", "second"), pair, strict=True))).pairs[0].alignment
        if heard.related and heard.inverted is (sign < 0) and heard.delay_samples is not None:
            found.append(abs(heard.delay_samples - delay) / 48)
    return found, len(stems)


def names_told() -> bool:
    good = True
    for kind, limit in (("known", 0.98), ("fresh", 0.9)):
        names = tomllib.loads(TRACKS.read_text("utf-8"))[kind]
        asked = [(name, role) for role, each in names.items() for name in each]
        right = float(np.mean([role_of(name, None, ROLES).role.name == role for name, role in asked]))
        good &= say(f"roles by name, {len(asked)} {kind} names", 100 * right, 100 * limit, "%", at_most=False)
    return good


def cost() -> bool:
    """Of 64 stems of a minute heard together, beside their length."""
    stems = {f"stem {number}": pink(-40, 60.0, seed=number % 4, channels=1) for number in range(64)}
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    analyze_together(stems)
    spent = (time.process_time() - start) / (64 * 60.0)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    good = say("64 stems of a minute together, CPU a second of sound", spent, 0.1, "s")
    return say("64 stems of a minute together, memory grown by", grown, 500, "MB") and good


def main(seed: int, songs: int = SONGS) -> int:
    generator = np.random.default_rng(seed)
    print(f"seed {seed}, {songs} songs of {SECONDS:g} s")
    played = [song_stems(int(generator.integers(2**31)), SECONDS) for _ in range(songs)]
    mixes = [at_their_places(stems, generator) for stems in played]
    errors = Errors()
    for number, stems in enumerate(mixes):
        errors.hear(stems, np.sum(list(mixes[number - 1].values()), axis=0), generator)
    good = say("balance by roles, mean error of planted gains", float(np.mean(errors.by_roles)), 1.0, "dB")
    good &= say("balance like the mix, worst error", max(errors.like_the_mix), 0.1, "dB")
    good &= say("balance like a changed mix, mean error", float(np.mean(errors.like_a_master)), 3.0, "dB")
    good &= say("other songs told from mixes", 100 * float(np.mean(errors.other_songs_told)), 100, "%", False)
    for name in ("Lead Vox", "Piano"):
        rooms = np.array([hidden(stems, name) for stems in mixes if name in stems])
        won = 100 * (1 - rooms[:, 1])
        print(
            f"{name}: {100 * rooms[:, 0].mean():.0f} % hidden before; all maskers {MOST_CUT_DB:g} dB down everywhere ",
            end="",
        )
        share = 100 * (1 - rooms[:, 4]).mean()
        print(f"would take {share:.0f} % of that away; {(won >= 30).sum()} of {won.size} reach 30 %")
        good &= say(f"{name}: masking taken away, mean", float(won.mean()), 30.0, "%", at_most=False)
        good &= say(
            f"{name}: loudness that a masker loses, most", float(rooms[:, 2].max()), MOST_LOSS_LU, "LU"
        )
        good &= say(f"{name}: cuts of one masker, most", float(rooms[:, 3].max()), MOST_CUTS, "")
    late = [alignment(stems, generator) for stems in played[: max(1, songs // 2)]]
    told, asked = [each for found, _ in late for each in found], sum(count for _, count in late)
    good &= say(f"double-miked stems told, of {asked}", 100 * len(told) / asked, 90, "%", at_most=False)
    good &= say(
        "of these within 0.05 ms", 100 * float(np.mean(np.array(told) <= 0.05)), 95, "%", at_most=False
    )
    false = [
        pair.alignment.related
        for stems in played[: max(1, songs // 2)]
        for pair in analyze_together({name: at_48k(wave) for name, wave in stems.items()}).pairs
    ]
    good &= say(
        f"separate stems taken for double-miked, of {len(false)}", 100 * float(np.mean(false)), 5, "%"
    )
    good &= names_told()
    sure = [
        (role_of("Audio 1", analysis(wave), ROLES), BY_SOUND.get(name))
        for stems in played
        for name, wave in stems.items()
    ]
    guessed = [(found.role.name, true) for found, true in sure if found.by == "sound"]
    missed = [found.by != "sound" for found, true in sure if true]
    right = float(np.mean([name == true for name, true in guessed])) if guessed else 0.0
    good &= say(f"roles by sound alone, right of {len(guessed)} guesses", 100 * right, 85, "%", at_most=False)
    good &= say(
        f"drums and basses that no guess is made of, of {len(missed)}", 100 * float(np.mean(missed)), 20, "%"
    )
    return 0 if good else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["cost"]:
        raise SystemExit(0 if cost() else 1)
    given = [int(each) for each in sys.argv[1:]] or [int(time.time())]
    raise SystemExit(main(*given))
