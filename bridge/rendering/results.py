"""What rendering gives back: of one sound, of stems, of a stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.effects.dsp.reduction import ReductionCurve
from bridge.planning.plan import Plan
from bridge.planning.promises.refining import Shortfall
from bridge.rendering.check import Check
from bridge.rendering.missing import Replaced


@dataclass(frozen=True)
class Render:
    """The result of one sound. checks: each promise of the plan; `ok` where all of them hold. offset_s: which second
    of the source the result starts with (0 unless its start was trimmed).

    bit_exact: whether the plan gives the same samples again; None where nobody has examined a plugin in it, and then,
    as where it is False, `bit_exact_reason` says so. unproven: a sentence for each wish that cannot be measured on this
    sound; shortfalls: wishes that want more. replaced: steps that were rendered as something else; `plan` is
    then the plan that was rendered.
    """

    audio: Audio
    before: Analysis
    after: Analysis
    checks: tuple[Check, ...]
    warnings: tuple[str, ...] = ()
    bit_exact: bool | None = True
    bit_exact_reason: str | None = None
    replaced: tuple[Replaced, ...] = ()
    plan: Plan | None = None
    offset_s: float = 0.0
    reductions: Mapping[str, ReductionCurve] = field(default_factory=dict)
    unproven: tuple[str, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


@dataclass(frozen=True)
class StemsRender:
    """The results of several stems by name, and of "mix", their processed sum, where a step works on that.

    replaced, plan: as of a Render, for all of them. notes: warnings on all together.
    """

    stems: Mapping[str, Render]
    replaced: tuple[Replaced, ...] = ()
    plan: Plan | None = None
    notes: tuple[str, ...] = ()

    @property
    def audio(self) -> dict[str, Audio]:
        return {name: item.audio for name, item in self.stems.items()}

    @property
    def before(self) -> dict[str, Analysis]:
        return {name: item.before for name, item in self.stems.items()}

    @property
    def after(self) -> dict[str, Analysis]:
        return {name: item.after for name, item in self.stems.items()}

    @property
    def checks(self) -> tuple[Check, ...]:
        """Of all stems; the name says which: `vocals.length`."""
        of_stems = (
            check.model_copy(update={"name": f"{name}.{check.name}"})
            for name, item in self.stems.items()
            for check in item.checks
        )
        return (*of_stems, *(item.check() for item in self.replaced))

    @property
    def warnings(self) -> tuple[str, ...]:
        of_stems = (f"{name}: {text}" for name, item in self.stems.items() for text in item.warnings)
        return (*(item.sentence() for item in self.replaced), *self.notes, *of_stems)

    @property
    def unproven(self) -> tuple[str, ...]:
        return tuple(f"{name}: {text}" for name, item in self.stems.items() for text in item.unproven)

    @property
    def shortfalls(self) -> tuple[Shortfall, ...]:
        return tuple(one for item in self.stems.values() for one in item.shortfalls)

    @property
    def bit_exact(self) -> bool | None:
        """True where all stems are, False where one is not, else None."""
        exact = {item.bit_exact for item in self.stems.values()}
        return False if False in exact else None if None in exact else True

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


@dataclass(frozen=True)
class Streamed:
    """What `render_stream` wrote. unreached: by step id, why a promise will be missed; hand it to `check`.

    promised: how many frames steps and policy for tails make of the source. unrepeatable: plugins that do not sound
    the same twice; unexamined: those of which nobody knows. offset_s: which second of the source the result starts
    with. reductions: by step id, what dynamics steps did to the gain over time.
    """

    frames: int
    promised: int
    warnings: tuple[str, ...] = ()
    unreached: Mapping[str, str] = field(default_factory=dict)
    unrepeatable: tuple[str, ...] = ()
    unexamined: tuple[str, ...] = ()
    offset_s: float = 0.0
    reductions: Mapping[str, ReductionCurve] = field(default_factory=dict)

    @property
    def bit_exact(self) -> bool | None:
        """Whether the same plan gives the same samples again; None where nobody knows."""
        return False if self.unrepeatable else None if self.unexamined else True

    @property
    def bit_exact_reason(self) -> str | None:
        """Why it is not True."""
        if self.unrepeatable:
            return f"{' and '.join(self.unrepeatable)}: does not sound the same twice"
        return f"{' and '.join(self.unexamined)}: nobody has examined it" if self.unexamined else None
