"""An impulse response of the user's own: the file that words name, and the wish for its room."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from bridge.effects.convolution_reverb import ConvolutionReverb
from bridge.planning.clauses import Clause, split
from bridge.planning.given import Given
from bridge.planning.intent import Heard, Intent
from bridge.planning.lexicon import Lexicon
from bridge.planning.tokens import named_phrases, tokenise

_FILE = re.compile(
    r'["“”«»‘’\'](?P<quoted>[^"“”«»\n]{1,400}\.(?:wav|wave|w64|aiff?|flac|ogg|oga|opus|mp3))["“”«»‘’\']'
    r'|(?P<bare>[^\s"“”«»,;]{1,400}\.(?:wav|wave|w64|aiff?|flac|ogg|oga|opus|mp3))(?![\w])',
    re.IGNORECASE,
)
_PLACEHOLDER = "zzimpulsezz"
_MOST = 8
"""Files that are looked at in one request."""
_HAS_ITS_OWN = ("kind", "decay_s", "damping", "seed")
"""What a made room is told, and a file brings with it."""
_AS_IT_IS: Given = {"pre_delay_ms": 0.0, "low_cut_hz": 0.0, "high_cut_hz": 0.0}
"""A response holds its room's first reflections, rumble and air; only words take any of that away or add to it."""


def _as_named(name: str) -> str:
    return name


@dataclass(frozen=True)
class OwnImpulse:
    """path: one that was given beside the words. find: the path of a file that words name; raises BadInput."""

    path: str = ""
    find: Callable[[str], str] = _as_named

    def heard(self, words: str, lexicon: Lexicon) -> tuple[str, str]:
        """The path of the response, "" for none, and the words without its name. The words win over what was given
        beside them, unless they name the same file."""
        named = named_impulse(words, lexicon)
        if named is None:
            return self.path, words
        file, rest = named
        same = bool(self.path) and PurePath(self.path).name.lower() == PurePath(file).name.lower()
        return (self.path if same else self.find(file)), rest


def named_impulse(words: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """The sound file that a clause about convolution names, and the words without it: "use the impulse response
    church.wav", 'convolve with "big church.wav"'. Another file ("match ref.wav") is none."""
    for found, _ in zip(_FILE.finditer(words), range(_MOST), strict=False):
        about = f"{words[: found.start()]} {_PLACEHOLDER} {words[found.end() :]}"
        if _is_convolved_with(about, lexicon):
            return found["quoted"] or found["bare"], _spaced(words[: found.start()] + words[found.end() :])
    return None


def _spaced(words: str) -> str:
    return re.sub(r"[ \t]{2,}", " ", words).strip()


def _is_convolved_with(words: str, lexicon: Lexicon) -> bool:
    names = named_phrases(((_PLACEHOLDER, "impulse", ""),))
    before: Clause | None = None
    for clause in split(tokenise(words, lexicon, names)):
        if any(token.role == "impulse" for token in clause.tokens):
            # "convolve it with church.wav": "with" opens a clause that begins with the name.
            return _convolves(clause) or (
                before is not None and clause.tokens[0].role == "impulse" and _convolves(before)
            )
        before = clause
    return False


def _convolves(clause: Clause) -> bool:
    return any(token.role == "effect" and token.subject == ConvolutionReverb.name for token in clause.tokens)


def with_impulse(heard: Heard, path: str, where: str) -> Heard:
    """The wish with the file in it: in every convolution that is asked for, else in the reverb that is, else as a wish
    of its own at `where`."""
    if not path or heard.mood not in ("wish", "empty") or heard.question:
        return heard
    for subject in (ConvolutionReverb.name, "reverb"):
        rooms = [intent for intent in heard.intents if _asks_for(intent, subject)]
        if rooms:
            intents = tuple(_with_file(each, path) if each in rooms else each for each in heard.intents)
            return heard.model_copy(update={"intents": intents})
    if any(intent.operation == "remove" for intent in heard.intents):
        return heard
    asked = Intent(
        operation="effect", subject=ConvolutionReverb.name, where=where,
        given={**_AS_IT_IS, "file": path}, words=f"impulse response {PurePath(path).name}",
    )  # fmt: skip
    return heard.model_copy(update={"mood": "wish", "intents": (*heard.intents, asked)})


def _asks_for(intent: Intent, subject: str) -> bool:
    return intent.operation == "effect" and intent.subject == subject and intent.amount > 0


def _with_file(intent: Intent, path: str) -> Intent:
    known = set(ConvolutionReverb.model_fields) - set(_HAS_ITS_OWN)
    given = {name: value for name, value in intent.given.items() if name in known}
    return intent.model_copy(
        update={
            "subject": ConvolutionReverb.name,
            "given": {**_AS_IT_IS, **given, "file": path},
            "confidence": 1.0,
        }
    )
