"""Plan, Step and Outcome: what both planners make, people may edit by hand, and the renderer renders.

A plan is data: effects in order with parameters in real units, each with its reason and its evidence.
JSON shapes are the contract's (`plan --json`).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from bridge.planning.intent import Intent
from bridge.planning.matching.reference import Matched
from bridge.planning.option import Option
from bridge.planning.part import Part
from bridge.planning.plugins.replaced import Replaced
from bridge.planning.promises.promise import Promise
from bridge.planning.value import Value
from bridge.planning.version import VersionWish

SCHEMA = 1

OutcomeKind = Literal[
    "plan", "clarify", "unsupported", "off_topic", "answer", "no_op", "undo", "redo", "compare"
]


class Region(Value):
    """A stretch of time in which a step works, in seconds of the source, with fades at both ends.

    Also behind a step that changes time: the region goes where those seconds of the source are heard by then. A step
    that changes time itself (trim, time stretch) takes no region; that is refused.
    """

    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    fade_ms: float = Field(default=20.0, ge=0, le=10_000)


class Evidence(Value):
    """A measured value that a step was chosen by."""

    metric: str
    value: float | str
    unit: str
    threshold: float | None = None


class Step(Value):
    """One effect with its settings. `parameters` are validated by the effect's own model.

    where: "input", a stem's name, or "mix". part: of a stereo sound, what it works on; the rest stays as it is.
    wet: 0..1, how much of the effect is heard.
    intent: what it was asked by ("bright +1", "equalizer"). confidence: share of the words that was understood.
    clamped_from: parameters that were held at a limit, with the value that was asked for. turn: of the conversation,
    that asked for it last. planned: its parameters as the wish alone gives them, where a second round has made the step
    stronger.
    """

    id: str
    effect: str
    where: str = "input"
    part: Part = "all"
    parameters: dict[str, Any] = Field(default_factory=dict)
    region: Region | None = None
    enabled: bool = True
    wet: float = Field(default=1.0, ge=0, le=1)
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    intent: str = ""
    confidence: float = Field(default=1.0, ge=0, le=1)
    clamped_from: dict[str, float] = Field(default_factory=dict)
    turn: int = Field(default=0, ge=0)
    planned: dict[str, Any] | None = None


TailPolicy = Literal["keep", "trim", "fade"]


class Tail(Value):
    """What becomes of the sound that goes on after the end of the source (reverb, echoes).

    keep: the result grows until that has fallen 60 dB below its loudest sample. trim: it ends where the source ends,
    with 5 ms of fade against a click. fade: it ends there too, faded over the last `fade_ms`. Nothing is faded where
    nothing goes on sounding. The result always starts where the source starts.
    """

    policy: TailPolicy = "keep"
    fade_ms: float = Field(default=500.0, ge=1, le=10_000)

    @model_validator(mode="before")
    @classmethod
    def _plain_word(cls, data: object) -> object:
        """`"tail": "trim"` is all that most plans need."""
        return {"policy": data} if isinstance(data, str) else data

    def sentence(self) -> str:
        """ "fade over the last 2 s"."""
        return f"fade over the last {self.fade_ms / 1000:g} s" if self.policy == "fade" else self.policy


class Usage(Value):
    """What a model's answers took. None is unknown, which is not 0. calls: requests that went out, repairs included."""

    calls: int = Field(ge=1)
    prompt_tokens: int | None = Field(default=None, ge=0)
    completion_tokens: int | None = Field(default=None, ge=0)
    cost_usd: float | None = Field(default=None, ge=0)
    seconds: float = Field(ge=0)

    def sentence(self) -> str:
        """ "2 calls, 3,214 + 210 tokens, 0.0012 USD, 4.1 s"."""
        calls = "1 call" if self.calls == 1 else f"{self.calls} calls"
        known = self.prompt_tokens is not None and self.completion_tokens is not None
        tokens = f"{self.prompt_tokens:,} + {self.completion_tokens:,} tokens" if known else "tokens unknown"
        cost = "cost unknown" if self.cost_usd is None else f"{self.cost_usd:.4g} USD"
        return f"{calls}, {tokens}, {cost}, {self.seconds:.1f} s"


