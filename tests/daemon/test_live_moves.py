"""Live suggestions that are kept as plans or set in a DAW: small, bounded, journalled, put back in one call."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bridge.config import Settings
from bridge.daemon.live_moves import MOST_DB, LiveMoves
from bridge.daws.daw import Daw
from bridge.daws.journal import Journal, Kept
from bridge.daws.reverting import revert
from bridge.daws.table import Row, Setting, Translated
from bridge.daws.verbs import folder
from bridge.errors import BadInput
from bridge.jobs.plan_file import read_plan
from bridge.metering.advice import Suggestion, suggested
from tests.daws.memory import MemoryDaw, Strip, mixer


def _gain(effect, present) -> Translated:
    return Translated((Setting("gain", effect.gain_db, "gain_db", effect.gain_db, "dB", relative=True),))


TABLE = (Row("gain", "mixer", _gain),)


def quieter(db: float) -> Suggestion:
    made = suggested("clipped", "Master", "It clips.", "gain", {"gain_db": db})
    assert made is not None
    return made


class Room:
    def __init__(self, folder: Path, mode: str, **more: str) -> None:
        self.settings = Settings(
            state=folder / "state", inbox=folder / "in", outbox=folder / "out", live_mode=mode, **more
        )
        self.daw = MemoryDaw(
            Strip("Master", "master", [mixer()]), Strip("Drums", "audio", [mixer()]), insertable={}
        )
        self.told = []
        self.gone = False
        self.moves = LiveMoves(
            self.settings,
            self.told.append,
            lambda name: Daw(name, name, lambda settings: self.connected(), TABLE),
        )

    def connected(self) -> MemoryDaw:
        self.daw.running = not self.gone
        return self.daw

    def take(self, *suggestions: Suggestion) -> list[str]:
        async def run() -> None:
            for each in suggestions:
                self.moves.take(each)
            await self.moves.ended()

        asyncio.run(run())
        return [message.reason for message in self.told]

    def gain(self, track: str) -> float:
        return next(s for s in self.daw.strips if s.name == track).chain[0][1]["gain"].value


ARMED = {"live_daw": "memory", "live_track": "Drums"}


def test_suggesting_touches_nothing(tmp_path):
    room = Room(tmp_path, "suggest", **ARMED)
    assert room.take(quieter(-2.0)) == ["It clips."]
    assert room.daw.writes == []


def test_asking_keeps_a_plan_that_sets_it(tmp_path):
    room = Room(tmp_path, "ask", **ARMED)
    (reason,) = room.take(quieter(-2.0))
    path = reason.removeprefix("It clips. `apply` with ").removesuffix(" sets it.")
    (step,) = read_plan(path).steps
    assert (step.effect, step.parameters["gain_db"]) == ("gain", -2.0)
    assert room.daw.writes == []


def test_armed_moves_are_set_read_back_and_put_back_in_one_call(tmp_path):
    room = Room(tmp_path, "armed", **ARMED)
    reasons = room.take(quieter(-2.0), quieter(-1.5))
    assert room.gain("Drums") == pytest.approx(-3.5) and room.gain("Master") == 0.0
    assert all("gain applied" in reason for reason in reasons)
    id = reasons[0].split("`revert` of ")[1].split(" ")[0]
    assert id in reasons[1], "one journal for all moves"
    where = folder(room.settings)
    assert revert(Kept(where, id), room.connected(), Journal(where, "back", "memory", "live", id)).ok
    assert room.gain("Drums") == 0.0
    after = room.take(quieter(-1.0))[-1]
    assert id not in after and room.gain("Drums") == pytest.approx(-1.0), "what was put back stays apart"


def test_armed_moves_end_where_their_sum_is_no_longer_small(tmp_path):
    room = Room(tmp_path, "armed", **ARMED)
    reasons = room.take(*[quieter(-2.5)] * 5)
    assert room.gain("Drums") == pytest.approx(-5.0) and abs(room.gain("Drums")) <= MOST_DB
    assert "the rest is left to you" in reasons[-1]


def test_what_is_no_small_move_is_told_and_not_made(tmp_path):
    room = Room(tmp_path, "armed", **ARMED)
    made = suggested("over", "Master", "Over.", "limiter", {"ceiling_dbtp": -1.0})
    assert room.take(made) == ["Over. Not set: limiter is no small move; it is left to you."]
    assert room.daw.writes == []


def test_armed_without_a_track_says_what_to_set(tmp_path):
    assert "set live_daw and live_track" in Room(tmp_path, "armed").take(quieter(-1.0))[0]


def test_a_daw_that_has_gone_is_told_and_nothing_counts_as_moved(tmp_path):
    room = Room(tmp_path, "armed", **ARMED)
    room.gone = True
    assert "Not set: memory does not answer" in room.take(quieter(-3.0))[0]
    room.gone = False
    room.take(quieter(-3.0), quieter(-3.0))
    assert room.gain("Drums") == pytest.approx(-6.0)
    with pytest.raises(BadInput, match="left to you"):
        room.moves.moved(quieter(-3.0))
