"""Words as they come -> one plain spelling: NFKC, lower case, one kind of minus, decimal points."""

from __future__ import annotations

import re
import unicodedata

_MINUS = str.maketrans(
    {"−": "-", "–": "-", "‑": "-", "‒": "-", "—": ",", "’": "'", "‘": "'", "´": "'", "`": "'"}
)
_THOUSANDS = {
    mark: re.compile(rf"(?<![\d.,])(\d{{1,3}}){re.escape(mark)}(\d{{3}})(?=\s*(?:hz|hertz)\b)")
    for mark in ",."
}
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W_])")
_KILO = re.compile(r"(?<![\w.])(\d{1,2})k(\d{1,2})(?!\w)")
"""As circuit diagrams write it: "2k5" is 2.5 kHz."""
_DASH = re.compile(r"(?<=\s)--?(?=\s+[^\W\d_])")
"""Between two wishes: "no reverb - only a cut at 200 Hz"."""
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|.)?")
"""Codes that colour a terminal (ECMA-48, 5.4), pasted along with words: the 31 of red is no number of theirs."""
_SPACES = re.compile(r"[^\S\n]+")


def _printable(char: str) -> str:
    """Control characters become spaces, invisible ones (zero width, direction marks) vanish."""
    category = unicodedata.category(char)
    if category == "Cc":
        return "\n" if char == "\n" else " "
    return "" if category in ("Cf", "Cs", "Co", "Cn") else char


def normalise(words: str, thousands: str = ",") -> str:
    """The request in one plain spelling; hyphens between letters become spaces ("high-pass" is "high pass").

    thousands: the mark that stands between them, before hertz.
    """
    text = unicodedata.normalize("NFKC", words.translate(_MINUS))
    if not text.isascii() or not text.isprintable():
        text = _TERMINAL.sub("", text)
        text = "".join(map(_printable, text))
    text = text.translate(_MINUS).lower()
    text = _THOUSANDS[thousands].sub(r"\1\2", text)
    text = _DECIMAL_COMMA.sub(".", text)
    text = _DASH.sub(",", text)
    text = _KILO.sub(r"\1.\2k", text)
    text = _HYPHEN.sub(" ", text.replace("_", " "))
    return _SPACES.sub(" ", text).strip()
