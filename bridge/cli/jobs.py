"""`dawbridge jobs`: the ledger, read beside the daemon."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.settings import settings
from bridge.cli.terminal import emit, json_option, one_line, say, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.jobs import Job, Ledger

state_option = click.option("--state", metavar="DIR", help="State folder of the daemon whose jobs are meant.")


@click.group("jobs", invoke_without_command=True)
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1), help="How many, newest first."
)
@state_option
@json_option
@click.pass_context
def command(context: click.Context, limit: int, state: str | None, as_json: bool) -> None:
    """List, show, cancel and retry jobs; alone it lists.

    JOB is a job's id, or enough of its end or beginning to be the only one.
    """
    if context.invoked_subcommand is None:
        _list(limit, state, as_json)


@command.command("list")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1), help="How many, newest first."
)
@state_option
@json_option
def list_command(limit: int, state: str | None, as_json: bool) -> None:
    """The newest jobs and how many stand where."""
    _list(limit, state, as_json)


@command.command("show")
@click.argument("job")
@state_option
@json_option
def show_command(job: str, state: str | None, as_json: bool) -> None:
    """One job, and everything that happened to it."""
    with _ledger(state) as ledger:
        found = _find(ledger, job)
        events, planner = ledger.events(found.id), _planner(ledger.document(found.id, "planned"))
    if as_json:
        emit({"job": job_json(found), "planner": planner, "events": events})
        return
    for key, value in job_json(found).items():
        say(f"{key:>10}  {one_line(str(value))}")
    for key, value in _planner_rows(planner):
        say(f"{key:>10}  {one_line(value)}")
    say()
    table(("at", "attempt", "what", "state", "detail"), [_event_row(event) for event in events])


@command.command("cancel")
@click.argument("job")
@state_option
@json_option
def cancel_command(job: str, state: str | None, as_json: bool) -> None:
    """Take a job back; one at work is ended by its daemon."""
    with _ledger(state) as ledger:
        _tell(ledger.cancel(_find(ledger, job).id), as_json)


@command.command("retry")
@click.argument("job")
@state_option
@json_option
def retry_command(job: str, state: str | None, as_json: bool) -> None:
    """Run a failed, refused or cancelled job again, with the plan it had."""
    with _ledger(state) as ledger:
        _tell(ledger.retry(_find(ledger, job).id), as_json)


def _planner(planned: Any) -> dict[str, Any] | None:
    """Who planned it, and what a model took for it; None where nothing has been planned yet."""
    outcome = planned.get("outcome") if isinstance(planned, dict) else None
    found = outcome.get("planner") if isinstance(outcome, dict) else None
    return found if isinstance(found, dict) else None


def _planner_rows(planner: dict[str, Any] | None) -> list[tuple[str, str]]:
    from bridge.planning.plan import PlannerInfo

    if planner is None:
        return []
    who = PlannerInfo.model_validate(planner)
    rows = [("planner", f"{who.kind} {who.model or ''}".strip())]
    rows += [("because", f"the model did not answer: {who.fallback_reason}")] if who.fallback_reason else []
    return rows + ([("model took", who.usage.sentence())] if who.usage else [])


def _ledger(state: str | None) -> Ledger:
    from bridge.jobs import Ledger

    return Ledger.open(settings(state=state).state, owner=False)


def _find(ledger: Ledger, text: str) -> Job:
    """The job that is meant. Raises BadInput for none or several."""
    exact = ledger.get(text) or ledger.by_client(text)
    if exact is not None:
        return exact
    near = [job for job in ledger.page(limit=1000) if job.id.startswith(text) or job.id.endswith(text)]
    if len(near) == 1:
        return near[0]
    raise BadInput(
        f"{len(near)} jobs match {text!r}; give more of the id." if near else f"There is no job {text!r}."
    )


def _jobs(limit: int, state: str | None) -> tuple[list[Job], dict[str, int]]:
    """The newest jobs and how many there are by state; none where no daemon has made a ledger yet."""
    from bridge.jobs.ledger import LEDGER_NAME

    if not (settings(state=state).state / LEDGER_NAME).exists():
        return [], {}
    with _ledger(state) as ledger:
        return ledger.page(limit=limit), {str(name): number for name, number in ledger.counts().items()}


def _list(limit: int, state: str | None, as_json: bool) -> None:
    jobs, counts = _jobs(limit, state)
    if as_json:
        emit({"jobs": [job_json(job) for job in jobs], "counts": counts})
        return
    if not jobs:
        say("No jobs yet: drop a file in the inbox, or `dawbridge send FILE WORDS`.")
        return
    table(
        ("job", "state", "file", "request", "reason"),
        [(job.id, job.state, Path(job.path).name, job.request, job.reason or "") for job in jobs],
    )
    say("\n" + ", ".join(f"{number} {name}" for name, number in counts.items()))


def _tell(job: Job, as_json: bool) -> None:
    if as_json:
        emit({"job": job_json(job)})
    else:
        asked = " (asked to stop)" if job.cancel_asked and not job.final else ""
        say(f"{job.id}: {job.state}{asked}")


def job_json(job: Job) -> dict[str, Any]:
    """A row of the ledger as plain data."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "path": job.path,
        "request": job.request,
        "origin": job.origin,
        "options": dict(job.options),
        "attempt": job.attempt,
        "reason": job.reason,
        "seconds": job.seconds,
        "created_at": _time(job.created_at),
        "updated_at": _time(job.updated_at),
    }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")


def _event_row(event: dict[str, Any]) -> tuple[str, ...]:
    before, after = event["before"] or "", event["after"] or ""
    moved = after if before == after else f"{before} -> {after}".strip()
    return (_time(event["at"]), str(event["attempt"]), str(event["what"]), moved, str(event["detail"] or ""))
