"""One job at work on one worker, from its claim to its end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import ValidationError

from bridge.errors import BadInput, BadPlan, BadRequest, BridgeError, WorkerDied
from bridge.jobs.commit import Outdated, commit, files_of
from bridge.jobs.ending import ending, is_rendered
from bridge.jobs.flood import with_flood
from bridge.jobs.handed_back import handed_back
from bridge.jobs.job import Job
from bridge.jobs.ledger import CANCELLED, Ledger
from bridge.jobs.outbox import Outbox
from bridge.jobs.round import Round
from bridge.jobs.spec import JobSpec, Planned, Rendered
from bridge.jobs.states import State
from bridge.jobs.talk import Talk
from bridge.planning.plan import Plan
from bridge.processes import Worker
from bridge.processes.crash import point
from bridge.processes.wire import Message
from bridge.store.database import StoreFailed
from bridge.store.sessions import SessionStore

log = logging.getLogger(__name__)

Told = Callable[[float, str], None]


class Account(Protocol):
    """Of what workers die of, by their pid."""

    def overdue(self, pid: int) -> str | None:
        """Why one at work is stuck, in words that complete "worker process N ..."; None while it is not. Asked twice
        a second."""
        ...

    def died(self, pid: int, death: WorkerDied | None) -> str | None:
        """What it died of, where that has a name. death: how (None: stopped on purpose)."""
        ...


class NobodyToBlame:
    """The account of workers that host nothing."""

    def overdue(self, pid: int) -> str | None:
        return None

    def died(self, pid: int, death: WorkerDied | None) -> str | None:
        return None


_BECAUSE = {
    "cancel": "was stopped because its job was cancelled",
    "shutdown": "was stopped because dawbridge stops",
}


class Run:
    """`told` hears of progress. `go` ends with the job in a final state, waiting again, or outdated."""

    def __init__(
        self,
        ledger: Ledger,
        outbox: Outbox,
        worker: Worker,
        job: Job,
        stall_s: float,
        told: Told,
        account: Account | None = None,
        sessions: SessionStore | None = None,
    ) -> None:
        self.job = job
        self._sessions = sessions
        self._runs = ledger.runs
        self._ledger = ledger
        self._outbox = outbox
        self._worker = worker
        self._stall_s = stall_s
        self._told = told
        self._account = account or NobodyToBlame()
        self._temporaries: list[Path] = []
        self._since = time.monotonic()
        self._stopped: Literal["cancel", "shutdown"] | None = None
        self._stopping = threading.Lock()

    def stop(self, why: Literal["cancel", "shutdown"]) -> None:
        """From any thread: ends the work by killing the worker."""
        with self._stopping:
            self._stopped = self._stopped or why
            self._worker.kill(_BECAUSE[why])

    def go(self) -> State | None:
        """The state in which the job is left; None where it was taken over by another run."""
        point("claim")
        try:
            return self._through()
        except Outdated:
            self._discard()
            return None
        except StoreFailed:  # says nothing of the job: the clerk lets it wait again
            raise
        except WorkerDied as error:
            self._discard()
            return self._after_death(error)
        except BadInput as error:
            return self._end("refused", error.message)
        except BridgeError as error:
            return self._end("failed", error.message)
        except Exception as error:
            log.exception("Job %s", self.job.id)
            what = f"{type(error).__name__}: {error}"
            return self._end("failed", f"Internal error: {what}. Please report it with the log.")

    def _through(self) -> State:
        self._outbox.withdraw_result(self.job.id)
        planned = self._frozen() or self._plan()
        if planned is None:
            return self._state()
        rendered = self._render(planned)
        return self._commit(planned, rendered)

    # -- phase plan ----------------------------------------------------------------------------------------------

    def _frozen(self) -> Planned | None:
        if self.job.state != "running":
            return None
        return Planned.model_validate(self._ledger.document(self.job.id, "planned"))

    def _plan(self) -> Planned | None:
        """None where there is nothing to render; the job has ended then."""
        talk = Talk.of(self.job, self._sessions) if self._sessions is not None else None
        planned = Planned.model_validate(self._ask(self._plan_spec(talk)))
        point("planned")
        self._unless_cancelled()
        planned = talk.settled(planned) if talk else planned
        if self.job.kind != "process" or not is_rendered(planned):
            self._end_without_render(planned)
            return None
        self._must(self._runs.freeze(self.job.id, self.job.attempt, planned.to_json(), self._lap()))
        point("frozen")
        self._must(self._runs.begin_render(self.job.id, self.job.attempt))
        return planned

    def _plan_spec(self, talk: Talk | None) -> JobSpec:
        options = self.job.options
        try:
            return JobSpec(
                job=self.job.id, attempt=self.job.attempt, phase="plan", kind=self.job.kind,
                path=self.job.path, request=talk.words if talk else self.job.request,
                target=options.get("target"), references=options.get("references") or (),
                match=options.get("match") or {},
                stems=options.get("stems") or {}, starts=options.get("starts") or {},
                planner=options.get("planner"), plan=options.get("plan"),
                tail=options.get("tail"), missing_plugin=options.get("missing_plugin"),
                impulse=options.get("impulse"), album=options.get("album") or {}, so_far=talk.so_far if talk else None,
            )  # fmt: skip
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            kind = BadPlan if where.startswith("plan.") or where == "plan" else BadRequest
            raise kind(f"{where} of the request cannot be used: {first['msg']}.") from error

    def _end_without_render(self, planned: Planned) -> None:
        state, reason = ending(self.job.kind, planned)
        self._must(
            self._runs.end(
                self.job.id,
                self.job.attempt,
                state,
                reason=reason,
                planned=planned.to_json(),
                seconds=self._lap(),
            )
        )

    # -- phase render --------------------------------------------------------------------------------------------

    def _render(self, planned: Planned) -> Rendered:
        kept = handed_back(self._ledger, self._outbox, planned, self._temporary)
        rendered = kept or self._rendered_anew(planned)
        point("rendered")
        self._unless_cancelled()
        self._must(self._runs.verified(self.job.id, self.job.attempt, rendered.to_json(), self._lap()))
        point("verified")
        return rendered

    def _rendered_anew(self, planned: Planned) -> Rendered:
        self._worker.warm()
        before_mb = self._worker.dropped_mb()
        rendered = Round(self._ledger, self.job, planned, self._render_once, self._must).rendered()
        return with_flood(rendered, planned, self._worker.dropped_mb() - before_mb)

    def _render_once(self, planned: Planned, plan: Plan | None, refine: bool | None) -> Rendered:
        temporary = self._temporary(planned.name)
        made = planned.sides or planned.parts
        outputs = {name: str(self._temporary(part.name)) for name, part in made.items()}
        spec = JobSpec(
            job=self.job.id, attempt=self.job.attempt, phase="render", path=self.job.path, plan=plan,
            source=planned.source, before=planned.before, spectrum=planned.spectrum, output=str(temporary),
            name=planned.name, missing_plugin=self.job.options.get("missing_plugin"), refine=refine,
            parts=planned.parts, outputs=outputs, sides=planned.sides,
            album_lufs=(planned.album or {}).get("target_lufs"),
        )  # fmt: skip
        return Rendered.model_validate(self._ask(spec))

    def _temporary(self, name: str) -> Path:
        path = self._outbox.temporary(self.job.id, name)
        self._temporaries.append(path)
        return path

    def _commit(self, planned: Planned, rendered: Rendered) -> State:
        commit(self._ledger, self._outbox, self.job, files_of(planned.to_json(), rendered.to_json()))
        return "done"

    # -- ending --------------------------------------------------------------------------------------------------

    def _ask(self, spec: JobSpec) -> dict[str, Any]:
        self._worker.warm()
        with self._stopping:  # from here on `stop` kills the process that has this job
            if self._stopped is not None:
                raise WorkerDied(_BECAUSE[self._stopped])
        answer = self._worker.call(
            {"kind": "job", "spec": spec.to_json()}, self._heard, stall_s=self._stall_s, watch=self._stuck
        )
        result = answer["result"]
        assert isinstance(result, dict)
        return result

    def _stuck(self) -> str | None:
        worker = self._worker.identity
        return None if worker is None else self._account.overdue(worker[0])

    def _heard(self, message: Message) -> None:
        if message.get("kind") == "progress":
            self._told(float(message["fraction"]), str(message["stage"]))

    def _unless_cancelled(self) -> None:
        if self._stopped == "cancel":
            raise WorkerDied(_BECAUSE["cancel"])

    def _after_death(self, error: WorkerDied) -> State | None:
        cause = self._cause(None if self._stopped else error)
        if self._stopped == "cancel":
            return self._end("cancelled", CANCELLED)
        if self._stopped == "shutdown":
            self._runs.give_back(self.job.id, self.job.attempt, "given back: dawbridge stops")
            return self._state()
        log.warning("Job %s: %s", self.job.id, cause or error)
        return self._runs.died(self.job.id, self.job.attempt, cause or error.message)

    def _cause(self, death: WorkerDied | None) -> str | None:
        """What killed the worker, put on its account; a ledger that cannot be kept does not change the job's way."""
        worker = self._worker.identity
        try:
            return None if worker is None else self._account.died(worker[0], death)
        except OSError as error:
            log.warning("The death of worker process %s cannot be counted: %s", worker, error)
            return None

    def _end(self, state: State, reason: str) -> State | None:
        self._discard()
        ended = self._runs.end(self.job.id, self.job.attempt, state, reason=reason, seconds=self._lap())
        return state if ended else None

    def _discard(self) -> None:
        for temporary in self._temporaries:
            try:
                temporary.unlink(missing_ok=True)
            except OSError as error:  # swept again before result.json is written, and at the next start
                log.warning("The temporary file %s stays for now: %s", temporary, error)

    def _must(self, moved: bool) -> None:
        if not moved:
            raise Outdated

    def _state(self) -> State:
        job = self._ledger.get(self.job.id)
        assert job is not None
        return job.state

    def _lap(self) -> float:
        now = time.monotonic()
        seconds, self._since = now - self._since, now
        return seconds
