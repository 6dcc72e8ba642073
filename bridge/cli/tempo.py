"""The session's tempo, as a number or as a DAW's MIDI clock gives it."""

from __future__ import annotations

import math

import click

from bridge.cli.terminal import note
from bridge.errors import BadInput

CLOCK = "clock"

tempo_option = click.option(
    "--tempo",
    metavar="BPM|clock",
    help="Tempo of the session that notes are of; clock: of your DAW's MIDI clock.",
)


def session_tempo(said: str | None) -> float | None:
    """BPM; None where nothing was said. Raises BadInput for what is no tempo, Unavailable where no clock comes."""
    if said is None:
        return None
    if said == CLOCK:
        from bridge.cli.settings import settings
        from bridge.daws.midi.listening import tempo_of_the_daw

        bpm = tempo_of_the_daw(settings().midi_port)
        note(f"the DAW's clock is at {bpm:g} BPM")
        return bpm
    try:
        bpm = float(said)
    except ValueError:
        bpm = math.nan
    if not 20 <= bpm <= 400:
        raise BadInput(
            f"{said!r} is no tempo; write 20 to 400 BPM, or clock for that of your DAW's MIDI clock."
        )
    return bpm
