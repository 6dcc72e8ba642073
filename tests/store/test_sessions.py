"""Conversations on disk: turns are only added, a damaged journal goes on from what can be read, nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bridge.errors import BadInput, BadRequest, BridgeError
from bridge.store.sessions import SessionStore, identity_of
from tests.store.turns import ID, SOUND, made


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    return SessionStore(tmp_path / "sessions")


@pytest.fixture
def journal(store: SessionStore) -> Path:
    """Of a session with three versions."""
    store.current(SOUND, "/music/a.wav")
    for words in ("warmer", "even more", "wider"):
        store.append(ID, made(words))
    return store.place(ID) / "turns.jsonl"


def said(store: SessionStore, id: str = ID) -> list[str]:
    return [turn.words for turn in store.open(id).session.turns]


def test_a_sound_finds_its_conversation_again(store, journal):
    again = SessionStore(store.folder).current(SOUND, "/elsewhere/b.wav")
    assert (again.id, again.path, again.session.at, again.notices) == (ID, "/music/a.wav", 3, ())


def test_afresh_is_another_conversation_and_the_first_stays(store, journal):
    fresh = store.current(SOUND, anew=True)
    assert fresh.id == f"{SOUND[:16]}-2" and not fresh.session.turns
    assert store.current(SOUND).id == fresh.id and said(store) == ["warmer", "even more", "wider"]
    assert [kept.id for kept in store.all()] == [ID, fresh.id]


def test_names_have_conversations_of_their_own(store):
    ids = {store.current(SOUND, name=name).id for name in ("dub", "Dub", "dub!", "2", "ж", "../../etc", "")}
    assert len(ids) == 7 and all(store.place(id).parent == store.folder for id in ids)


@pytest.mark.parametrize("id", ["", "..", "../x", f"{ID}/..", "x" * 500, "ab-1", f"{SOUND[:16]}-\n"])
def test_only_ids_are_places(store, id):
    with pytest.raises(BadRequest):
        store.place(id)


def test_a_turn_with_an_id_is_told_once(store):
    store.current(SOUND)
    for _ in range(3):
        kept = store.append(ID, made("warmer", "job.1"))
    assert len(kept.session.turns) == 1 and said(store) == ["warmer"]


def test_a_journal_cut_anywhere_keeps_every_whole_turn(store, journal):
    """At every byte of the last two lines: a torn write loses that line at most, and the bytes stay beside."""
    whole = journal.read_bytes()
    ends = [index + 1 for index, byte in enumerate(whole) if byte == 10]
    for cut in range(ends[1], len(whole), 37):
        journal.write_bytes(whole[:cut])
        kept = store.open(ID)
        turns = sum(end <= cut + 1 for end in ends[1:])
        assert len(kept.session.turns) == turns, cut
        if cut not in ends:
            assert kept.notices and f"up to turn {turns}" in kept.notices[0]
            beside = sorted(journal.parent.glob("turns.damaged-*"), key=os.path.getmtime)
            assert any(path.read_bytes() == whole[:cut] for path in beside)
        store.append(ID, made("louder"))
        assert said(store)[-1] == "louder" and not store.open(ID).notices


@pytest.mark.parametrize(
    "line",
    [
        b"{", b"null", b"[]", b"[" * 100_000, b'{"words": 1}', b"\x00\xff\xfe",
        b'{"words":"x","outcome":{"kind":"evil"}}',
        b'{"words":"x","outcome":{"kind":"plan","plan":{"steps":[{"id":"a","effect":"gain","wet":1e999}]}}}',
    ],
)  # fmt: skip
def test_a_hostile_line_ends_what_is_read_and_is_kept(store, journal, line):
    lines = journal.read_bytes().split(b"\n")
    spoilt = b"\n".join([*lines[:3], line, *lines[3:]])
    journal.write_bytes(spoilt)
    kept = store.open(ID)
    assert [turn.words for turn in kept.session.turns] == ["warmer", "even more"]
    assert "turn 2 only" in kept.notices[0]
    assert journal.with_name("turns.damaged-1.jsonl").read_bytes() == spoilt


def test_a_lost_first_line_costs_no_turn(store, journal):
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join([b"gar\xffbage", *lines[1:]]))
    assert len(store.open(ID).session.turns) == 3


def test_another_schema_is_left_as_it_is_and_the_next_number_taken(store, journal):
    before = journal.read_bytes().replace(b'"schema":1', b'"schema":7', 1)
    journal.write_bytes(before)
    with pytest.raises(BadInput, match="schema 7"):
        store.open(ID)
    fresh = store.current(SOUND)
    assert fresh.id == f"{SOUND[:16]}-2" and "schema 7" in fresh.notices[0]
    assert journal.read_bytes() == before
    assert any("schema 7" in kept.notices[0] for kept in store.all() if kept.notices)


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are POSIX here")
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_journal_that_is_no_file_is_refused(store, tmp_path, kind):
    folder = store.place(ID)
    folder.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (folder / "turns.jsonl").symlink_to(victim) if kind == "link" else os.mkfifo(folder / "turns.jsonl")
    with pytest.raises(BridgeError):
        store.append(ID, made("warmer"))
    assert victim.read_text() == "mine"


def test_two_writers_lose_nothing(store):
    store.current(SOUND)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: store.append(ID, made(f"w{number}", f"j{number}")), range(24)))
    assert sorted(said(store)) == sorted(f"w{number}" for number in range(24))
    assert len(store.open(ID).session.versions) == 25


_WRITER = """
import sys
from pathlib import Path
from bridge.store.sessions import SessionStore
from tests.store.turns import ID, SOUND, made
store = SessionStore(Path(sys.argv[1]))
store.current(SOUND)
number = 0
while True:
    store.append(ID, made(f"w{number}"))
    print(number, flush=True)
    number += 1
"""


def test_kill_9_while_turns_are_written_keeps_all_that_were_told(store):
    command = [sys.executable, "-c", _WRITER, str(store.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout is not None
        told = [int(child.stdout.readline()) for _ in range(40)]
        child.kill()
        told += [int(line) for line in child.stdout.read().split()]
    words = said(store)
    assert words[: len(told)] == [f"w{number}" for number in told]
    assert len(words) - len(told) in (0, 1)


def test_stems_have_an_identity_of_their_own_whatever_their_order():
    one, two = {"a": "1" * 64, "b": "2" * 64}, {"b": "2" * 64, "a": "1" * 64}
    assert identity_of(one) == identity_of(two) != identity_of({"a": "2" * 64, "b": "1" * 64})
    assert identity_of({"input": SOUND}) == SOUND


def test_the_journal_is_lines_of_json(journal):
    head, *turns = (json.loads(line) for line in journal.read_text().splitlines())
    assert head["schema"] == 1 and [turn["words"] for turn in turns] == ["warmer", "even more", "wider"]
    assert all(turn["said_at"] for turn in turns)