class PlannerInfo(Value):
    """Who spoke: the offline planner or a model, and why the model did not if it should have.

    usage: what the model took, also where it came to nothing; None where none was asked.
    """

    kind: Literal["offline", "model", "hand"] = "offline"
    model: str | None = None
    fallback_reason: str | None = None
    usage: Usage | None = None


class Bus(Value):
    """Stems that are summed, so that steps at `name` work on all of them together. In the mix it stands for them."""

    name: str = Field(min_length=1, max_length=200)
    stems: tuple[str, ...] = Field(min_length=1, max_length=64)


class Before(Value):
    """What stood before the last turn: so that it can be gone back to by half, and what was taken away comes back."""

    intents: tuple[Intent, ...] = ()
    steps: tuple[Step, ...] = ()


class Plan(Value):
    """Steps in the order in which they sound. `id` follows from the content: equal plans have equal ids.

    intents: what was asked, over all turns, so that "even more" can ask for more of it.
    parent_id: the plan that this one was made from. tail: None leaves it to who renders, which keeps tails.
    matched: the reference that it comes near to, and how near.
    replaced: plugins that the words asked for and that cannot play; what is rendered is delivered as such.
    buses: those that steps name; each makes a result of its own.
    promises: what each wish must show in the result. before: what the turn before had left.
    """

    schema_: int = Field(default=SCHEMA, alias="schema", serialization_alias="schema")
    id: str = ""
    parent_id: str | None = None
    request: str = ""
    language: str = "en"
    planner: PlannerInfo = PlannerInfo()
    steps: tuple[Step, ...] = ()
    intents: tuple[Intent, ...] = ()
    tail: Tail | None = None
    matched: Matched | None = None
    replaced: tuple[Replaced, ...] = ()
    buses: tuple[Bus, ...] = Field(default=(), max_length=64)
    promises: tuple[Promise, ...] = Field(default=(), max_length=256)
    before: Before | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)

    def with_id(self) -> Plan:
        """The same plan with the id that its content gives."""
        content = self.model_dump(
            mode="json", by_alias=True, exclude={"id", "parent_id", "planner", "before"}
        )
        for later in ("tail", "matched"):  # plans from before there were such fields keep their ids
            if getattr(self, later) is None:
                del content[later]
        for item in (*content["steps"], *content["intents"]):
            del item["turn"]  # when it was said changes nothing of what is heard
            item.pop("planned", None)
            if item["part"] == "all":  # and so do plans from before there were parts
                del item["part"]
        for name in ("replaced", "buses", "promises"):
            if not content[name]:
                del content[name]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return self.model_copy(update={"id": hashlib.sha256(text.encode()).hexdigest()[:16]})

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


class Outcome(Value):
    """The answer to words: a plan, or why there is none.

    unsupported: the user's words that were understood as a wish but cannot be met, or were not understood.
    planner: who heard the words; None where nobody was asked. A plan names its own too.
    version: which version of a conversation "undo" and "compare" mean, where that was said, or what an answer shall do
    with them; the session settles it.
    choices: answers that the question offers. request: what it was asked about, so that the next words may answer it.
    """

    kind: OutcomeKind
    plan: Plan | None = None
    planner: PlannerInfo | None = None
    question: str | None = None
    choices: tuple[Option, ...] = ()
    request: str = ""
    answer: str | None = None
    unsupported: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    version: VersionWish | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's shape of `plan --json`."""
        return {
            "schema": SCHEMA,
            "outcome": self.kind,
            "plan": self.plan.to_json() if self.plan else None,
            "question": self.question,
            "choices": [choice.label for choice in self.choices],
            "answer": self.answer,
            "unsupported": list(self.unsupported),
            "warnings": list(self.warnings),
        }
