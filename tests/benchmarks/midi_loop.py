"""A real MIDI loop through the ports of `dawbridge midi`: `python -m tests.benchmarks.midi_loop`.

Needs the extra `midi` and a system with MIDI: ALSA's sequencer, Core Audio, or, without a sound card, JACK:

    jackd -n loop -d dummy -r 48000 -p 512 &
    JACK_DEFAULT_SERVER=loop MIDO_BACKEND=mido.backends.rtmidi/UNIX_JACK python -m tests.benchmarks.midi_loop
"""

from __future__ import annotations

import time

from bridge.daws.midi import ports
from bridge.daws.midi.listening import listening
from bridge.midi.control import Control

BPM, BEATS, SETTLE_S = 127.0, 16, 0.5


def main() -> None:
    with ports.output(None) as out:
        _order(out)
        _clock(out)


def _order(out: ports.Output) -> None:
    control, came = Control("cc14", 20, 16), []
    sent = [message for position in range(0, 16384, 64) for message in control.messages(position)]
    with ports.heard(ports.OURS, lambda at_s, message: came.append(message)):
        time.sleep(SETTLE_S)
        began = time.perf_counter()
        out.send(sent)
        spent = time.perf_counter() - began
        time.sleep(SETTLE_S)
    told = "all there, in order" if came == sent else f"{len(came)} came"
    print(f"{len(sent)} messages of 14-bit pairs in {spent:.2f} s: {told}")


def _clock(out: ports.Output) -> None:
    with listening(ports.OURS) as (_, now):
        time.sleep(SETTLE_S)
        out.send([b"\xfa"])
        began = time.perf_counter()
        for tick in range(BEATS * 24 + 1):
            while time.perf_counter() - began < tick * 60 / (BPM * 24):
                time.sleep(0.0002)
            out.send([b"\xf8"])
        time.sleep(0.05)
        clock = now()
        tempo = clock.tempo(time.perf_counter())
    assert tempo is not None
    print(
        f"clock of {BPM:g} BPM: {tempo.bpm:.2f} BPM after {BEATS} beats, {tempo.jitter_ms:.1f} ms of jitter, "
        f"beat {clock.beats:g}, {'playing' if clock.playing else 'stopped'}"
    )


if __name__ == "__main__":
    main()
