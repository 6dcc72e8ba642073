"""Who may speak, how fast, and where the answers go.

UDP has no login, and a source address can be forged: loopback only by default; elsewhere an allow-list and a token.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from bridge.addresses import is_loopback, network
from bridge.errors import BadSetting

MAXIMUM_PEERS = 1024  # remembered at once; the one that has been silent longest is forgotten first

Address = tuple[str, int]


@dataclass(slots=True)
class Peer:
    """A sender: host and port. reply_to: where its answers go. trusted: it gave the token, or none is needed."""

    source: Address
    reply_to: Address
    trusted: bool
    tokens: float
    filled_at: float
    client: str = ""


class Access:
    """allowed: addresses or networks ("192.168.1.7", "192.168.1.0/24") that may speak besides loopback.

    Raises BadSetting where `host` is not loopback and the token is missing, or an entry is no address.
    """

    def __init__(self, host: str, token: str | None = None, allowed: Iterable[str] = ()) -> None:
        self.token = token or None
        try:
            self._networks = tuple(network(each) for each in allowed)
        except ValueError as error:
            raise BadSetting(f"allowed OSC sender: {error}") from None
        if is_loopback(host):
            return
        if not self.token:
            raise BadSetting(
                f"OSC on {host} is open to the network: set a token (osc_token), or use 127.0.0.1"
            )

    def admits(self, host: str) -> bool:
        """Without a list of networks, a token alone guards an open endpoint (its bytes are still checked)."""
        address = ipaddress.ip_address(host.partition("%")[0])
        if address.is_loopback:
            return True
        if not self._networks:
            return self.token is not None
        return any(address in network for network in self._networks)

    def knows(self, token: str) -> bool:
        """Whether this is the token; compared in constant time."""
        return self.token is None or hmac.compare_digest(token.encode(), self.token.encode())


class Peers:
    """The senders of late, each with a token bucket: `burst` messages at once, `rate` a second after that."""

    def __init__(self, access: Access, rate: float = 200.0, burst: float = 400.0) -> None:
        self.access = access
        self.rate = rate
        self.burst = burst
        self._known: OrderedDict[Address, Peer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    @property
    def greeted(self) -> list[Address]:
        """Where the answers of those go that have said hello; each place once."""
        said = (peer.reply_to for peer in self._known.values() if peer.client and peer.trusted)
        return list(dict.fromkeys(said))

    def at(self, source: Address, now: float) -> Peer:
        """The peer of this source address; `now` in seconds of the monotonic clock."""
        peer = self._known.get(source)
        if peer is None:
            peer = Peer(source, source, self.access.token is None, self.burst, now)
            self._known[source] = peer
            if len(self._known) > MAXIMUM_PEERS:
                self._known.popitem(last=False)
        self._known.move_to_end(source)
        return peer

    def spends(self, peer: Peer, now: float) -> bool:
        """Takes one token from the peer's bucket; False when it is empty."""
        peer.tokens = min(self.burst, peer.tokens + (now - peer.filled_at) * self.rate)
        peer.filled_at = now
        if peer.tokens < 1:
            return False
        peer.tokens -= 1
        return True

    def greet(self, peer: Peer, client: str, reply_port: int, token: str) -> str | None:
        """Notes what a hello says; gives the reason where it is not accepted."""
        if not self.access.knows(token):
            return "the token is missing or wrong; it stands in dawbridge.json"
        if not 0 <= reply_port <= 65535:
            return f"reply_port {reply_port} is not a UDP port"
        peer.trusted = True
        peer.client = client[:64]
        peer.reply_to = (peer.source[0], reply_port or peer.source[1])
        return None
