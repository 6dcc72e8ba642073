"""The messages of protocol v1, one frozen dataclass an address: the one home of every OSC address of the bridge.

A field stands in the order in which its argument travels; `argument()` gives its OSC type tag and its sentence.
From here come decoding, encoding, dispatch and the OSC reference page. A class's docstring is the page's sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bridge.osc.message import (
    MAXIMUM_ID,
    PREFIX,
    PROTOCOL,
    TYPES,
    Argument,
    Message,
    argument,
    arguments,
    id_argument,
)

__all__ = ["MAXIMUM_ID", "PREFIX", "PROTOCOL", "TYPES", "Argument", "Message", "argument", "arguments"]


# What clients send


@dataclass(frozen=True)
class Hello(Message):
    """Introduces a client; answers from now on go to its host and reply port. Answered by `welcome`."""

    name: ClassVar[str] = "hello"
    client: str = argument("s", "name of the program that speaks")
    version: str = argument("s", "its version")
    reply_port: int = argument("i", "UDP port that answers go to; 0: the port this message came from")
    token: str = argument("s", "the shared secret, where the daemon has one", default="")


@dataclass(frozen=True)
class Process(Message):
    """Plans the words for a file, renders the plan and verifies the result."""

    name: ClassVar[str] = "process"
    id: str = id_argument()
    path: str = argument("s", "absolute path of the sound file, in an allowed folder")
    words: str = argument("s", "the wish in plain words")
    options_json: str = argument(
        "s", "JSON object: target, references, match, stems, starts, album, impulse, tail, ...", default=""
    )


@dataclass(frozen=True)
class Analyze(Message):
    """Measures a file; the result file holds the readings."""

    name: ClassVar[str] = "analyze"
    id: str = id_argument()
    path: str = argument("s", "absolute path of the sound file, in an allowed folder")
    words: str = argument("s", "not used; may be empty", default="")
    options_json: str = argument("s", "JSON object: target, references, match", default="")


@dataclass(frozen=True)
class Plan(Message):
    """Plans the words for a file and renders nothing; the result file holds the plan."""

    name: ClassVar[str] = "plan"
    id: str = id_argument()
    path: str = argument("s", "absolute path of the sound file, in an allowed folder")
    words: str = argument("s", "the wish in plain words")
    options_json: str = argument(
        "s", "JSON object: target, references, match, stems, starts, album, impulse, tail, ...", default=""
    )


@dataclass(frozen=True)
class Chat(Message):
    """The next words of a conversation about a file: they may speak of what was done before ("even more", "undo", "go
    back to version 2"). Renders like `process`; the result file says which version is heard now."""

    name: ClassVar[str] = "chat"
    id: str = id_argument()
    path: str = argument("s", "absolute path of the sound file, in an allowed folder")
    words: str = argument("s", "what is said, in plain words")
    options_json: str = argument(
        "s",
        "JSON object: session (a name, for a conversation of its own), and those of `process`",
        default="",
    )


@dataclass(frozen=True)
class Apply(Message):
    """Sets a plan's parameters in a running DAW."""

    name: ClassVar[str] = "apply"
    id: str = id_argument()
    path: str = argument("s", "absolute path of the plan or result file")
    words: str = argument("s", "not used; may be empty", default="")
    options_json: str = argument("s", "JSON object: daw, track", default="")


@dataclass(frozen=True)
class Revert(Message):
    """Puts back the parameters that an `apply` changed."""

    name: ClassVar[str] = "revert"
    id: str = id_argument()
    path: str = argument("s", "id of the `apply` request, or absolute path of its result file")
    words: str = argument("s", "not used; may be empty", default="")
    options_json: str = argument("s", "JSON object: daw", default="")


@dataclass(frozen=True)
class Orders(Message):
    """Turns a plan into what a script inside a DAW shall set there; the result file holds the orders."""

    name: ClassVar[str] = "orders"
    id: str = id_argument()
    path: str = argument("s", "absolute path of the plan or result file")
    daw: str = argument("s", "which DAW: reaper")


@dataclass(frozen=True)
class Report(Message):
    """What a script inside a DAW has set, as it read it back; kept in the state folder."""

    name: ClassVar[str] = "report"
    id: str = id_argument()
    orders: str = argument("s", "id of the `orders` request")
    account_json: str = argument(
        "s",
        "JSON object: plan, written (step, track, device, parameter, asked, got, verdict, ...), left, warnings",
    )


@dataclass(frozen=True)
class Capture(Message):
    """Makes a stem of the last seconds of the live input and processes it with the words."""

    name: ClassVar[str] = "capture"
    id: str = id_argument()
    seconds: float = argument("f", "how much of the past, in seconds")
    words: str = argument("s", "the wish in plain words")


@dataclass(frozen=True)
class Cancel(Message):
    """Takes a job back; its own client gets the result `cancelled`."""

    name: ClassVar[str] = "cancel"
    id: str = id_argument()
    job: str = argument("s", "the job's name, or the id of the request that made it")


@dataclass(frozen=True)
class Status(Message):
    """Asks how far one job, or the newest 200, have got. Answered by pages of `jobs`."""

    name: ClassVar[str] = "status"
    id: str = id_argument()
    job: str = argument(
        "s", "the job's name or its request's id; empty: the newest 200, newest first", default=""
    )


@dataclass(frozen=True)
class Ping(Message):
    """Asks whether the daemon is there; answered by an accepted `ack`."""

    name: ClassVar[str] = "ping"
    id: str = id_argument()


@dataclass(frozen=True)
class FileReady(Message):
    """A bounce into the inbox is complete: a file of this size needs no settling time."""

    name: ClassVar[str] = "file/ready"
    id: str = id_argument()
    path: str = argument("s", "absolute path of the file in the inbox")
    size: int = argument("h", "its size in bytes; a type tag i is taken as well")


# What the daemon answers


@dataclass(frozen=True)
class Welcome(Message):
    """The answer to `hello`."""

    name: ClassVar[str] = "welcome"
    version: str = argument("s", "version of dawbridge")
    capabilities: str = argument("s", "the requests that this daemon can serve, separated by spaces")
    protocol: int = argument("i", "version of this protocol")


@dataclass(frozen=True)
class Ack(Message):
    """A request arrived; clients send it again until they have this."""

    name: ClassVar[str] = "ack"
    id: str = argument("s", "id of the request")
    verdict: str = argument("s", "accepted, duplicate or rejected")
    reason: str = argument("s", "why it was rejected; otherwise the job's name where there is one")


@dataclass(frozen=True)
class Progress(Message):
    """How far an accepted request has got."""

    name: ClassVar[str] = "progress"
    id: str = argument("s", "id of the request")
    fraction: float = argument("f", "0 to 1")
    stage: str = argument("s", "what is being done")


@dataclass(frozen=True)
class Result(Message):
    """The end of an accepted request; sent again when the request is sent again."""

    name: ClassVar[str] = "result"
    id: str = argument("s", "id of the request")
    status: str = argument("s", "done, failed, refused or cancelled")
    path_of_result_json: str = argument("s", "absolute path of result.json")


@dataclass(frozen=True)
class Jobs(Message):
    """One page of the answer to `status`."""

    name: ClassVar[str] = "jobs"
    id: str = argument("s", "id of the `status` request")
    page: int = argument("i", "number of this page, from 1")
    pages: int = argument("i", "how many pages there are")
    jobs_json: str = argument("s", "JSON list of {job, state, path}")


@dataclass(frozen=True)
class Suggest(Message):
    """A live suggestion, to be taken or left."""

    name: ClassVar[str] = "suggest"
    source: str = argument("s", "what was heard: a track or an input")
    device: str = argument("s", "the effect it is about")
    parameter: str = argument("s", "the effect's parameter")
    value: float = argument("f", "suggested value, in `unit`")
    unit: str = argument("s", "unit of the value")
    reason: str = argument("s", "why, in one sentence")


@dataclass(frozen=True)
class Error(Message):
    """What was sent cannot be used."""

    name: ClassVar[str] = "error"
    id: str = argument("s", "id of the request, where it could be read; otherwise empty")
    reason: str = argument("s", "what is wrong, in one line")


REQUESTS: tuple[type[Message], ...] = (
    Hello, Ping, Process, Chat, Analyze, Plan, FileReady, Status, Cancel, Apply, Revert, Orders, Report, Capture,
)  # fmt: skip
REPLIES: tuple[type[Message], ...] = (Welcome, Ack, Progress, Result, Jobs, Suggest, Error)

BY_ADDRESS: dict[str, type[Message]] = {m.address(): m for m in (*REQUESTS, *REPLIES)}

LIVE = "/dawbridge/live/1/"
"""Prefix of `ask` and `answer`, which the bridge speaks with its remote script in Ableton Live: docs/ableton.md."""
