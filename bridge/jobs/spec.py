"""JobSpec, Planned, Rendered: what crosses to a worker process and back. Plain JSON, paths absolute.

`run_job(spec)` is a pure function of files and values, the same on a local worker and on a cluster; the ledger, not
the engine, owns retries and the final commit.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from bridge.planning.matching.reference import Amount, Aspect
from bridge.planning.plan import Outcome, Plan, TailPolicy
from bridge.rendering.check import Check
from bridge.rendering.missing import MissingPlugin, Replaced
from bridge.session import SoFar

Kind = Literal["process", "plan", "analyze"]
Status = Literal["done", "failed", "refused", "cancelled"]

PathText = Annotated[str, SkipValidation]
"""A path as `os.fsdecode` gives it; names that are no UTF-8 hold lone surrogates, which pydantic's own str refuses."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="python", by_alias=True)


class Source(_Value):
    """The input as it was when the job was planned; rendering refuses a file that has changed since."""

    path: PathText
    sha256: str
    rate: int
    channels: int
    frames: int
    format: str


class Part(_Value):
    """One of several stems as it was planned, or their mix, which has no source.

    before: readings by name. spectrum: the curve of that name, where there is one. name: of the file that rendering
    will give. start_s: where in the song it begins.
    """

    source: Source | None
    before: dict[str, Any]
    spectrum: dict[str, Any] = {}
    name: PathText
    start_s: float = 0.0


class Talk(_Value):
    """The conversation that a job is a turn of. base: the version that its words were said of."""

    session: str
    base: int


class Side(_Value):
    """One of two versions that are compared. plan: None is the untouched sound. name: of the file it is given in."""

    version: int
    title: str
    plan: Plan | None
    name: PathText


class RenderedPart(_Value):
    """One stem, or the mix, as it was rendered: as the fields of `Rendered`."""

    output: PathText
    sha256: str
    after: dict[str, Any]
    offset_s: float = 0.0
    reductions: dict[str, dict[str, Any]] = {}


class JobSpec(_Value):
    """phase "plan": measure `path` and plan `request`. phase "render": render `plan` into `output`.

    kind: "analyze" only measures, everything; "plan" ends before rendering.
    plan: to be rendered; in phase "plan" one that was handed in, so that nothing is planned.
    source, before (readings by name), spectrum: what phase "plan" found; given to phase "render".
    refine: whether a plan whose wishes fell short is made stronger, once; None leaves it to the settings.
    tail, missing_plugin: what is to become of tails and of plugins that cannot be used; None leaves it to the plan and
    to the settings.
    impulse: an impulse response that is to be convolved with. album: by name, the files of finished songs that are
    brought to one loudness together; album_lufs: that loudness, given to phase "render".
    output: a temporary name in the folder of the final one, whose file name is `name`; the ledger's owner renames it.
    stems: by name, their files; starts: where in the song one begins, in seconds. parts: what phase "plan" found of
    them, and outputs: a temporary name for each, given to phase "render".
    so_far: the conversation that the words go on with. sides: "a" and "b", versions that are to be compared.
    """

    job: str
    attempt: int
    phase: Literal["plan", "render"]
    kind: Kind = "process"
    path: PathText
    request: str = ""
    target: str | None = None
    references: tuple[PathText, ...] = ()
    match: dict[Aspect, Amount] = {}
    stems: dict[str, PathText] = {}
    starts: dict[str, Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)]] = {}
    planner: Literal["offline", "model"] | None = None
    plan: Plan | None = None
    tail: TailPolicy | None = None
    missing_plugin: MissingPlugin | None = None
    impulse: PathText | None = None
    album: dict[str, PathText] = {}
    album_lufs: float | None = None
    refine: bool | None = None
    source: Source | None = None
    before: dict[str, Any] = {}
    spectrum: dict[str, Any] = {}
    output: PathText | None = None
    name: PathText = ""
    parts: dict[str, Part] = {}
    outputs: dict[str, PathText] = {}
    so_far: SoFar | None = None
    sides: dict[str, Side] = {}


class Planned(_Value):
    """Answer of phase "plan": frozen in the ledger before anything is rendered.

    name: of the file that rendering will give. parts: all stems and their mix, where there are several; the source
    is then the job's own file. album: what is to become of the songs of an album, which the parts are then.
    spectrum: of the source, which proofs of wishes start from.
    talk, sides: of a turn in a conversation, and of a comparison in it. kept: the job that rendered the version that is
    gone back to.
    """

    source: Source
    outcome: Outcome
    before: dict[str, Any]
    spectrum: dict[str, Any] = {}
    name: PathText
    parts: dict[str, Part] = {}
    album: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    talk: Talk | None = None
    sides: dict[str, Side] = {}
    kept: str = ""


class Refined(_Value):
    """kept: whether the refined plan's rendering was the better one, and is delivered. wishes: the checks of what had
    fallen short, of the first rendering and of the second. seconds: what the round took."""

    kept: bool
    first: tuple[Check, ...]
    second: tuple[Check, ...]
    seconds: float


class Rendered(_Value):
    """Answer of phase "render": the temporary file is complete, synced, reopened and measured.

    sha256: of the temporary file, so that the commit can tell that it is the one that was verified.
    parts: all that was rendered of several stems; what stands above is then of the mix, or of the first of them.
    plan: the one that was rendered, where a plugin could not be used; `replaced` says what stood in for which step.
    bit_exact: whether the plan renders the same audio data again, None where nobody knows; `bit_exact_reason` says why.
    reductions: by step id, what dynamics steps did to the gain over time (`ReductionCurve.to_json`);
    of a step that works on several stems, where it did most. `parts` have them stem by stem.
    offset_s: which second of the source the result starts with, so that a DAW can place what was trimmed.
    unproven: a sentence for each wish that could not be measured on this sound.
    refinement: the same plan with more of what fell short, where there is any within the soft spans and it is wanted.
    refined: what the second rendering came to, where there was one; what stands here is then the better of the two.
    turned_down_db: of a comparison, how much each side was turned down (0 or less); `parts` are its sides.
    """

    output: PathText
    sha256: str
    after: dict[str, Any]
    checks: tuple[Check, ...]
    parts: dict[str, RenderedPart] = {}
    plan: Plan | None = None
    replaced: tuple[Replaced, ...] = ()
    bit_exact: bool | None = True
    bit_exact_reason: str | None = None
    reductions: dict[str, dict[str, Any]] = {}
    offset_s: float = 0.0
    turned_down_db: dict[str, float] = {}
    unproven: tuple[str, ...] = ()
    refinement: Plan | None = None
    refined: Refined | None = None
    warnings: tuple[str, ...] = ()
