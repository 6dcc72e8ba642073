"""A plugin that spoils the process it plays in costs its own job at most; what comes after it there is as it was."""

from __future__ import annotations

import pytest

from bridge.hosting import Catalogue
from tests.daemon.living import living
from tests.hosting import bundles
from tests.hosting.known import maker
from tests.hosting.test_faults import SOON
from tests.hosting.test_journeys import drop, plugins_of
from tests.signals import white

pytestmark = pytest.mark.real

NOISE = white(-20, 1.0)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory, library, healthy):
    """One worker for all; its plugins count as scanned, so that they play in it."""
    folder = tmp_path_factory.mktemp("plugins")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VST3_PATH", str(folder))
        with living(tmp_path_factory.mktemp("spoilt"), workers=1) as daemon:

            def made(name, **behaviour):
                return bundles.bundle(library, folder, name, **behaviour)

            known = maker(healthy, Catalogue(daemon.state / "plugins"), made)
            known("Good")
            known("Forger", fault="forge", after=SOON)
            known("Limiter", fault="limit", after=SOON)
            yield daemon


def result(daemon, stem: str, plugin: str):
    return daemon.result_of(drop(daemon, f"{stem}.wav", NOISE, f"use {plugin}"))


def test_answers_that_a_plugin_forges_are_taken_for_no_job(daemon):
    """Two jobs after each other: an answer that was taken for the first would leave its own one to the second."""
    for stem, plugin in (("forged", "Forger"), ("after", "Good")):
        got = result(daemon, stem, plugin)
        assert (got["status"], got["ok"], plugins_of(got)) == ("done", True, [plugin]), got


def test_a_plugin_that_lowers_a_limit_plays_at_the_second_attempt_and_the_next_job_is_not_hurt(daemon):
    """At the first one the result cannot be written. At the second one it plays in a process that writes no files."""
    first = result(daemon, "limited", "Limiter")
    assert (first["status"], first["ok"]) == ("done", True), first
    assert result(daemon, "next", "Good")["status"] == "done"
    assert "was left with another limit (RLIMIT_FSIZE) and was killed" in daemon.log
