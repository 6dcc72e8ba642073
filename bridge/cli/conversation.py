"""A conversation as it goes: one line after the other, each a turn that is kept, told, and can be taken back."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli import chat_telling as telling
from bridge.cli.chat_words import SLASHES, Steer, steering, versions_said
from bridge.cli.desk import Desk, opened
from bridge.cli.given import followed
from bridge.cli.listening import Listener
from bridge.cli.results import exit_code
from bridge.cli.stems import options_of
from bridge.cli.terminal import complain, emit, note, progress_bar, say
from bridge.cli.versions_kept import rendered, save, save_stems
from bridge.errors import BridgeError, Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.planning.plan import Outcome
    from bridge.reports.explanation import Reader
    from bridge.session import Session
    from bridge.store.sessions import Kept, SessionStore

INTERRUPTED = 130


@dataclass(frozen=True)
class Asked:
    """What the command line asked for. named: the sounds by name, one alone as "input". file: as it was named. reader:
    for whom plans are explained."""

    named: dict[str, Path]
    file: str
    anew: bool = False
    name: str | None = None
    preview: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    reader: Reader = "detailed"

    @property
    def source(self) -> Path:
        return next(iter(self.named.values()))


def converse(asked: Asked, store: SessionStore, settings: Settings, as_json: bool) -> int:
    """Until the user leaves or the lines end; the exit code of the last turn."""
    from bridge.store.sessions import identity_of, sha256_of

    identity = identity_of({name: sha256_of(path) for name, path in asked.named.items()})
    kept = store.current(identity, str(followed(asked.file)), asked.name, asked.anew)
    folder = store.place(kept.id)
    with ExitStack() as stack:
        sounding = telling.piece_of(asked.named, folder / "preview") if asked.preview else asked.named
        folders = {path.parent for path in (*asked.named.values(), *sounding.values())}
        try:
            desk = stack.enter_context(opened(folder / "desk", folders, settings, store.folder))
        except Unavailable as error:
            raise Unavailable(
                f"This conversation cannot be opened twice. {error.message} --new begins another."
            ) from None
        talk = Conversation(asked, sounding, store, kept, desk, as_json)
        talk.open()
        return talk.go(Listener(settings.state / "chat-history"))


class Conversation:
    """sounding: what is rendered, by name: the sounds themselves, or the loudest part of them."""

    def __init__(
        self,
        asked: Asked,
        sounding: dict[str, Path],
        store: SessionStore,
        kept: Kept,
        desk: Desk,
        as_json: bool,
    ) -> None:
        self._asked, self._sounding = asked, sounding
        self._store, self._id = store, kept.id
        self._kept = kept
        self._desk = desk
        self._as_json = as_json

    @property
    def _session(self) -> Session:
        """As it is now: another program may have gone on with it meanwhile."""
        self._kept = self._store.open(self._id)
        return self._kept.session

    def open(self) -> None:
        """What the sound is, and where the conversation stands."""
        for notice in self._kept.notices:
            note(f"warning: {notice}")
        if not self._as_json:
            with progress_bar(self._asked.source.name) as report:
                lines = list(telling.readings_in_a_line(self._asked.named, report))
            for line in lines:
                say(line)
            say(telling.where_it_stands(self._kept.session, self._asked.preview))
        for job in self._desk.unfinished():
            note(f'going on with "{job.request}", at which this conversation was interrupted')
            with progress_bar(self._asked.source.name, self._as_json) as report:
                self._tell(self._desk.wait_for(job.id, report))

    def go(self, listener: Listener) -> int:
        code, leaving = 0, False
        while True:
            try:
                line = listener.line()
                if line is None or ((steer := steering(line)) is not None and steer.what == "quit"):
                    return code
                code = self._turn(line) if line.strip() else code
                leaving = False
            except KeyboardInterrupt:
                if leaving or not listener.terminal:
                    return INTERRUPTED
                leaving = True
                say()
                note("stopped; Ctrl-C again leaves, and so does quit")

    def _turn(self, line: str) -> int:
        """The exit code that the turn alone would have."""
        try:
            result = self._answer(SLASHES.get(line.strip().lower(), line))
        except BridgeError as error:
            complain(error.message)
            if self._as_json:
                told = {"kind": type(error).__name__, "message": error.message, "exit_code": error.exit_code}
                emit({"request": line, "error": told})
            return error.exit_code
        self._tell(result)
        return exit_code(result)

    def _tell(self, result: dict[str, Any]) -> None:
        if self._as_json:
            emit(result)
        else:
            telling.tell_turn(result, self._asked.reader)

    def _answer(self, line: str) -> dict[str, Any]:
        steer = steering(line)
        if steer is not None:
            return self._steered(steer, line)
        return self._at_once(line) or self._by_a_job(line)

    # -- turns -------------------------------------------------------------------------------------------------------

    def _at_once(self, line: str) -> dict[str, Any] | None:
        """What needs no rendering: names, lists, and a version whose file is there still. None for all else."""
        from bridge.planning.planner import of_versions
        from bridge.session import Turn

        session = self._session
        wish = versions_said(line, tuple(session.names))
        outcome = session.answered(of_versions(wish)) if wish is not None else None
        if outcome is None or outcome.kind == "compare":
            return None
        output, sha256 = None, None
        if outcome.kind in ("undo", "redo") and outcome.plan is not None:
            there = rendered(session, _number(outcome), self._asked.preview)
            if there is None:
                return None
            output, sha256 = there.output, there.sha256
        turn = Turn(
            words=line, outcome=outcome, base=session.at, id=uuid.uuid4().hex, output=output, sha256=sha256
        )
        return self._kept_turn(turn)

    def _kept_turn(self, turn: Any) -> dict[str, Any]:
        from bridge.jobs.talk import said_of

        kept = self._store.append(self._id, turn)
        return telling.without_a_job(turn, said_of(kept, turn.id))

    def _by_a_job(self, line: str) -> dict[str, Any]:
        asking = uuid.uuid4().hex
        options = {
            **self._asked.options,
            **options_of(self._sounding),
            "session": {"id": self._id, "turn": asking},
        }
        return self._done(next(iter(self._sounding.values())), line, options, asking)

    def _done(self, source: Path, line: str, options: dict[str, Any], id: str) -> dict[str, Any]:
        try:
            with progress_bar(source.name, self._as_json) as report:
                return self._desk.ask(source, line, options, report, id)
        except KeyboardInterrupt:
            self._desk.take_back()
            raise

    # -- what steers the conversation itself -------------------------------------------------------------------------

    def _steered(self, steer: Steer, line: str) -> dict[str, Any]:
        if steer.what == "help":
            return telling.plain(line, telling.HELP)
        session = self._session
        if session.plan is None:
            return telling.plain(line, f"This is the original, which lies in {self._asked.source} already.")
        if len(self._asked.named) > 1:
            there = rendered(session, session.at, self._asked.preview)
            return telling.saved(line, save_stems(there, self._asked, steer.place))
        return telling.saved(line, [save(self._whole(session), self._asked.source, steer.place)])

    def _whole(self, session: Session) -> Path:
        """The present version of the whole sound; rendered where only a preview was, or where its file has gone."""
        there = rendered(session, session.at, preview=False)
        if there is not None and there.output:
            return Path(there.output)
        assert session.plan is not None
        options = {"plan": session.plan.to_json()}
        result = self._done(self._asked.source, "", options, uuid.uuid4().hex)
        if not result["output"]:
            raise Unavailable(str(result.get("reason") or "the version could not be rendered."))
        return Path(result["output"])


def _number(outcome: Outcome) -> int:
    wish = outcome.version
    assert wish is not None and wish.which is not None and wish.which.number is not None
    return wish.which.number
