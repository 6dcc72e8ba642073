"""Strict ports instead of the machine's own."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.daws.midi import strict_ports


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.setenv("MIDO_BACKEND", "tests.daws.midi.strict_ports")
    strict_ports.forget()
    yield strict_ports
    strict_ports.forget()
