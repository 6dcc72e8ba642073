from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.hosting import Catalogue, PluginHost
from tests.hosting import bundles
from tests.hosting.known import maker, scanned


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Path:
    return bundles.build(tmp_path_factory.mktemp("faulty"))


@pytest.fixture
def plugins(tmp_path, monkeypatch) -> Path:
    """An empty plugin folder that is the only one of this test."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    monkeypatch.setenv("VST3_PATH", str(folder))
    return folder


@pytest.fixture
def faulty(library, plugins) -> Callable[..., Path]:
    """Makes a bundle: faulty("Name", fault="crash", when="process")."""
    return lambda name="Faulty", **behaviour: bundles.bundle(library, plugins, name, **behaviour)


@pytest.fixture
def catalogue(tmp_path, plugins) -> Catalogue:
    return Catalogue(tmp_path / "state")


@pytest.fixture
def host(catalogue) -> Iterator[PluginHost]:
    with PluginHost(catalogue) as host:
        yield host


@pytest.fixture(scope="session")
def healthy(library, tmp_path_factory):
    """The record of a faulty plugin without a fault."""
    folder = tmp_path_factory.mktemp("healthy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VST3_PATH", str(folder))
        return scanned(bundles.bundle(library, folder, "Healthy"), folder / "state")


@pytest.fixture
def known(healthy, catalogue, faulty) -> Callable[..., Path]:
    """Like faulty, but the scan is done: known("Name", fault="crash", after=1000)."""
    return maker(healthy, catalogue, faulty)
