from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select

from bridge.errors import Unavailable
from bridge.store import database as store
from bridge.store.columns import JsonColumn, PathColumn
from bridge.store.database import StoreFailed, open_database

metadata = MetaData()
note = Table("note", metadata, Column("id", Integer, primary_key=True), Column("text", Text))
thing = Table("thing", metadata, Column("path", PathColumn, primary_key=True), Column("data", JsonColumn))


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "state" / "x.db"


def opened(path: Path, version: int = 1, **more):
    return open_database(path, metadata, version, **more)


def notes(database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(select(note.c.text)))


def test_it_is_synced_write_ahead_and_versioned(path):
    database = opened(path)
    with database.read() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "user_version")
        }
    database.close()
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "user_version": 1}


def test_a_transaction_is_whole_or_nothing(path):
    database = opened(path)
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.execute(insert(note).values(text="half"))
        raise ZeroDivisionError
    assert notes(database) == []
    database.close()


def test_writers_on_many_threads_wait_for_each_other(path):
    database = opened(path)

    def write(number: int) -> None:
        for _ in range(20):
            with database.write() as connection:
                connection.execute(insert(note).values(text=str(number)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notes(database)) == 80
    database.close()


def test_paths_and_json_come_back_as_they_were(path):
    database = opened(path)
    name, data = "/in/caf\udce9 \n.wav", {"a": [1, None, "ä"], "b": -14.5}
    with database.write() as connection:
        connection.execute(insert(thing).values(path=name, data=data))
    with database.read() as connection:
        assert connection.execute(select(thing)).one() == (name, data)
    database.close()


@pytest.mark.parametrize("damage", ["overwritten", "cut", "not a database"])
def test_a_damaged_database_is_set_aside_and_kept(path, damage, caplog):
    database = opened(path)
    with database.write() as connection:
        connection.execute(insert(note), [{"text": "x" * 500} for _ in range(200)])
    database.close()
    content = path.read_bytes()
    broken = {
        "overwritten": content[:5000] + b"\xff" * 20_000 + content[25_000:],
        "cut": content[: len(content) // 2],
        "not a database": b"this was a ledger once " * 400,
    }[damage]
    path.write_bytes(broken)
    again = opened(path)
    assert again.fresh and notes(again) == []
    assert again.set_aside is not None and again.set_aside.read_bytes() == broken
    assert "was set aside" in caplog.text and "damaged" in caplog.text
    again.close()


def test_a_newer_database_is_set_aside_and_kept(path, caplog):
    newer = opened(path, version=7)
    newer.close()
    older = opened(path, version=1)
    assert older.set_aside is not None and "newer dawbridge (schema 7, this one knows 1)" in caplog.text
    older.close()
    connection = sqlite3.connect(older.set_aside)
    assert connection.execute("PRAGMA user_version").fetchone() == (7,)
    connection.close()


def test_an_older_database_is_brought_up_to_date(path):
    first = opened(path)
    with first.write() as connection:
        connection.execute(insert(note).values(text="kept"))
    first.close()
    second = opened(path, version=2, migrations={2: ("ALTER TABLE note ADD COLUMN mood TEXT",)})
    assert notes(second) == ["kept"] and second.set_aside is None
    with second.read() as connection:
        assert connection.exec_driver_sql("SELECT mood FROM note").one() == (None,)
    second.close()


def test_a_guest_neither_makes_nor_mends(path):
    with pytest.raises(Unavailable, match="does not exist yet"):
        opened(path, owner=False)
    assert not path.exists()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"nonsense" * 100)
    with pytest.raises(Unavailable, match="damaged"):
        opened(path, owner=False)
    assert path.read_bytes() == b"nonsense" * 100


def test_a_database_that_another_program_locks_is_said_so(path, monkeypatch):
    monkeypatch.setattr(store, "BUSY_TIMEOUT_S", 0.2)
    database = opened(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreFailed, match="locked"), database.write():
        pass
    other.execute("ROLLBACK")
    other.close()
    database.close()


def test_a_full_disk_is_said_so_and_loses_nothing(path):
    database = opened(path)
    with database.write() as connection:
        connection.execute(insert(note).values(text="kept"))
        connection.exec_driver_sql("PRAGMA max_page_count=10")
    with pytest.raises(StoreFailed, match=r"full.*Free some space"), database.write() as connection:
        connection.execute(insert(note), [{"text": "x" * 4000} for _ in range(50)])
    assert notes(database) == ["kept"]
    database.close()
