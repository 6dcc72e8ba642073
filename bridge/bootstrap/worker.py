"""Worker process: `python -m bridge.bootstrap.worker`, started by the dispatcher, one job at a time.

First message: the settings (over the private pipe, secrets included); the answer says that every library is loaded.
Then jobs: {"kind": "job", "spec": ...} -> progress messages and {"kind": "answer", "result": ...}.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bridge.processes.inside import Channel, Tell
from bridge.processes.wire import Message

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.hosting import PluginHost
    from bridge.jobs.dispatcher import WorkerSetup
    from bridge.jobs.run import Ports
    from bridge.planning.mixing.ensemble import Ensemble
    from bridge.processes import Child
    from bridge.rendering.plugins import PluginPort


MODULE = "bridge.bootstrap.worker"
"""This module, also where it is run by itself."""

_APART_S = 0.05


def worker_setup(settings: Settings, first: Child | None = None) -> WorkerSetup:
    """How the daemon's dispatcher makes its workers. first: one that runs already and was asked nothing."""
    from bridge.bootstrap.ports import catalogue
    from bridge.hosting.deaths import Deaths
    from bridge.jobs.dispatcher import WorkerSetup

    return WorkerSetup(
        module=MODULE,
        first=first,
        settings=open_settings(settings),
        count=settings.workers,
        memory_mb=settings.worker_memory_mb,
        stall_s=180.0 + settings.model_budget_s,
        account=Deaths(catalogue(settings)),
    )


def open_settings(settings: Settings) -> dict[str, Any]:
    """Settings as JSON with their secrets in the clear; for the private pipe and nothing else."""
    shown = settings.model_dump(mode="json")
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            shown[name] = value.get_secret_value()
    return shown


class WorkerProcess:
    """Handles requests on the main thread."""

    def __init__(self) -> None:
        self._ports: Ports | None = None
        self._plugins: PluginHost | None = None

    def handle(self, request: Message, tell: Tell) -> Message:
        if request["kind"] == "setup":
            self._plugins = _host(request["settings"], tell)
            self._ports = ports(request["settings"], Path(request["spool"]), self._plugins)
            load_libraries()
            return {}
        return {"result": self._run(request["spec"], tell)}

    def _run(self, spec: dict[str, Any], tell: Tell) -> dict[str, Any]:
        from bridge.jobs.run import run_job
        from bridge.jobs.spec import JobSpec

        assert self._ports is not None and self._plugins is not None, "setup comes first"

        job = JobSpec.model_validate(spec)
        with self._plugins.job(job.attempt):
            return run_job(job, self._ports, progress_told(tell)).to_json()


def progress_told(tell: Tell) -> Callable[[float, str], None]:
    """Progress as messages, at most 20 a second of one stage: each wakes the other side, and a block takes less time
    than to tell of it."""
    before, last_s = "", 0.0

    def progress(fraction: float, stage: str) -> None:
        nonlocal before, last_s
        now_s = time.monotonic()
        if stage == before and now_s - last_s < _APART_S:
            return
        before, last_s = stage, now_s
        tell({"kind": "progress", "fraction": fraction, "stage": stage})

    return progress


def _host(values: dict[str, Any], tell: Tell) -> PluginHost:
    """The worker's plugin host; plugins that are slow but alive say so to the dispatcher."""
    from bridge.bootstrap.ports import plugin_host
    from bridge.config import Settings

    return plugin_host(Settings.model_validate(values), lambda: tell({"kind": "plugin"}), os.getppid())


def ports(values: dict[str, Any], spool: Path, plugins: PluginPort | None = None) -> Ports:
    """What run_job asks of the outside, wired from settings as JSON."""
    from collections.abc import Mapping

    from bridge.analysis.reading import Analysis
    from bridge.bootstrap.planning import names_a_part, plan_words
    from bridge.config import Settings
    from bridge.files.roots import allowed
    from bridge.jobs.answering import Answering
    from bridge.jobs.run import Ports
    from bridge.planning.matching.reference import Aspect, Reference
    from bridge.planning.own_impulse import OwnImpulse
    from bridge.planning.plan import Outcome, Tail
    from bridge.session import SoFar

    settings = Settings.model_validate(values)

    def plan(
        words: str,
        analyses: Mapping[str, Analysis],
        *,
        target: str | None = None,
        planner: str | None = None,
        reference: Reference | None = None,
        match: Mapping[Aspect, float] | None = None,
        ensemble: Ensemble | None = None,
        impulse: OwnImpulse | None = None,
        so_far: SoFar | None = None,
        told: Answering | None = None,
    ) -> Outcome:
        return plan_words(
            words, analyses, settings, target=target, planner=planner, reference=reference, match=match,
            ensemble=ensemble, impulse=impulse, so_far=so_far, told=told or (lambda characters: None),
        )  # fmt: skip

    return Ports(
        plan=plan,
        tail=Tail(policy=settings.tail, fade_ms=settings.tail_fade_ms),
        missing_plugin=settings.missing_plugin,
        refine=settings.refine,
        spool=spool,
        plugins=plugins,
        names_a_part=names_a_part,
        roots=allowed(settings),
    )


def load_libraries() -> None:
    """Everything that every job imports late, so that none waits for it. What only some effects use (all of
    scipy.signal takes half a second) they load themselves."""
    import numpy
    import pedalboard
    import soundfile

    import bridge.analysis.analyzer
    import bridge.compiled
    import bridge.files
    import bridge.rendering.checks
    import bridge.rendering.render
    import bridge.rendering.second_opinion

    with bridge.compiled.put_off("scipy.signal"):
        import pyloudnorm

    assert numpy and pedalboard and pyloudnorm and soundfile


if __name__ == "__main__":
    channel = Channel.open()
    with contextlib.suppress(ImportError):  # told when it is asked to get ready
        load_libraries()
    channel.serve(WorkerProcess().handle)
