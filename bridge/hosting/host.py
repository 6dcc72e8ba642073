"""PluginHost: what rendering asks for a hosted plugin's sound. One a worker process, for one job after another."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypedDict

from bridge.effects.effect import Effect
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import PluginFailed
from bridge.hosting import marks, scan
from bridge.hosting.catalogue import Catalogue
from bridge.hosting.channels import AsStereo, DualMono, Layout, Served, layout
from bridge.hosting.folders import stamp
from bridge.hosting.heard import Heard
from bridge.hosting.isolated import IsolatedProcessor
from bridge.hosting.opening import Order, open_plugin
from bridge.hosting.pace import most_cost_s
from bridge.hosting.patience import PATIENCE, Patience
from bridge.hosting.pool import Pool
from bridge.hosting.probe import RATE as PROBED_RATE
from bridge.hosting.record import PluginRecord
from bridge.hosting.strikes import COUNTED
from bridge.hosting.within import Within
from bridge.processes.surroundings import Surroundings

if TYPE_CHECKING:
    from bridge.hosting.mapping import PluginMap

_FRAMES_OF_A_LOAD = 3.0
_TIMES_A_LOAD = 20.0
"""How long a plugin may load here: as long as it may take for so many frames, or so many times what it took once."""

Isolation = Literal["auto", "always"]
"""auto: in this process, but in one of its own where that is safer. always: a retry that must name the culprit."""


class PluginHost:
    """Fulfils `PluginPort`. To be used on the main thread; from another one, everything is isolated.

    catalogue: what is known of the plugins; one that is not known yet is scanned before it is let in here.
    memory_mb: what a plugin's own process may take. beat: a sign of life, called while plugins work.
    accountant: pid of the process that will count this one's death against the plugin at work in it (`Deaths`).
    maps: the plugins' maps by name, for substitutes; None takes those that are shipped.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        isolation: Isolation = "auto",
        memory_mb: int = 2048,
        log_path: Path | None = None,
        beat: Callable[[], None] | None = None,
        patience: Patience = PATIENCE,
        accountant: int | None = None,
        maps: Callable[[], Mapping[str, PluginMap]] | None = None,
    ) -> None:
        self._patience = patience
        self._accountant = accountant
        self._maps = maps
        self._catalogue = catalogue
        self.isolation = isolation
        self._beat = beat
        self._pool = Pool(memory_mb, log_path, patience)
        self._here: weakref.WeakKeyDictionary[Within, Path] = weakref.WeakKeyDictionary()
        self._been_here: dict[Path, None] = {}
        self._mark: marks.Mark | None = None
        self._note_the_dead()
        self._finalizer = weakref.finalize(self, self._pool.close)

    def processor(self, effect: HostedPlugin, rate: int, channels: int) -> Heard:
        """The sound of a plan's plugin for `channels` at `rate` Hz, with its `warnings` for the result.

        Raises PluginFailed (missing, quarantined, crashed, ...), PathRefused, and BadPlan for its parameters.
        """
        bundle = self._catalogue.find(effect.plugin.name, effect.plugin.file or None)
        record = self._record(bundle)
        how = layout(channels, record.channels, record.name)
        taken = {"direct": channels, "dual_mono": 1, "as_stereo": 2}[how]
        order = _order(effect, record, bundle, rate, taken, self._patience)
        alone: list[IsolatedProcessor] = []
        served = self._served(lambda: self._instance(order, record, bundle, alone), how, channels)
        heard = Heard(served, effect, record, lambda: sum(one.dropped_mb() for one in alone))
        heard.warnings = tuple(_warnings(effect, record, how, channels))
        return heard

    def substitute(self, effect: HostedPlugin) -> Effect | None:
        """The built-in effect that comes nearest to a plugin that cannot be used; None where none does."""
        from bridge.hosting.mapping import load_maps, substitute

        return substitute(effect, (self._maps or load_maps)().get(effect.plugin.name))

    @staticmethod
    def _served(instance: Callable[[], Within], how: Layout, channels: int) -> Served:
        if how == "dual_mono":
            return DualMono([instance() for _ in range(channels)])
        return AsStereo(instance()) if how == "as_stereo" else instance()

    @contextmanager
    def job(self, attempt: int) -> Iterator[None]:
        """One job at a time. From the second attempt on every plugin is isolated, so that the culprit is named; what
        a job that failed has left playing is ended. Plugins that have played here and changed this process are
        isolated from then on."""
        self.isolation = "always" if attempt > 1 else "auto"
        self._been_here.clear()
        before = Surroundings.now()
        try:
            yield
        finally:
            self._suspect(Surroundings.now().changed(before))
            self._pool.abandon()

    def _suspect(self, spoilt: str | None) -> None:
        """spoilt: what has become of this process while plugins played in it; any of them may have done that."""
        for bundle in self._been_here if spoilt else ():
            with suppress(OSError):  # a limit that was lowered may forbid just that
                self._catalogue.strikes.add(bundle, "suspected", f"it left a process with {spoilt}")

    def close(self) -> None:
        """Ends every process of plugins. Safe to call twice."""
        self._finalizer()
        if self._mark is not None:
            self._mark.close()
            self._mark = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _note_the_dead(self) -> None:
        """A process that ended inside of a plugin makes that a suspect: it is isolated from now on."""
        for bundle in marks.left_behind(self._catalogue.marks):
            self._catalogue.strikes.add(
                bundle, "suspected", "a process ended while this plugin was at work in it"
            )

    def _record(self, bundle: Path) -> PluginRecord:
        """What is known of a bundle, found out now if need be. Raises PluginFailed where it may not be used."""
        strike = self._catalogue.strikes.quarantined(bundle)
        if strike is not None:
            raise PluginFailed(
                f"Plugin {bundle.stem} is in quarantine: {strike.sentence} {_way_out(bundle)}",
                bundle.stem,
                "quarantined",
            )
        before = stamp(bundle)
        known = self._catalogue.known(bundle)
        how: _How = {"patience": self._patience, "beat": self._beat}
        record = known
        if record is None or record.wants == "quick":
            record = scan.judged(self._catalogue, bundle, partial(scan.quick, bundle, **how))
        if record.status == "ok" and record.deep is None:
            record = scan.judged(self._catalogue, bundle, partial(scan.with_deep, record, **how))
        if record is not known:
            self._catalogue.keep([record], {record.file: before})
        if not record.usable:
            raise PluginFailed(
                record.reason or f"Plugin {record.name} is not usable.", record.name, record.status
            )
        return record

    def _instance(
        self, order: Order, record: PluginRecord, bundle: Path, alone: list[IsolatedProcessor]
    ) -> Within:
        """alone: gets it, where it plays in a process of its own."""
        if self._must_be_alone(record, bundle):
            with self._striking(bundle):
                alone.append(self._isolated(order, record))
                return Within(alone[-1], lambda: self._striking(bundle))
        mark = self._mark = self._mark or marks.Mark(self._catalogue.marks, self._accountant)

        def moved() -> None:
            mark.moved()
            if self._beat is not None:
                self._beat()

        self._been_here[bundle] = None
        with mark.inside(bundle, self._loading_s(record)):
            opened = open_plugin(order, moved)
        instance = Within(opened, lambda: self._playing_here(mark, bundle))
        self._here[instance] = bundle
        return instance

    @contextmanager
    def _playing_here(self, mark: marks.Mark, bundle: Path) -> Iterator[None]:
        with self._striking(bundle), mark.inside(bundle, self._patience.frame_s):
            yield

    def _loading_s(self, record: PluginRecord) -> float:
        """For a plugin that is known to load, and how long that took."""
        return max(_FRAMES_OF_A_LOAD * self._patience.frame_s, _TIMES_A_LOAD * (record.load_s or 0.0))

    @contextmanager
    def _striking(self, bundle: Path) -> Iterator[None]:
        """A crash or a hang within it is written down against the plugin."""
        try:
            yield
        except PluginFailed as error:
            if error.fault not in COUNTED:
                raise
            self._catalogue.strikes.add(bundle, error.fault, error.message)
            if self._catalogue.strikes.quarantined(bundle) is None:
                raise
            said = f"{error.message} It is in quarantine now. {_way_out(bundle)}"
            raise PluginFailed(said, error.plugin, error.fault) from error

    def _must_be_alone(self, record: PluginRecord, bundle: Path) -> bool:
        """Whether it gets a process of its own: on a retry, away from the main thread, after a strike, where its
        instances disturb each other, and where it is here already and nobody has seen that they do not."""
        if self.isolation == "always" or threading.current_thread() is not threading.main_thread():
            return True
        if self._catalogue.strikes.of(bundle) or (record.deep and not record.deep.instances_independent):
            return True
        return record.deep is None and bundle in self._here.values()

    def _isolated(self, order: Order, record: PluginRecord) -> IsolatedProcessor:
        again = record.deep is not None and record.deep.instances_independent
        return self._pool.open(order, record.name, again, self._beat)

    def prepare(self) -> None:
        """Has one warm process waiting, so that the next isolated plugin does not wait for an interpreter."""
        self._pool.prepare()


