"""One Ardour for all tests of a worker, started anew where it has died."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridge.daws.ardour.link import ArdourLink
from tests.daws.ardour.lanes import lanes
from tests.daws.ardour.real import RealArdour


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealArdour]:
    folder = tmp_path_factory.mktemp("ardour")
    with RealArdour(folder / "real", lanes(folder / "sounds")) as ardour:
        yield ardour


@pytest.fixture
def running(started: RealArdour) -> RealArdour:
    started.ensure()
    return started


@pytest.fixture
def link(running: RealArdour) -> Iterator[ArdourLink]:
    made = ArdourLink("127.0.0.1", running.port)
    yield made
    made.close()
