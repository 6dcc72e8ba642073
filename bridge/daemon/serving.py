"""Start, run, stop. Everything is made here, in an order in which each step can fail with a sentence of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge import __version__
from bridge.daemon.daw_requests import DawRequests
from bridge.daemon.intake import Intake
from bridge.daemon.live_input import LiveInput
from bridge.daemon.live_moves import LiveMoves
from bridge.daemon.live_requests import LiveRequests
from bridge.daemon.logs import logging_to
from bridge.daemon.presets import folder_wishes
from bridge.daemon.replies import Replies
from bridge.daemon.requests import Requests
from bridge.errors import OutputFailed, Unavailable
from bridge.files.roots import allowed
from bridge.hotfolder.folder import HotFolder
from bridge.hotfolder.settle import Patience
from bridge.hotfolder.watch import is_network
from bridge.mailbox import box as mailbox
from bridge.mailbox.box import Mailbox
from bridge.osc import discovery
from bridge.osc.discovery import Discovery
from bridge.osc.endpoint import Endpoint, listen
from bridge.osc.messages import PROTOCOL, Message
from bridge.osc.peers import Access, Address

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.jobs.dispatcher import Dispatcher
    from bridge.jobs.ledger import Ledger

log = logging.getLogger("bridge.daemon")

INTERRUPTED = 130
NETWORK_SETTLE_S = 5.0  # a share shows sizes late, and its clients write in bursts
GRACE_S = 5.0  # running jobs may end; what has not ended goes back to the ledger


def serve(settings: Settings) -> int:
    """See `bridge.daemon.serve`."""
    for folder in (settings.state, settings.inbox, settings.outbox):
        _make(folder)
    from bridge.jobs.ledger import Ledger

    with (
        logging_to(settings.state, settings.log_level, settings.log_format),
        Ledger.open(settings.state, settings.outbox) as ledger,
    ):
        if ledger.set_aside is not None:
            log.error("ledger set aside", extra={"facts": {"kept_as": str(ledger.set_aside)}})
        code = asyncio.run(_Daemon(settings, ledger).run())
        log.info("stopped", extra={"facts": {"exit_code": code}})
        return code


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputFailed(f"The folder {folder} cannot be made: {reason}. Choose another.") from None


class _Daemon:
    """What lives as long as the event loop does."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        from bridge.bootstrap.worker import worker_setup
        from bridge.jobs.dispatcher import Dispatcher

        self.settings = settings
        self.ledger = ledger
        self.dispatcher: Dispatcher = Dispatcher(
            ledger, settings.outbox, settings.state, worker_setup(settings)
        )
        roots = allowed(settings)
        self.folder = HotFolder(
            settings.inbox,
            Intake(ledger, self.dispatcher, settings.default_request).deliver,
            roots=roots,
            presets=folder_wishes(),
            patience=_patience(settings),
            polling=settings.polling,
        )
        self.replies = Replies(self._send)
        self.daws = DawRequests(settings, roots, self._send)
        self.moves = LiveMoves(settings, self._suggest)
        self.live = LiveInput(settings, self.moves.take)
        captures = LiveRequests(settings, self.live)
        requests = Requests(ledger, self.dispatcher, self.folder, self.replies, roots, self.daws, captures)
        token = settings.osc_token.get_secret_value() if settings.osc_token else None
        self.endpoint = Endpoint(
            requests.handlers,
            Access(settings.osc_host, token, settings.osc_allowed),
            __version__,
            capabilities=requests.capabilities,
        )
        self.mailbox = Mailbox(settings.state / "mailbox", requests.handlers, __version__)
        self.token = token

    def _send(self, message: Message, to: Address) -> None:
        if to == mailbox.ADDRESS:
            self.mailbox.post(message)
        else:
            self.endpoint.send(message, to)

    def _suggest(self, message: Message) -> None:
        self.endpoint.send_to_all(message)
        self.mailbox.suggest(message)

    async def run(self) -> int:
        stopping = _stop_signal()
        await listen(self.endpoint, self.settings.osc_host, self.settings.osc_port)
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(self.endpoint.close)
            stack.push_async_callback(self.daws.ended)
            stack.push_async_callback(self.moves.ended)
            await stack.enter_async_context(self._working())
            await stack.enter_async_context(self._scanning())
            await stack.enter_async_context(self.live.running())
            stack.enter_context(_announced(self._discovery()))
            watching = asyncio.create_task(self.folder.run(), name="hot folder")
            stack.push_async_callback(_ended, watching)
            stack.push_async_callback(_ended, asyncio.create_task(self.mailbox.run(), name="mailbox"))
            self._say_serving()
            either: set[asyncio.Future[Any]] = {watching, stopping}
            done, _ = await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if watching in done:
                watching.result()  # it never returns: raises what stopped it
            log.info("stopping")
            return stopping.result()

    @contextlib.asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        self.dispatcher.start()
        forget = self.dispatcher.listen(self.replies.hear, asyncio.get_running_loop())
        try:
            yield
        finally:
            await asyncio.to_thread(self.dispatcher.stop, GRACE_S)
            await asyncio.sleep(0)  # results of the last jobs are on their way to the clients
            forget()

    @contextlib.asynccontextmanager
    async def _scanning(self) -> AsyncIterator[None]:
        """Finds out about plugins while no job waits or runs."""
        if not self.settings.background_scan:
            yield
            return
        from bridge.bootstrap.ports import catalogue
        from bridge.hosting.background import BackgroundScan

        scan = BackgroundScan(catalogue(self.settings), self.ledger.runs.unfinished)
        scan.start()
        try:
            yield
        finally:
            await asyncio.to_thread(scan.stop)

    def _discovery(self) -> Discovery:
        host, port = self.endpoint.address
        reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        return Discovery(PROTOCOL, os.getpid(), reachable, port, self.token)

    def _say_serving(self) -> None:
        host, port = self.endpoint.address
        facts = {
            "version": __version__,
            "pid": os.getpid(),
            "osc": f"{host}:{port}",
            "inbox": str(self.settings.inbox),
            "outbox": str(self.settings.outbox),
            "state": str(self.settings.state),
        }
        log.info("serving", extra={"facts": facts})


def _patience(settings: Settings) -> Patience:
    settle_s = settings.settle_s
    if settings.polling != "off" and is_network(str(settings.inbox)):
        settle_s = max(settle_s, NETWORK_SETTLE_S)
    return Patience(settle_s=settle_s, stems_s=settings.stems_settle_s)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@contextlib.contextmanager
def _announced(where: Discovery) -> Iterator[None]:
    """dawbridge.json while the daemon serves; taken away again unless another daemon has written its own."""
    try:
        path = discovery.write(where)
    except OSError as error:
        raise OutputFailed(f"{discovery.path()} cannot be written: {error.strerror}.") from None
    try:
        yield
    finally:
        with contextlib.suppress(Unavailable, OSError):
            if discovery.read().pid == os.getpid():
                path.unlink()


def _stop_signal() -> asyncio.Future[int]:
    """Becomes the exit code at SIGINT or SIGTERM; a second signal ends the process at once."""
    loop = asyncio.get_running_loop()
    stopping: asyncio.Future[int] = loop.create_future()

    def stop(code: int) -> None:
        if stopping.done():
            os._exit(INTERRUPTED)  # nothing is lost: the next start takes up what was running
        stopping.set_result(code)

    for number, code in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, 0)):
        try:
            loop.add_signal_handler(number, stop, code)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_, code=code: loop.call_soon_threadsafe(stop, code))
    return stopping