def _way_out(bundle: Path) -> str:
    return f"`dawbridge plugins forgive {bundle.stem}` lets it out."


class _How(TypedDict):
    """How a plugin is looked into."""

    patience: Patience
    beat: Callable[[], None] | None


def _warnings(effect: HostedPlugin, record: PluginRecord, how: Layout, channels: int) -> Iterator[str]:
    name, deep, made_with = record.name, record.deep, effect.plugin.version
    if how == "dual_mono" and channels > 2:
        yield f"{name} is mono: each of the {channels} channels is treated for itself, the LFE too where there is one."
    elif how == "dual_mono" and "dynamic" in record.category.lower():
        yield f"{name} is mono: each channel is treated for itself, the image may move."
    if how == "as_stereo":
        yield f"{name} is stereo: it gets the one channel on both sides, and the mean of its sides is taken."
    if made_with and record.version and made_with != record.version:
        yield f"{name} is version {record.version}; the plan was made with {made_with}."
    if record.status == "slow":
        yield f"{name} takes {record.load_s:.0f} s to load."
    if deep is not None and deep.hidden_latency_frames:
        yield (
            f"{name} reports {record.latency_frames} frames of latency and has {deep.latency_frames}; "
            "the measured one was taken away."
        )
    if deep is not None and not deep.deterministic:
        yield f"{name} does not sound the same twice; this render cannot be repeated exactly."


def _order(
    effect: HostedPlugin, record: PluginRecord, bundle: Path, rate: int, channels: int, patience: Patience
) -> Order:
    """hidden latency: what was measured, where it is none or was measured at this rate; else it is measured anew."""
    speed = record.deep.speed if record.deep is not None else None
    hidden = record.deep.hidden_latency_frames if record.deep is not None else None
    return Order(
        file=str(bundle),
        name=effect.plugin.name if effect.plugin.name in record.names else None,
        identifier=effect.plugin.identifier,
        rate=rate,
        channels=channels,
        parameters=dict(effect.settings),
        automation=effect.automation,
        state_base64=effect.state_base64,
        state_sha256=effect.state_sha256,
        hidden_latency_frames=hidden if hidden == 0 or rate == PROBED_RATE else None,
        grace_s=patience.grace_s,
        most_cost_s=most_cost_s(speed),
    )
