"""The note beside a sound file that says what is wished: NAME.EXT.request.json, or NAME.EXT.txt in plain words."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from bridge.errors import BadRequest
from bridge.files.naming import spoken
from bridge.files.roots import Roots, open_regular
from bridge.hotfolder.wish import Wish, request_from_json

MAXIMUM_BYTES = 64 * 1024
_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(path: Path, roots: Roots) -> Wish:
    """The wish of one sidecar.

    Raises BadRequest, or PathRefused for a path in it that leads out of the allowed folders; one line each.
    """
    text = _text(path)
    if path.suffix != ".json":
        return Wish(_some_words(text, path))
    request = request_from_json(text, spoken(path))
    options = request.admitted(roots, path.parent, request.id or "")
    return Wish(_some_words(request.request, path), options, request.id)


def _text(path: Path) -> str:
    with os.fdopen(open_regular(path), "rb") as file:
        data = file.read(MAXIMUM_BYTES + 1)
        size = os.fstat(file.fileno()).st_size
    if len(data) > MAXIMUM_BYTES:
        raise BadRequest(f"{spoken(path)} has {size} bytes, more than {MAXIMUM_BYTES}; say it shorter.")
    encoding = next((name for mark, name in _ENCODINGS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise BadRequest(f"{spoken(path)} is not UTF-8 text; save it as UTF-8.") from None


def _some_words(text: str, path: Path) -> str:
    words = text.strip()
    if not words:
        raise BadRequest(f"{spoken(path)} says nothing; write the wish into it, or remove it.")
    if "\0" in words or any("\ud800" <= character <= "\udfff" for character in words):
        raise BadRequest(f"{spoken(path)} is not text: its request has characters that no text has.")
    return words
