"""Controllers in the bytes of the MIDI 1.0 specification, read by mido as an independent party."""

from __future__ import annotations

from itertools import pairwise

import mido
import pytest

from bridge.midi.control import Control, why_not
from bridge.midi.learning import wiggle


def read(messages: tuple[bytes, ...]) -> list[tuple[int, int, int]]:
    """Channel, controller and value of each, as mido reads them."""
    found = [mido.Message.from_bytes(message) for message in messages]
    assert all(message.type == "control_change" for message in found)
    return [(message.channel, message.control, message.value) for message in found]


def test_a_controller_is_three_bytes() -> None:
    assert Control("cc", 20, 1).messages(64) == (bytes.fromhex("b01440"),)
    assert read(Control("cc", 20, 16).messages(127)) == [(15, 20, 127)]


def test_a_pair_sends_its_coarse_half_first() -> None:
    """MIDI 1.0, 14-bit controllers: a receiver may clear the LSB when the MSB comes."""
    assert read(Control("cc14", 16, 1).messages(0x1234)) == [(0, 16, 0x24), (0, 48, 0x34)]


def test_an_nrpn_is_number_then_data_and_leaves_nothing_chosen() -> None:
    control = Control("nrpn", 300, 2)
    assert read(control.messages(16383)) == [(1, 99, 2), (1, 98, 44), (1, 6, 127), (1, 38, 127)]
    assert read(control.afterwards()) == [(1, 101, 127), (1, 100, 127)]


@pytest.mark.parametrize(("kind", "last"), [("cc", 127), ("cc14", 16383), ("nrpn", 16383)])
def test_positions_go_to_the_last_one_and_no_further(kind: str, last: int) -> None:
    control = Control(kind, 20, 1)  # type: ignore[arg-type]
    assert control.highest == last and control.messages(last)
    for position in (-1, last + 1):
        with pytest.raises(ValueError, match="no position"):
            control.messages(position)


@pytest.mark.parametrize(
    ("kind", "number"),
    [("cc", 0), ("cc", 6), ("cc", 99), ("cc", 120), ("cc", 123), ("cc", 128), ("cc", -1), ("cc14", 0), ("cc14", 6),
     ("cc14", 32), ("nrpn", 16383), ("nrpn", -1)],
)  # fmt: skip
def test_controllers_that_mean_something_everywhere_are_refused(kind: str, number: int) -> None:
    assert why_not(kind, number)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["cc", "cc14", "nrpn"])
def test_a_wiggle_moves_at_every_message_over_all_of_the_span_and_ends_where_it_shall(kind: str) -> None:
    control = Control(kind, 20, 1)  # type: ignore[arg-type]
    sent = list(wiggle(control, 2.0, 5))
    assert sent[-1][1][: len(control.messages(5))] == control.messages(5)
    positions = [messages for _, messages in sent[:-1]]
    assert all(one != other for one, other in pairwise(positions))
    assert control.messages(0) in positions and control.messages(control.highest) in positions
    assert sum(wait for wait, _ in sent) == pytest.approx(2.0, abs=0.15)
