"""What is asked of DAWs over OSC and mailbox: acknowledged at once, worked on beside everything else, one at a time."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.errors import BadRequest, BridgeError
from bridge.files import atomic
from bridge.osc.messages import Ack, Apply, Error, Message, Orders, Progress, Report, Result, Revert

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.daws.written import Applied
    from bridge.files.roots import Roots
    from bridge.osc.peers import Address, Peer

log = logging.getLogger("bridge.daemon")

Send = Callable[[Message, "Address"], None]
Work = Callable[[], dict[str, Any]]
"""Gives what the result file holds: `status`, and the rest."""


class DawRequests:
    """roots: where plans may lie. send: one answer to where a request came from; called on the event loop."""

    def __init__(self, settings: Settings, roots: Roots, send: Send) -> None:
        self._settings, self._roots, self._send = settings, roots, send
        self._at_work = asyncio.Lock()
        self._running: dict[str, asyncio.Task[None]] = {}

    async def apply(self, asked: Apply, peer: Peer) -> Iterable[Message]:
        options = _options(asked.options_json, {"daw", "track"})
        known = self._known(asked.id)
        if known is not None:
            return known
        from bridge.daws import verbs  # brings all effects along, which a daemon needs for nothing else
        from bridge.daws.daw import daw_called

        daw = daw_called(options.get("daw", ""))
        path = self._roots.admit(asked.path)
        plan = await asyncio.to_thread(_plan, path)
        loop = asyncio.get_running_loop()

        def report(fraction: float, stage: str) -> None:
            loop.call_soon_threadsafe(self._send, Progress(asked.id, fraction, stage), peer.reply_to)

        def work() -> dict[str, Any]:
            return _told(verbs.apply_plan(daw, self._settings, plan, asked.id, options.get("track"), report))

        return self._begun(asked.id, work, peer)

    async def revert(self, asked: Revert, peer: Peer) -> Iterable[Message]:
        from bridge.daws import verbs
        from bridge.daws.journal import Kept

        options = _options(asked.options_json, {"daw", "force"})
        known = self._known(asked.id)
        if known is not None:
            return known
        meant = Path(asked.path).name.removesuffix(RESULT) if "/" in asked.path else asked.path
        await asyncio.to_thread(Kept, verbs.folder(self._settings), meant)
        force = options.get("force") == "yes"
        return self._begun(
            asked.id, lambda: _told(verbs.revert(self._settings, meant, asked.id, force)), peer
        )

    async def orders(self, asked: Orders, peer: Peer) -> Iterable[Message]:
        """A plan for a script inside a DAW, that carries it out and sends a `report`."""
        if asked.daw != "reaper":
            raise BadRequest(f"orders are for the scripts in reaper, not for {asked.daw[:80]!r}; use apply.")
        known = self._known(asked.id)
        if known is not None:
            return known
        path = self._roots.admit(asked.path)
        plan = await asyncio.to_thread(_plan, path)

        def work() -> dict[str, Any]:
            from bridge.daws.reaper.orders import orders_of

            return {"status": "done", **orders_of(plan).model_dump(mode="json", by_alias=True)}

        return self._begun(asked.id, work, peer)

    async def report(self, asked: Report, peer: Peer) -> Iterable[Message]:
        """What a script has set, kept like the account of an `apply`."""
        from bridge.daws.reaper.orders import account

        known = self._known(asked.id)
        if known is not None:
            return known
        if not self._result(asked.orders).exists():
            raise BadRequest(f"There are no orders {asked.orders[:80]!r}.")
        applied = account(asked.id, _object(asked.account_json, "account_json"))
        return self._begun(asked.id, lambda: {**_told(applied), "orders": asked.orders}, peer)

    def _known(self, id: str) -> Iterable[Message] | None:
        """An id that was used before makes nothing a second time; its result, if there is one, is told again."""
        path = self._result(id)
        if path.exists():
            status = json.loads(path.read_text("utf-8"))["status"]
            return (Ack(id, "duplicate", ""), Result(id, status, str(path)))
        return (Ack(id, "duplicate", ""),) if id in self._running else None

    def _begun(self, id: str, work: Work, peer: Peer) -> Iterable[Message]:
        task = asyncio.create_task(self._done(id, work, peer.reply_to), name=f"daw {id}")
        self._running[id] = task
        task.add_done_callback(lambda _: self._running.pop(id, None))
        return (Ack(id, "accepted", ""),)

    async def _done(self, id: str, work: Work, to: Address) -> None:
        async with self._at_work:
            try:
                told = await asyncio.to_thread(work)
            except BridgeError as error:
                told = {"status": "failed", "reason": error.message}
            except Exception:  # one request must not end the daemon; the log has the trace
                log.exception("apply failed", extra={"facts": {"id": id}})
                told = {"status": "failed", "reason": "an internal error; the daemon's log has the details"}
        path = self._result(id)
        try:
            await asyncio.to_thread(_written, path, {"schema": 1, "request": id, **told})
        except BridgeError as error:
            self._send(Error(id, error.message), to)
        else:
            self._send(Result(id, told["status"], str(path)), to)

    def _result(self, id: str) -> Path:
        return self._settings.state / "daws" / f"{id}{RESULT}"

    async def ended(self) -> None:
        """Waits for what is being set right now: half a plan in a DAW helps nobody."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)


RESULT = ".result.json"


def _written(path: Path, told: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_json(path, told)


def _told(applied: Applied) -> dict[str, Any]:
    return {"status": "done" if applied.ok else "failed", **applied.model_dump(mode="json")}


def _plan(path: Path) -> Any:
    from bridge.jobs.plan_file import read_plan

    return read_plan(str(path))


def _options(text: str, known: set[str]) -> dict[str, str]:
    """Raises BadRequest that names what is not known."""
    data = _object(text, "options_json")
    if not all(isinstance(value, str) for value in data.values()):
        raise BadRequest("options_json must be a JSON object of texts.")
    unknown = sorted(set(data) - known)
    if unknown:
        raise BadRequest(
            f"options_json: there is no {unknown[0][:80]!r}; there is {', '.join(sorted(known))}."
        )
    return data


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        data = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        raise BadRequest(f"{what} is no JSON object.") from None
    if not isinstance(data, dict):
        raise BadRequest(f"{what} is no JSON object.")
    return data
