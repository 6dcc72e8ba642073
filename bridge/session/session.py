"""Session: the fold of all turns. Undo is the plan before; every render starts at the untouched original."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from bridge.errors import BadInput
from bridge.planning.plan import Outcome, Plan
from bridge.planning.value import Value
from bridge.session.turn import Turn

SCHEMA = 1


class Session(Value):
    """versions: plans in the order made; None stands for the untouched sound. at: the version that is heard now."""

    turns: tuple[Turn, ...] = ()
    versions: tuple[Plan | None, ...] = (None,)
    at: int = 0

    @property
    def plan(self) -> Plan | None:
        """The plan that is heard now; None is the original."""
        return self.versions[self.at]

    @property
    def can_undo(self) -> bool:
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        return self.at + 1 < len(self.versions)

    def after(self, turn: Turn) -> Session:
        """The session with one more turn. A new plan after an undo takes the place of what was undone."""
        turns = (*self.turns, turn)
        kind = turn.outcome.kind
        if kind == "plan" and turn.outcome.plan is not None:
            versions = (*self.versions[: self.at + 1], turn.outcome.plan)
            return Session(turns=turns, versions=versions, at=self.at + 1)
        step = {"undo": -1, "redo": 1}.get(kind, 0)
        at = max(0, min(len(self.versions) - 1, self.at + step))
        return Session(turns=turns, versions=self.versions, at=at)

    @classmethod
    def fold(cls, turns: Iterable[Turn]) -> Session:
        """The session that these turns make."""
        session = cls()
        for turn in turns:
            session = session.after(turn)
        return session

    def answered(self, outcome: Outcome) -> Outcome:
        """The outcome as this session sees it: an undo with nothing to undo says so instead."""
        if outcome.kind == "undo" and not self.can_undo:
            return Outcome(kind="no_op", answer="There is nothing to undo: this is the untouched sound.")
        if outcome.kind == "redo" and not self.can_redo:
            return Outcome(kind="no_op", answer="There is nothing to redo.")
        if outcome.kind == "compare" and self.plan is None:
            return Outcome(
                kind="no_op", answer="There is nothing to compare yet: this is the untouched sound."
            )
        return outcome

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
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise BadInput(f"The session's turn cannot be read: {place}: {first['msg']}.") from None
