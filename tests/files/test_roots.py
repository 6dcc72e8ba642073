"""Which paths are let in."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from bridge.errors import BadInput, PathRefused
from bridge.files import Roots, open_sound, read
from tests.files.made import wav

posix = pytest.mark.skipif(os.name != "posix", reason="links and pipes need a POSIX system")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.wav").write_bytes(wav())
    (folder / "sub" / "b.wav").write_bytes(wav())
    (tmp_path / "secret.wav").write_bytes(wav())
    return folder


def refused(roots: Roots, path: str | Path) -> str:
    with pytest.raises(PathRefused) as at_admission:
        roots.admit(path)
    with pytest.raises(PathRefused) as at_opening:
        open_sound(path, roots)
    assert at_admission.value.verdict == at_opening.value.verdict
    assert "\n" not in at_admission.value.message
    return at_admission.value.verdict


def test_a_file_below_a_root_is_admitted_and_opened(inbox):
    roots = Roots([inbox])
    assert roots.admit(inbox / "sub" / "b.wav") == inbox.resolve() / "sub" / "b.wav"
    with open_sound(inbox / "sub" / "b.wav", roots) as sound:
        assert sound.frames == 1000


def test_a_file_outside_is_refused_by_name(inbox):
    with pytest.raises(PathRefused, match=r"secret\.wav lies outside"):
        Roots([inbox]).admit(inbox.parent / "secret.wav")


@pytest.mark.parametrize("path", ["../secret.wav", "sub/../../secret.wav", "/etc/passwd", "", "a\0.wav"])
def test_traversal_is_outside(inbox, path):
    path = os.path.join(inbox, path) if path.startswith(("..", "sub")) else path  # noqa: PTH118
    assert refused(Roots([inbox]), path) == "outside"


def test_a_folder_that_only_begins_like_the_root_is_outside(inbox):
    beside = inbox.parent / "inbox-evil"
    beside.mkdir()
    (beside / "a.wav").write_bytes(wav())
    assert refused(Roots([inbox]), beside / "a.wav") == "outside"


@posix
def test_a_link_is_refused_wherever_it_points(inbox):
    (inbox / "in.wav").symlink_to(inbox / "a.wav")
    (inbox / "out.wav").symlink_to(inbox.parent / "secret.wav")
    (inbox / "dangling.wav").symlink_to("nowhere")
    for name in ("in.wav", "out.wav", "dangling.wav"):
        assert refused(Roots([inbox]), inbox / name) == "link"


@posix
def test_a_linked_folder_below_the_root_is_refused(inbox):
    (inbox / "linked").symlink_to(inbox / "sub")
    assert refused(Roots([inbox]), inbox / "linked" / "b.wav") == "link"


@posix
def test_a_folder_that_becomes_a_link_while_it_is_opened_is_not_followed(inbox, monkeypatch):
    """The attack between look and opening: the folder is exchanged for a link right after it was looked at."""
    outside = inbox.parent / "outside"
    outside.mkdir()
    (outside / "b.wav").write_bytes(wav(b"\7\7" * 2000))
    real_stat = os.stat

    def look_then_exchange(name, *arguments, **how):
        result = real_stat(name, *arguments, **how)
        if name == "sub":
            (inbox / "sub").rename(inbox / "moved")
            (inbox / "sub").symlink_to(outside)
        return result

    monkeypatch.setattr(os, "stat", look_then_exchange)
    with pytest.raises(PathRefused):
        Roots([inbox]).open(inbox / "sub" / "b.wav")
    assert (inbox / "sub").is_symlink()


@posix
def test_a_root_may_be_reached_through_a_link(inbox):
    alias = inbox.parent / "alias"
    alias.symlink_to(inbox)
    assert Roots([alias]).admit(inbox / "a.wav") == inbox.resolve() / "a.wav"
    assert Roots([inbox]).admit(alias / "a.wav") == inbox.resolve() / "a.wav"


@posix
def test_dots_are_folded_before_links_are_followed(inbox):
    """inbox/linked/../a.wav is inbox/a.wav, not what lies beside the link's target."""
    elsewhere = inbox.parent / "elsewhere" / "deep"
    elsewhere.mkdir(parents=True)
    (elsewhere.parent / "a.wav").write_bytes(wav())
    (inbox / "linked").symlink_to(elsewhere)
    assert Roots([inbox]).admit(f"{inbox}/linked/../a.wav") == inbox.resolve() / "a.wav"


@posix
def test_special_files_named_like_audio_are_refused_at_once(inbox):
    os.mkfifo(inbox / "pipe.wav")
    (inbox / "folder.wav").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(inbox)  # socket paths are short
        try:
            server.bind("socket.wav")
        finally:
            os.chdir(here)
        for name, kind in (("pipe", "a named pipe"), ("folder", "a folder"), ("socket", "a socket")):
            with pytest.raises(PathRefused, match=f"{name}.wav is {kind}") as caught:
                read(inbox / f"{name}.wav")
            assert caught.value.verdict == "special_file"
            assert refused(Roots([inbox]), inbox / f"{name}.wav") == "special_file"


@posix
def test_a_device_is_refused():
    with pytest.raises(PathRefused, match="null is a device"):
        read("/dev/null")


def test_a_missing_file_says_so(inbox):
    assert refused(Roots([inbox]), inbox / "gone.wav") == "missing"
    assert refused(Roots([inbox]), inbox / "a.wav" / "x.wav") == "missing"
    with pytest.raises(PathRefused, match="gone"):
        read(inbox / "gone.wav")


@posix
@pytest.mark.parametrize(
    "name",
    [
        b"caf\xe9.wav",
        b"two\nlines.wav",
        "Übung 和.wav".encode(),
        b"\xff\xfe.wav",
        b"-rf.wav",
        b"a'b\"c$(x).wav",
    ],
)
def test_any_name_that_the_system_allows_can_be_read(inbox, name):
    path = os.fsdecode(os.path.join(os.fsencode(inbox), name))  # noqa: PTH118
    try:
        Path(path).write_bytes(wav())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert read(path).frames == 1000
    assert read(path, Roots([inbox])).frames == 1000


@posix
def test_a_sentence_about_a_newline_name_is_one_printable_line(inbox):
    path = inbox / "two\nlines\x1b[31m\udcff.wav"
    path.write_bytes(b"no sound")
    with pytest.raises(BadInput) as caught:
        read(path)
    assert caught.value.message.isprintable()
    assert r"two\nlines\x1b[31m\udcff.wav" in caught.value.message


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(inbox):
    (inbox / "a.wav").chmod(0)
    with pytest.raises(BadInput, match=r"a\.wav may not be read"):
        read(inbox / "a.wav")
