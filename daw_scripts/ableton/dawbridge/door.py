"""The script's one UDP port: requests in, answers out, polled by Live's tick.

A request is `/dawbridge/live/1/ask` with an id and a JSON object {"do": verb, "until": unix time, ...}. Its answer is
`/dawbridge/live/1/answer` with the id, the part's number from 1, how many parts there are, and the part of a JSON text
{"ok": ...} or {"error": sentence, "gone": whether what was named is not there}. A request that came before is answered
as before and not done again; one that came too late (a menu was open) is not done at all.
"""

import json
import select
import socket
import time

from .wire import PREFIX, decode, encode, parts

HOST = "127.0.0.1"
KEPT = 64
"""Answers that are remembered."""
TICK_S = 0.03
"""Longest work in one tick: Live draws and plays meanwhile nothing else on this thread."""
LINGER_S = 0.003
"""For the next question, where one has just been answered: else each would take a tick of its own."""


class Refusal(Exception):
    """A sentence for the user. gone: what was named is not there (any more)."""

    def __init__(self, sentence, gone=False):
        Exception.__init__(self, sentence)
        self.gone = gone


class Door(object):
    """answer: verb and request -> what JSON can say; raises Refusal. Raises OSError where the port is taken."""

    def __init__(self, port, answer):
        self._answer = answer
        self._known = {}
        self._order = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.bind((HOST, port))
        except OSError:
            self._socket.close()
            raise
        self.port = self._socket.getsockname()[1]

    def serve(self):
        """What has come since, for a moment; whether anything had. The rest waits for the next tick."""
        began, served = time.monotonic(), False
        while time.monotonic() - began < TICK_S:
            try:
                data, sender = self._socket.recvfrom(65536)
            except BlockingIOError:
                if served and select.select([self._socket], [], [], LINGER_S)[0]:
                    continue
                break
            except OSError:  # Windows tells of an earlier answer that nobody took
                continue
            served = True
            self._serve_one(data, sender)
        return served

    def _serve_one(self, data, sender):
        try:
            address, values = decode(data)
            if address != PREFIX + "ask" or [type(each) for each in values] != [str, str]:
                raise ValueError("not a request")
        except ValueError:
            return
        key = (sender, values[0])
        if key not in self._known:
            self._remember(key, self._done(values[1]))
        self._send(values[0], self._known[key], sender)

    def _done(self, text):
        try:
            request = json.loads(text)
            if not isinstance(request, dict):
                raise Refusal("a request is a JSON object")
            if time.time() > float(request.get("until", 0)):
                raise Refusal("it came too late, and was not done")
            return json.dumps({"ok": self._answer(str(request.get("do")), request)})
        except Refusal as refusal:
            return json.dumps({"error": str(refusal), "gone": refusal.gone})
        except Exception as error:
            return json.dumps({"error": "%s: %s" % (type(error).__name__, error), "gone": False})

    def _remember(self, key, answer):
        self._known[key] = answer
        self._order.append(key)
        if len(self._order) > KEPT:
            del self._known[self._order.pop(0)]

    def _send(self, id, answer, to):
        pieces = parts(answer)
        for number, piece in enumerate(pieces, 1):
            try:
                self._socket.sendto(encode(PREFIX + "answer", id, number, len(pieces), piece), to)
            except OSError:
                return

    def close(self):
        self._socket.close()
