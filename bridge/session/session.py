"""Session: the fold of all turns. Versions form a tree; undo goes to the parent, redo to the child that was heard last.

Every version is a plan for the untouched original, so going back loses nothing and adds nothing up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import Field, ValidationError

from bridge.errors import BadInput
from bridge.planning.plan import Outcome, Plan
from bridge.planning.value import Value
from bridge.planning.version import VersionWish, Which
from bridge.session.finding import NotThere, found
from bridge.session.so_far import SoFar
from bridge.session.turn import Turn
from bridge.session.version import Version

SCHEMA = 1

_ORIGINAL = Version(number=0)


class Session(Value):
    """versions: by number; 0 is the untouched sound. at: the version that is heard now. names: of versions.

    heard: versions in the order in which they were last heard, the present one last.
    """

    turns: tuple[Turn, ...] = ()
    versions: tuple[Version, ...] = (_ORIGINAL,)
    at: int = 0
    names: dict[str, int] = Field(default_factory=dict)
    heard: tuple[int, ...] = (0,)

    @property
    def version(self) -> Version:
        """The one that is heard now."""
        return self.versions[self.at]

    @property
    def plan(self) -> Plan | None:
        """The plan that is heard now; None is the original."""
        return self.version.plan

    @property
    def can_undo(self) -> bool:
        return self.version.parent is not None

    @property
    def question(self) -> Outcome | None:
        """The outcome of the last turn where that was a question, which the next words may answer."""
        last = self.turns[-1].outcome if self.turns else None
        return last if last is not None and last.kind == "clarify" else None

    @property
    def so_far(self) -> SoFar:
        """What the next words need to know."""
        return SoFar(plan=self.plan, names=tuple(self.names), question=self.question)

    def seen_from(self, at: int) -> Session:
        """The same session as it is heard by who is at another version."""
        known = 0 <= at < len(self.versions)
        return self.model_copy(update={"at": at}) if known else self

    def names_of(self, number: int) -> tuple[str, ...]:
        return tuple(name for name, meant in self.names.items() if meant == number)

    # -- one turn more ---------------------------------------------------------------------------------------------

    def after(self, turn: Turn) -> Session:
        """The session with one more turn. A new plan becomes a child of the version it was made from; nothing that
        was undone is lost."""
        turns = (*self.turns, turn)
        base = turn.base if turn.base is not None and turn.base < len(self.versions) else self.at
        kind, plan = turn.outcome.kind, turn.outcome.plan
        if turn.status != "done":
            return self.model_copy(update={"turns": turns})
        if kind == "plan" and plan is not None:
            new = Version(number=len(self.versions), parent=base, plan=plan, words=turn.words)
            return self.model_copy(
                update={"turns": turns, "versions": (*self.versions, new), **self._hearing(new.number)}
            )
        if kind in ("undo", "redo"):
            to = self.seen_from(base)._number(turn.outcome)
            return self.model_copy(update={"turns": turns, **(self._hearing(to) if to is not None else {})})
        return self.model_copy(update={"turns": turns, "names": self._named(turn.outcome.version, base)})

    def _hearing(self, number: int) -> dict[str, Any]:
        return {"at": number, "heard": (*(each for each in self.heard if each != number), number)}

    def _named(self, wish: VersionWish | None, base: int) -> dict[str, int]:
        return {**self.names, wish.name: base} if wish is not None and wish.do == "name" else self.names

    def _number(self, outcome: Outcome) -> int | None:
        try:
            return found(self, _which(outcome))
        except NotThere:
            return None

    @classmethod
    def fold(cls, turns: Iterable[Turn]) -> Session:
        """The session that these turns make."""
        session = cls()
        for turn in turns:
            session = session.after(turn)
        return session

    # -- what an outcome means here --------------------------------------------------------------------------------

    def answered(self, outcome: Outcome) -> Outcome:
        """The outcome as this session sees it.

        Undo and redo carry the number and the plan of the version that they lead to (None: the original), compare the
        numbers of both sides; names and lists are answered. What is not there becomes a no_op that says so.
        """
        try:
            if outcome.kind in ("undo", "redo"):
                return self._gone_to(outcome, found(self, _which(outcome)))
            if outcome.kind == "compare":
                return self._compared(outcome)
        except NotThere as error:
            return Outcome(kind="no_op", answer=str(error), planner=outcome.planner)
        wish = outcome.version
        if wish is not None and wish.do == "name":
            return self._called(outcome, wish)
        return outcome.model_copy(update={"answer": self.listed()}) if wish is not None else outcome

    def _gone_to(self, outcome: Outcome, number: int) -> Outcome:
        version = self.versions[number]
        if number == self.at:
            return Outcome(kind="no_op", answer=f"This is {version.title} already.", planner=outcome.planner)
        wish = VersionWish(do="go", which=Which(number=number))
        said = f' ("{version.words}")' if version.words else ""
        answer = f"{'Back to' if outcome.kind == 'undo' else 'Forward to'} {version.title}{said}."
        return outcome.model_copy(update={"version": wish, "plan": version.plan, "answer": answer})

    def _compared(self, outcome: Outcome) -> Outcome:
        wish = outcome.version or VersionWish(do="compare")
        against = found(self, wish.against) if wish.against else 0
        which = found(self, wish.which) if wish.which else self.at
        if which == against == 0:
            raise NotThere("There is nothing to compare yet: this is the untouched sound.")
        if which == against:
            raise NotThere(f"Both are {self.versions[which].title}; name another version to compare it with.")
        settled = VersionWish(do="compare", which=Which(number=which), against=Which(number=against))
        answer = f"A is {self.versions[against].title}, B is {self.versions[which].title}."
        return outcome.model_copy(update={"version": settled, "answer": answer})

    def _called(self, outcome: Outcome, wish: VersionWish) -> Outcome:
        before = self.names.get(wish.name)
        title = self.version.title
        said = f"{title[0].upper()}{title[1:]} is called {wish.name} now."
        if before is not None and before != self.at:
            said = f"{said} Until now {self.versions[before].title} was."
        return outcome.model_copy(update={"answer": said})

    def listed(self) -> str:
        """All versions in a sentence."""
        return f"{'; '.join(self._line(version) for version in self.versions)}."

    def _line(self, version: Version) -> str:
        said = "version 0 is the original" if not version.number else f'{version.number} "{version.words}"'
        if version.parent is not None and version.parent != version.number - 1:
            said += f" from {version.parent}"
        names = self.names_of(version.number)
        said += f", called {' and '.join(names)}" if names else ""
        return f"{said}, heard now" if version.number == self.at else said

    # -- JSON --------------------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """The turns; everything else follows from them."""
        return {
            "schema": SCHEMA,
            "turns": [turn.model_dump(mode="json", by_alias=True) for turn in self.turns],
        }

    @classmethod
    def from_json(cls, data: object) -> Session:
        """The inverse of `to_json`. Raises BadInput for another schema or a file that is cut or changed."""
        if (
            not isinstance(data, dict)
            or data.get("schema") != SCHEMA
            or not isinstance(data.get("turns"), list)
        ):
            raise BadInput(f"This is no session of schema {SCHEMA}.")
        try:
            return cls.fold(Turn.model_validate(item) for item in data["turns"])
        except (ValidationError, RecursionError) as error:
            raise BadInput(f"The session's turn cannot be read: {why(error)}.") from None


def why(error: ValidationError | RecursionError) -> str:
    """The first thing that is wrong with a turn, in a few words."""
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part)[:40] for part in first['loc'])}: {first['msg']}"


def _which(outcome: Outcome) -> Which:
    """Undo and redo alone mean one step."""
    if outcome.version is not None and outcome.version.which is not None:
        return outcome.version.which
    return Which(back=1 if outcome.kind == "undo" else -1)
