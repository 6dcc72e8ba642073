"""Sidecars: words and options read, everything else refused in one line that names the file."""

from __future__ import annotations

import json

import pytest

from bridge.errors import BadInput
from bridge.files.roots import Roots
from bridge.hotfolder import sidecar
from bridge.hotfolder.wish import Wish


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def read(inbox, content, name="x.wav.request.json"):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (inbox / name).write_bytes(data)
    return sidecar.read(inbox / name, Roots([inbox]))


def text(inbox, data):
    return read(inbox, data, "x.wav.txt").words


@pytest.mark.parametrize(
    "data", [" wärmer\r\n".encode(), "\ufeffwärmer".encode(), "wärmer\n".encode("utf-16")]
)
def test_plain_words_in_every_unicode_an_editor_saves(inbox, data):
    assert text(inbox, data) == "wärmer"


def test_json_with_all_its_fields(inbox):
    for name in ("ref.wav", "a:b.wav", "drums.wav"):
        (inbox / name).write_bytes(b"")
    wish = read(
        inbox,
        {
            "request": " warmer ", "id": "take-1", "target": "spotify", "planner": "offline",
            "references": ["ref.wav:0.5", "a:b.wav"], "stems": {"drums": str(inbox / "drums.wav")},
            "daw": {"track": "{GUID}"}, "tail": "trim", "missing_plugin": "bypass",
            "match": {"eq": 0.5, "width": 1},
        },
    )  # fmt: skip
    assert wish == Wish(
        "warmer",
        {
            "target": "spotify",
            "references": [f"{inbox / 'ref.wav'}:0.5", str(inbox / "a:b.wav")],
            "match": {"eq": 0.5, "width": 1.0},
            "stems": {"drums": str(inbox / "drums.wav")},
            "planner": "offline",
            "tail": "trim",
            "missing_plugin": "bypass",
            "daw": {"track": "{GUID}"},
        },
        "take-1",
    )


HOSTILE = {
    "empty": (b"", "not JSON"),
    "not JSON": (b"warmer", "not JSON"),
    "a list": ([1], "not a JSON object"),
    "null": (b"null", "not a JSON object"),
    "NaN": (b'{"request": NaN}', "NaN is no JSON number"),
    "deep": (b'{"request":' + b"[" * 30_000, "too deep"),
    "deep daw": (b'{"request":"x","daw":' + b"[" * 30_000 + b"]" * 30_000 + b"}", "too deep"),
    "daw 33 deep": (b'{"request":"x","daw":' + b"[" * 32 + b"]" * 32 + b"}", "too deep"),
    "infinite daw": (b'{"request":"x","daw":{"a":[1e999]}}', "number"),
    "huge number": (b'{"request":"x","daw":' + b"9" * 60_000 + b"}", "not JSON"),
    "one megabyte": ({"request": "x" * 1_000_000}, "more than 65536"),
    "no request": ({"target": "spotify"}, "request"),
    "typo": ({"reqest": "x"}, "request"),
    "unknown field": ({"request": "x", "plugin": "y"}, "'plugin' is no field"),
    "wrong type": ({"request": 5}, "request: Input should be a valid string"),
    "empty words": ({"request": "  "}, "says nothing"),
    "zero byte": ({"request": "a\0b"}, "not text"),
    "lone surrogate": (b'{"request": "\\ud800"}', "request"),
    "bad id": ({"request": "x", "id": "../x"}, "id"),
    "id with newline": ({"request": "x", "id": "a\n"}, "id"),
    "references not a list": ({"request": "x", "references": "r.wav"}, "references"),
    "too many references": ({"request": "x", "references": ["r.wav"] * 17}, "references"),
    "a part that nothing has": ({"request": "x", "match": {"bass": 0.5}}, "match"),
    "more than all of it": ({"request": "x", "match": {"eq": 50}}, "match.eq"),
    "a part of no reference": ({"request": "x", "match": {"eq": 0.5}}, "give references too"),
    "a reference of no weight": ({"request": "x", "references": ["r.wav:0"]}, "0 is no weight"),
    "a reference below nothing": ({"request": "x", "references": ["r.wav:-1"]}, "-1 is no weight"),
    "a reference beyond all": ({"request": "x", "references": ["r.wav:1e308"]}, "1e308 is no weight"),
    "a reference that counts NaN": ({"request": "x", "references": ["r.wav:nan"]}, "nan is no weight"),
    "a stem without a name": ({"request": "x", "stems": {" ": "a.wav"}}, "stems"),
    "traversal": ({"request": "x", "references": ["../../../etc/passwd"]}, "passwd lies outside"),
    "absolute outside": ({"request": "x", "stems": {"a": "/etc/passwd"}}, "outside"),
    "path with zero": ({"request": "x", "references": ["a\0b"]}, "no path"),
    "missing reference": ({"request": "x", "references": ["none.wav"]}, "not there"),
    "not UTF-8": (b'{"request": "\xff"}', "not UTF-8"),
}


@pytest.mark.parametrize(("content", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_sidecar_is_refused_in_one_line(inbox, content, words):
    with pytest.raises(BadInput) as caught:
        read(inbox, content)
    assert words in caught.value.message
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 400


def test_what_a_daw_script_keeps_may_be_nested_31_deep(inbox):
    kept = read(inbox, b'{"request":"x","daw":' + b"[" * 31 + b"]" * 31 + b"}").options["daw"]
    assert json.dumps(kept) == "[" * 31 + "]" * 31


@pytest.mark.parametrize("data", [b"", b" \n", b"\xff\xfe\x00", b"a\x00b", b"x" * 70_000, b"caf\xe9"])
def test_a_text_that_says_nothing_or_too_much_is_refused(inbox, data):
    with pytest.raises(BadInput, match=r"x\.wav\.txt"):
        text(inbox, data)


def test_a_sidecar_that_is_a_link_is_not_followed(inbox, tmp_path):
    (tmp_path / "secret").write_text("words")
    (inbox / "x.wav.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(BadInput, match="link"):
        sidecar.read(inbox / "x.wav.txt", Roots([inbox]))


def test_a_reference_through_a_link_is_refused(inbox, tmp_path):
    (tmp_path / "ref.wav").write_bytes(b"")
    (inbox / "out").symlink_to(tmp_path)
    with pytest.raises(BadInput, match="link"):
        read(inbox, {"request": "x", "references": ["out/ref.wav"]})
