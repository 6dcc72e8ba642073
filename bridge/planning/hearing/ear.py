"""The ear: what was heard so far, and what the next clause may lean on."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.planning.clauses import Clause
from bridge.planning.context import Context
from bridge.planning.frames import Frame
from bridge.planning.given import Given
from bridge.planning.history import latest_of
from bridge.planning.intent import Heard, Intent, Operation, Span
from bridge.planning.option import Option
from bridge.planning.part import Part
from bridge.planning.polarity import STRONGEST, Polarity
from bridge.planning.polarity import polarity as said
from bridge.planning.shape import loose, signature, tells
from bridge.planning.tokens import Token

MORE_AGAIN, BACK = 1.5, 0.5
_KINDS = dict.fromkeys(("", "area", "shape", "everything"), "band")
"""Subjects of one kind, whose "more" and "less" the next clause may lean on."""
STAGED = {"rms_dbfs": "rms_dbfs", "peak_dbtp": "true_peak_dbtp", "ceiling_dbtp": "true_peak_dbtp"}
BARE = frozenset(
    (
        "filler",
        "mark",
        "more",
        "less",
        "degree",
        "make",
        "place",
        "sound",
        "at",
        "and",
        "then",
        "not",
        "but",
        "too",
    )
)


@dataclass(frozen=True)
class When:
    """spans: none where the words do not say from when to when, and question and choices ask. used: the tokens that
    said it, in `words`. told: what was taken for it, where the sound said that."""

    spans: tuple[Span, ...]
    used: tuple[Token, ...]
    words: str
    question: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    told: str = ""


@dataclass
class Ear:
    """inherited: the polarity that a clause without its own takes over. open_bands: bands whose gain is still to come.

    latest: where the intents of the last clause that had any begin. place: where that was.
    complaint: "too much" with nothing beside it. complained: the clause
    before was of a fault. pending: a time whose wish is still to come. held: the time of the
    wish before, which "and" goes on with. unplaced: wishes of which it is not known when.
    part: an instrument whose level cannot be had from this sound. pending_part: of a stereo sound, for the next wish.
    content: the words say that it is good as it is. told: clauses that only tell a story.
    telling: the last clause was one. thanked: the words said thanks.
    """

    context: Context
    intents: list[Intent] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    satisfied: list[str] = field(default_factory=list)
    question: str | None = None
    choices: tuple[Option, ...] = ()
    ordered: bool = False
    inherited: Polarity | None = None
    fault: bool = False
    complained: bool = False
    kind: str = ""
    complaint: Frame | None = None
    open_bands: list[int] = field(default_factory=list)
    latest: int = 0
    place: tuple[str, ...] = ()
    part: str = ""
    pending: When | None = None
    held: When | None = None
    unplaced: list[Intent] = field(default_factory=list)
    pending_part: Part = "all"
    content: bool = False
    mended: bool = False
    both: bool = False
    told: list[str] = field(default_factory=list)
    telling: bool = False
    thanked: bool = False

    @property
    def count(self) -> int:
        """How much was understood so far; it grows with every clause that was."""
        return len(self.intents) + len(self.impossible) + (self.question is not None)

    def forget(self, first: int, end: int | None = None) -> None:
        """Takes wishes back, from `first` to before `end` or to the last; what else is known by its place moves up."""
        end = len(self.intents) if end is None else end
        del self.intents[first:end]
        self.open_bands = [
            at if at < first else at - (end - first) for at in self.open_bands if not first <= at < end
        ]

    def ask(self, question: str, *choices: tuple[str, str]) -> None:
        """choices: (label, the request that it stands for)."""
        self.question = question
        self.choices = tuple(Option(label=label, words=words) for label, words in choices)

    def heard(self) -> Heard:
        """All that was heard. "Too much" and nothing else takes back half of the last wish."""
        if self.complaint is not None and not self.intents and self.context.previous:
            self.add(self.complaint, "again", "", BACK, {"back": 1.0})
        if not (self.intents or self.unsupported or self.impossible or self.satisfied or self.question):
            self.unsupported += self.told
        if self.content and not self.intents and not self.unsupported:
            self.satisfied.append("It stays as it is.")
        return Heard(
            intents=tuple(item for item in _once(self.intents) if not self._only_a_tool(item)),
            unsupported=tuple(dict.fromkeys(self.unsupported)),
            impossible=tuple(dict.fromkeys(self.impossible)),
            warnings=tuple(dict.fromkeys(self.warnings)),
            satisfied=tuple(dict.fromkeys(self.satisfied)),
            question=self.question,
            choices=self.choices if self.question else (),
            in_order=self.ordered,
            language=self.context.lexicon.language,
        )

    def _only_a_tool(self, intent: Intent) -> bool:
        """ "EQ with NAME: cut 3 dB at 250 Hz" says what to do; "EQ" is no wish for cuts of its own beside it."""
        if (
            (intent.operation, intent.subject) != ("effect", "equalizer")
            or intent.given
            or intent.amount <= 0
        ):
            return False
        return any(item.operation == "band" and item.where == intent.where for item in self.intents)

    def leftovers(self, clause: Clause, used: list[Token], understood: bool) -> None:
        """What the clause said and nobody took up."""
        if understood or used:
            self.unsupported += loose(clause, used)
        elif any(token.role not in BARE for token in clause.tokens):
            tale = tells(clause, beside_a_wish=bool(self.intents or self.unsupported or self.impossible))
            tale = tale or (self.thanked and signature(clause))
            (self.told if tale else self.unsupported).append(clause.text)

    def polarity(self, frame: Frame) -> Polarity:
        """Its own, or that of the clause before where it has none: "less harsh and boomy"."""
        wish = said(frame, beside_a_wish=bool(self.intents))
        fault = frame.subject.meaning.fault if frame.subject else self.fault
        kind = _KINDS.get(frame.role(), frame.role())
        close = ("and", "or", "+", ",") if kind == "band" else ("and", "or", "+")
        leaning = frame.opener in close and not wish.said and kind == self.kind and not frame.has("degree")
        self.kind = kind
        comparative = (
            frame.role() == "descriptor" and frame.subject is not None and frame.subject.says("comparative")
        )
        if leaning and self.inherited is not None and fault == self.fault and not comparative:
            wish = Polarity(self.inherited.wish, self.inherited.sign, wish.amount, False)
        else:
            self.inherited = wish if wish.said else None
        self.fault, self.complained = fault, self.fault
        return wish

    def wheres(self, frame: Frame) -> tuple[str, ...]:
        """Places said in the clause; a clause that only continues ("and brighter") stays where the last one was."""
        if frame.wheres:
            self.place = frame.wheres
        elif frame.opener not in ("and", "+") and not (self.complained and self._points_back(frame)):
            self.place = ()
        return self.place or self._spoken_of(frame) or (self.context.main,)

    def _points_back(self, frame: Frame) -> bool:
        """ "The vocal is buried, bring it forward": a pronoun right behind a complaint is what that was about."""
        return frame.opener == "," and any(
            token.says("pronoun") and not (token.text and token.says("definite")) for token in frame.tokens
        )

    def _spoken_of(self, frame: Frame) -> tuple[str, ...]:
        """Stems that the last turn was about, for words that point at them: "them", "too loud now"."""
        if len(self.context.analyses) < 2 or not (
            any(token.says("those") for token in frame.tokens)
            or (frame.has("too") and frame.role() in ("louder", "quieter", ""))
        ):
            return ()
        places = dict.fromkeys(intent.where for intent in latest_of(self.context.previous))
        return tuple(place for place in places if place != self.context.main)

    def add(
        self,
        frame: Frame,
        operation: Operation,
        subject: str = "",
        amount: float = 1.0,
        given: Given | None = None,
    ) -> None:
        if operation == "again" and self.both:
            given = {**(given or {}), "both": 1.0}
        for where in self.wheres(frame):
            self.intents.append(
                Intent(
                    operation=operation,
                    subject=subject,
                    amount=max(-STRONGEST, min(STRONGEST, round(amount, 3))),
                    where=where,
                    given=given or {},
                    words=frame.text,
                    confidence=frame.confidence,
                )
            )


_STRESSED = ("level", "descriptor", "effect")


def _once(intents: list[Intent]) -> list[Intent]:
    """ "Louder!!! LOUDER" is one wish, said with stress."""
    out: list[Intent] = []
    for item in intents:
        if item.operation not in _STRESSED or item not in out:
            out.append(item)
    return out
