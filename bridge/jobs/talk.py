"""A job that is a turn in a conversation: what its words go on with, what its outcome means there, and its turn.

The option `session` says so: {"id"} names a session, {"name"} one of the sound's own ("" is the one that goes on);
"turn" tells two turns with the same words apart.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bridge.errors import BadInput
from bridge.jobs.job import Job
from bridge.jobs.spec import Planned, Side, Status
from bridge.jobs.spec import Talk as TalkOf
from bridge.planning.hearing.version import version_and_more, version_wish
from bridge.planning.place import MIX
from bridge.planning.plan import Outcome, Plan
from bridge.planning.version import Which
from bridge.presets import languages, load_lexicon
from bridge.session import Session, SoFar, Turn
from bridge.session.finding import NotThere, found
from bridge.store.sessions import Kept, SessionStore, identity_of, sha256_of

log = logging.getLogger(__name__)

RENDERED = ("plan", "undo", "redo")
"""Outcomes whose plan is rendered."""


@dataclass(frozen=True)
class Talk:
    """The conversation as it stands when its next words are heard.

    session: as it is heard by who has gone back already, where the words begin with that ("go back to version 2 and
    make it brighter"); words: the rest of them; nowhere: the outcome, where there is no such version.
    counts: whether the job makes a turn; one that only plans leaves no trace.
    """

    kept: Kept
    session: Session
    words: str
    counts: bool = True
    nowhere: Outcome | None = None

    @classmethod
    def of(cls, job: Job, store: SessionStore) -> Talk | None:
        """None for a job that stands alone. Raises BadInput where the session cannot be used."""
        said = asked_for(job.options)
        if said is None:
            return None
        if said.get("id"):
            return cls._begun(store.open(str(said["id"]), job.path), job)
        stems = job.options.get("stems") or {"input": job.path}
        identity = identity_of({name: sha256_of(Path(path)) for name, path in stems.items()})
        return cls._begun(store.current(identity, job.path, said.get("name") or None), job)

    @classmethod
    def _begun(cls, kept: Kept, job: Job) -> Talk:
        session, counts = kept.session, job.kind == "process"
        going = _going_first(job.request, session)
        if going is None:
            return cls(kept, session, job.request, counts)
        try:
            return cls(kept, session.seen_from(found(session, going[0])), going[1], counts)
        except NotThere as error:
            nowhere = Outcome(kind="no_op", answer=str(error))
            return cls(kept, session, job.request, counts, nowhere)

    @property
    def so_far(self) -> SoFar:
        return self.session.so_far

    def settled(self, planned: Planned) -> Planned:
        """What was planned, with its outcome as this conversation sees it."""
        session = self.session
        outcome = self.nowhere or session.answered(planned.outcome)
        mix = planned.parts.get(MIX)
        sides = _sides(session, outcome, mix.name if mix else planned.name)
        name = sides["b"].name if sides else planned.name
        talk = TalkOf(session=self.kept.id, base=session.at) if self.counts else None
        notices = (*self.kept.notices, *planned.warnings)
        kept = _rendered_by(session, outcome)
        made = {"outcome": outcome, "talk": talk, "sides": sides, "name": name, "kept": kept}
        return planned.model_copy(update={**made, "warnings": notices})


def _rendered_by(session: Session, outcome: Outcome) -> str:
    """The last job that rendered the version that is gone back to; "" where none did."""
    wish = outcome.version
    if outcome.kind not in ("undo", "redo") or wish is None or wish.which is None:
        return ""
    then, found = Session(), ""
    for turn in session.turns:
        then = then.after(turn)
        if then.at == wish.which.number and turn.output and turn.outcome.kind in RENDERED:
            found = turn.id.rpartition(".")[0] or found
    return found


def _going_first(words: str, session: Session) -> tuple[Which, str] | None:
    """Where the words go back to before they ask for more, and what that is; in whichever language."""
    for language in sorted(languages(), key=lambda name: name != "en"):
        lexicon = load_lexicon(language)
        two = version_and_more(words, lexicon, session.names)
        wish = version_wish(two[0], lexicon, session.names) if two else None
        if two is not None and wish is not None and wish.which is not None:
            return wish.which, two[1]
    return None


def asked_for(options: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The option `session` of a job that is a turn."""
    said = options.get("session")
    return said if isinstance(said, Mapping) else None


def same_talk(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two jobs for one path are turns of one conversation, so that one must wait for the other."""
    first, second = asked_for(one), asked_for(other)
    if first is None or second is None:
        return False
    return all(first.get(name) == second.get(name) for name in ("id", "name"))


def _sides(session: Session, outcome: Outcome, name: str) -> dict[str, Side]:
    """ "a" and "b" of a comparison: what it is compared with, and the version itself."""
    wish = outcome.version
    if outcome.kind != "compare" or wish is None or wish.which is None or wish.against is None:
        return {}
    numbers = {"a": wish.against.number or 0, "b": wish.which.number or 0}
    return {label: _side(session, number, label, Path(name)) for label, number in numbers.items()}


def _side(session: Session, number: int, label: str, name: Path) -> Side:
    version = session.versions[number]
    called = "original" if version.plan is None else f"version-{number}"
    file = f"{name.stem}-{label.upper()}-{called}{name.suffix}"
    return Side(version=number, title=version.title, plan=version.plan, name=file)


def record(
    store: SessionStore,
    job: Job,
    planned: dict[str, Any] | None,
    rendered: dict[str, Any] | None,
    output: str | None,
) -> dict[str, Any] | None:
    """Adds the ended job's turn to its conversation, once however often it is asked; what result.json says of it.

    None for a job that stands alone or ended before its words were heard. Raises OutputFailed where the turn cannot be
    written.
    """
    talk = planned.get("talk") if planned else None
    if planned is None or talk is None:
        return None
    turn = _turn(job, planned, rendered, talk["base"], output)
    try:
        kept = store.append(talk["session"], turn, job.path)
    except BadInput as error:
        log.error("Job %s: %s", job.id, error)
        return {"id": talk["session"], "problem": error.message}
    return said_of(kept, turn.id)


def said_of(kept: Kept, turn_id: str) -> dict[str, Any]:
    """The conversation behind a turn: which version is heard now, and how many there are."""
    session = kept.session
    through = next((n for n, turn in enumerate(session.turns, 1) if turn.id == turn_id), len(session.turns))
    then = Session.fold(session.turns[:through])
    return {
        "id": kept.id,
        "turn": through,
        "version": then.at,
        "parent": then.version.parent,
        "names": list(then.names_of(then.at)),
        "versions": len(then.versions),
    }


def _turn(
    job: Job, planned: dict[str, Any], rendered: dict[str, Any] | None, base: int, output: str | None
) -> Turn:
    done = rendered if job.state == "done" else None
    outcome = Outcome.model_validate(planned["outcome"])
    if done and done.get("plan") and not done.get("replaced"):
        outcome = outcome.model_copy(update={"plan": Plan.model_validate(done["plan"])})
    return Turn(
        words=job.request,
        outcome=outcome,
        base=base,
        status=cast(Status, job.state),
        id=f"{job.id}.{job.attempt}",
        output=output if done else None,
        sha256=done["sha256"] if done else None,
        ok=all(check["ok"] for check in done["checks"]) if done else None,
    )
