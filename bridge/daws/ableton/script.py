"""Questions to dawbridge's own remote script in Live (daw_scripts/ableton), and its answers.

Each question has an id, which makes asking again safe: what was done is not done twice. It also says until when it is
worth doing, so that nothing is set behind the user's back when Live wakes from an open menu.
"""

from __future__ import annotations

import json
import secrets
import socket
import time
from typing import Any

from bridge.addresses import is_loopback
from bridge.daws.ableton.conversation import message, parsed
from bridge.daws.setting import Gone
from bridge.errors import Unavailable
from bridge.osc.messages import LIVE

PATIENCE_S = 5.0
"""For an answer; while a menu is open Live answers nothing."""
_AGAIN_S = 0.4
"""After which the same question is sent once more."""


class Script:
    """host, port: where the script listens; it listens on the loopback alone."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(("127.0.0.1" if is_loopback(host) else "", 0))
            self._socket.connect(self._to)
        except OSError as error:
            self._socket.close()
            raise Unavailable(f"{host}:{port} cannot be reached: {error.strerror}.") from None

    def ask(self, verb: str, what: str, **request: Any) -> Any:
        """what: for the message where no answer comes. Raises Gone where what was named is not there, Unavailable
        with what the script said, or where it says nothing."""
        id = secrets.token_hex(6)
        until = time.time() + PATIENCE_S
        text = json.dumps({"do": verb, "until": until, **request})
        answer = self._answer(id, message(f"{LIVE}ask", (id, text)), time.monotonic() + PATIENCE_S)
        if answer is None:
            host, port = self._to
            raise Unavailable(
                f"The script of dawbridge in Ableton Live does not answer at {host}:{port} about {what}. Is Live "
                "running, and none of its menus or dialogs open?"
            )
        if "error" in answer:
            raise (Gone if answer.get("gone") else Unavailable)(str(answer["error"]))
        return answer.get("ok")

    def _answer(self, id: str, request: bytes, deadline: float) -> dict[str, Any] | None:
        """None where nobody listens or nothing comes in time."""
        parts: dict[int, str] = {}
        refused = 0
        while (left := deadline - time.monotonic()) > 0 and refused < 3:
            try:
                self._socket.send(request)
                done = self._collected(id, parts, time.monotonic() + min(left, _AGAIN_S))
            except ConnectionError:  # nobody listens on that port (any more)
                refused += 1
                time.sleep(0.05)
                continue
            except OSError as error:
                raise Unavailable(
                    f"The script in Ableton Live cannot be reached: {error.strerror}."
                ) from None
            if done is not None:
                return done
        return None

    def _collected(self, id: str, parts: dict[int, str], until: float) -> dict[str, Any] | None:
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(65_536)
            except TimeoutError:
                return None
            for address, values in parsed(data):
                if address != f"{LIVE}answer" or len(values) != 4 or values[0] != id:
                    continue
                _, number, count, text = values
                parts[number] = text
                if len(parts) == count:
                    found: dict[str, Any] = json.loads("".join(parts[n] for n in sorted(parts)))
                    return found
        return None

    def close(self) -> None:
        self._socket.close()
