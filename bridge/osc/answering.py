"""What a request is answered, whichever way it came: by its handler, or why not."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from bridge.errors import BridgeError
from bridge.osc.messages import Ack, Message
from bridge.osc.peers import Peer
from bridge.osc.tally import Tally

log = logging.getLogger("bridge.osc")

Handler = Callable[[Any, Peer], Awaitable[Iterable[Message]]]


async def answers(handler: Handler, message: Message, peer: Peer, tally: Tally) -> Iterable[Message]:
    """A BridgeError rejects the request with its sentence; anything else does so without, and is logged."""
    id = getattr(message, "id", "")
    try:
        return await handler(message, peer)
    except BridgeError as error:
        tally.add("rejected", sender=peer.source, request=message.name, reason=error.message)
        return (Ack(id, "rejected", error.message),)
    except Exception:  # one message must not end the daemon; the log has the trace
        log.exception("handler failed", extra={"facts": {"request": message.name, "id": id}})
        return (Ack(id, "rejected", "an internal error; the daemon's log has the details"),)
