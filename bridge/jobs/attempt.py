"""One rendering of a job's plan into its temporary file, with or without the plugins that fail at it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.audio import Samples
from bridge.errors import PluginFailed
from bridge.jobs.spec import PathText
from bridge.planning.place import INPUT, MIX
from bridge.planning.plan import Plan
from bridge.processes.crash import point

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import SoundFile
    from bridge.jobs.run import Ports
    from bridge.jobs.sounds import Progress
    from bridge.jobs.spec import JobSpec
    from bridge.rendering.missing import MissingPlugin, Replaced
    from bridge.rendering.results import Streamed


@dataclass(frozen=True)
class Piece:
    """What is rendered into one file.

    file: whose format the result takes. sound: what is read, where that is not the file itself but a mix; the result
    then carries none of the file's metadata. stem: (its name, the names of all stems), None for a sound alone.
    name: what messages call the result.
    """

    file: SoundFile
    name: PathText
    sound: Sound | None = None
    stem: tuple[str, tuple[str, ...]] | None = None

    def seed(self, plan: Plan) -> int:
        """Of the dither: the same plan and source make the same file."""
        mixed = MIX if self.sound is not None else ""
        return int(hashlib.sha256(f"{plan.id}{self.file.sha256}{mixed}".encode()).hexdigest()[:8], 16)


_MAYBE_AN_ACCIDENT = frozenset({"crashed", "hung", "memory"})


class Attempt:
    """Writes a plan's sound; where a plugin fails and the policy allows it, that of the plan without this plugin; where
    the sound passes what an integer format holds, that of the plan with a ceiling behind its steps.

    plan: the one that was rendered in the end. replaced: what stands in for which of its steps.
    """

    def __init__(self, spec: JobSpec, ports: Ports, progress: Progress, plan: Plan) -> None:
        self._spec, self._ports = spec, ports
        self._progress, self._far = progress, 0.0
        self._tried: set[str] = set()
        self.plan = plan
        self.replaced: list[Replaced] = []
        self._held: tuple[str, ...] = ()

    def write(self, piece: Piece, temporary: Path) -> tuple[Streamed, tuple[str, ...]]:
        """What was rendered, and the warnings. Raises PluginFailed where the policy does not help."""
        while True:
            try:
                streamed, warnings, overs = _write(piece, self.plan, temporary, self._ports, self._tell)
            except PluginFailed as failed:
                if not self._once_more(failed):
                    self._replace(failed)
                continue
            under = self._under_full_scale(piece, overs) if overs else None
            if under is None:
                return streamed, (*self._held, *warnings)
            self.plan = under

    def _under_full_scale(self, piece: Piece, overs: int) -> Plan | None:
        from bridge.rendering.ceiling import sentence, under_full_scale

        under = under_full_scale(self.plan, INPUT if piece.stem is None else piece.stem[0], overs)
        if under is not None:
            self._held = (f"{sentence(overs)}, so it was rendered again with a limiter behind them.",)
        return under

    def _tell(self, fraction: float, stage: str) -> None:
        """Progress never falls, though the sound may be begun again."""
        self._far = max(self._far, fraction)
        self._progress(self._far, stage)

    def _once_more(self, failed: PluginFailed) -> bool:
        """What may have been an accident is tried twice: by a second attempt of the job, else here."""
        first = self._spec.attempt == 1 and failed.step not in self._tried
        self._tried.add(failed.step)
        return first and self._policy != "refuse" and failed.fault in _MAYBE_AN_ACCIDENT

    def _replace(self, failed: PluginFailed) -> None:
        from bridge.rendering.missing import without

        if self._ports.plugins is None:
            raise failed
        self.plan, replaced = without(self.plan, failed, self._policy, self._ports.plugins)
        self.replaced.append(replaced)

    @property
    def _policy(self) -> MissingPlugin:
        return self._spec.missing_plugin or self._ports.missing_plugin


def _write(
    piece: Piece, plan: Plan, temporary: Path, ports: Ports, progress: Progress
) -> tuple[Streamed, tuple[str, ...], int]:
    """What was rendered, the warnings of steps and file, and how many samples the file could not hold."""
    from bridge.files import SoundWriter, result_format
    from bridge.jobs.impulses import reading
    from bridge.rendering.render import render_stream

    def report(fraction: float, stage: str) -> None:
        progress(fraction, "render")

    sound = piece.sound or piece.file
    with SoundWriter(
        temporary,
        sound.rate,
        sound.channels,
        result_format(piece.file.format),
        None if piece.sound is not None else piece.file,
        piece.seed(plan),
        name=piece.name,
    ) as writer:

        def write(block: Samples) -> None:
            writer.write(block)
            point("write")

        with reading(ports.roots):
            streamed = render_stream(
                sound,
                plan,
                write,
                spool_dir=ports.spool,
                stem=piece.stem,
                plugins=ports.plugins,
                progress=report,
            )
        point("fsync")
    point("written")
    return streamed, (*streamed.warnings, *writer.warnings), writer.overs
