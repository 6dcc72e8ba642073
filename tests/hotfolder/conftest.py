"""An empty inbox, and both ways of watching it."""

from __future__ import annotations

import pytest


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture(params=["off", "on"], ids=["watching", "polling"])
def polling(request):
    return request.param
