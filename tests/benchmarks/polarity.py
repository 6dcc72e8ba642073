"""Words of taste on rendered sound: more and less go opposite ways, and degrees grow.

`python -m tests.benchmarks.polarity [--seed N] [--songs N] [--sounds NAME ...] [--only WORD ...]`. The sounds: tabla,
an electric guitar and spoken words as recorded, synthetic music, and songs arranged of real recordings, of which the
seed decides (one drawn where none is given). For each descriptor and sound the six wishes "much less" ... "much more"
are planned, rendered and measured by the figure that the descriptor names; a sound that cannot show it (width of a
mono voice, a room where nothing pauses) is passed over. A descriptor is ok where all of its sounds hold, MISSED else.
"""

from __future__ import annotations

import argparse
import secrets

from bridge.presets import load_lexicon
from tests.planning import polarity


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seed", type=int, default=None)
    asked.add_argument("--songs", type=int, default=1)
    asked.add_argument("--only", nargs="*", default=None)
    asked.add_argument("--sounds", nargs="*", default=("loop_tabla", "guit_e_fifths", "voice", "synthetic"))
    given = asked.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    sounds = (*given.sounds, *(f"song {seed + index}" for index in range(given.songs)))
    lexicon = load_lexicon()
    names = given.only or [descriptor.name for descriptor in lexicon.descriptors]
    print(
        f"sounds: {', '.join(sounds)}; figures from much less, less, a touch less to a touch more, more, much more"
    )
    held = opposite = shown = pairs = pairs_held = 0
    for name in names:
        found = [each for sound in sounds if (each := polarity.figures(name, sound, lexicon)) is not None]
        bad = [each for each in found if not each.ok]
        pairs, pairs_held = pairs + len(found), pairs_held + len(found) - len(bad)
        shown += bool(found)
        held += bool(found) and not bad
        opposite += bool(found) and all(each.opposite for each in found)
        said = "MISSED" if bad else "ok" if found else "shows on none of these"
        print(f"{name:<18} {len(found) - len(bad)}/{len(found)} {said}", flush=True)
        for each in bad:
            print("  " + each.line())
    print(
        f"words of taste: {held} of {shown} hold on every sound; {opposite} go opposite ways on every sound"
    )
    print(f"words and sounds: {pairs_held} of {pairs} hold")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
