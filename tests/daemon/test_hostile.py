"""Every hostile file and message against one live daemon: a one-line reason that names it, and the daemon serves on."""

from __future__ import annotations

import json
import os
import random
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.errors import OutputFailed
from bridge.osc.client import Rejected, new_id
from bridge.osc.messages import (
    Analyze,
    Apply,
    Cancel,
    Capture,
    FileReady,
    Ping,
    Plan,
    Process,
    Revert,
    Status,
)
from tests.daemon.living import Daemon, living, until
from tests.hotfolder.watching import wav
from tests.osc.packets import PING, bundle, fuzzed, message, nested, text
from tests.osc.serving import Bare

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="FIFOs, links and permission bits")


class Unprivileged(Daemon):
    command = ("-m", "tests.daemon.unprivileged", "bridge.daemon")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with living(tmp_path_factory.mktemp("hostile"), Unprivileged) as daemon:
        (daemon.home / "outside.wav").write_bytes(wav())
        yield daemon
        assert "Traceback" not in daemon.log


@pytest.fixture(autouse=True)
def serves_on(daemon):
    pid = daemon.process.pid
    yield
    assert daemon.alive()
    assert daemon.process.pid == pid


def float_wav(path: Path, values) -> None:
    soundfile.write(path, np.asarray(values, np.float32), 48000, subtype="FLOAT")


def unreadable(path: Path) -> None:
    path.write_bytes(wav())
    path.chmod(0)


def with_sidecar(content, ending=".request.json"):
    def make(path: Path) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        path.with_name(path.name + ending).write_bytes(data)
        path.write_bytes(wav())

    return make


def cut(data: bytes, keep: int):
    return lambda path: path.write_bytes(data[:keep])


def header(**fields) -> bytes:
    """A WAV whose header claims other things than its sound has."""
    data = bytearray(wav(480, channels=2))
    where = {"channels": (22, "<H"), "rate": (24, "<I"), "bits": (34, "<H"), "code": (20, "<H")}
    for name, value in fields.items():
        at, form = where[name]
        struct.pack_into(form, data, at, value)
    return bytes(data)


def write(data: bytes):
    return lambda path: path.write_bytes(data)


FILES = {
    "text named wav": ("words.wav", write(b"these are only words\n" * 99), "words.wav"),
    "noise named flac": ("noise.flac", write(random.Random(1).randbytes(9000)), "noise.flac"),
    "picture named mp3": ("picture.mp3", write(b"\x89PNG\r\n\x1a\n" + bytes(500)), "picture.mp3"),
    "empty": ("empty.wav", write(b""), "empty.wav"),
    "header cut off": ("header.wav", cut(wav(), 30), "header.wav"),
    "sound cut off": ("cut.wav", cut(wav(48000), 5000), "cut.wav"),
    "33 channels": ("many.wav", write(wav(480, channels=33)), "33 channels"),
    "no channels": ("nochannels.wav", write(header(channels=0)), "nochannels.wav"),
    "absurd rate": ("rate.wav", write(header(rate=4_000_000_000)), "rate.wav"),
    "rate of zero": ("rate0.wav", write(header(rate=0)), "rate0.wav"),
    "absurd bits": ("bits.wav", write(header(bits=7777)), "bits.wav"),
    "unknown coding": ("code.wav", write(header(code=0x7777)), "code.wav"),
    "not a number": ("nan.wav", lambda path: float_wav(path, [0.1, np.nan, 0.1] * 4800), "nan.wav"),
    "infinite": ("inf.wav", lambda path: float_wav(path, [0.1, np.inf, 0.1] * 4800), "inf.wav"),
    "no permission": ("secret.wav", unreadable, "permission"),
    "newline in its name": ("new\nline.wav", write(b"words\n" * 99), "new\\nline.wav"),
    "unicode name": ("Gesäng 東京 🎤.wav", write(b"words\n" * 99), "Gesäng 東京 🎤.wav"),
    "control characters": ("\x1b[31mred\x07.wav", write(b"words\n" * 99), "\\x1b[31mred\\x07.wav"),
    "sidecar with traversal": (
        "t1.wav", with_sidecar({"request": "x", "references": ["../../../../etc/passwd"]}), "passwd lies outside"),
    "sidecar with absolute path": (
        "t2.wav", with_sidecar({"request": "like it", "stems": {"a": "/etc/shadow"}}), "shadow lies outside"),
    "sidecar to a neighbour": (
        "t3.wav", with_sidecar({"request": "like it", "references": ["../outside.wav"]}), "outside.wav lies outside"),
    "request of 1 MB": ("t4.wav", with_sidecar({"request": "x" * 1_000_000}), "t4.wav.request.json has 1000015 bytes"),
    "text of 1 MB": ("t5.wav", with_sidecar(b"x" * 1_000_000, ".txt"), "t5.wav.txt has 1000000 bytes"),
    "sidecar is no JSON": ("t6.wav", with_sidecar(b"{'request': 1}"), "t6.wav.request.json is not JSON"),
    "sidecar is a bomb": ("t7.wav", with_sidecar(b"[" * 60_000), "nested too deep"),
    "sidecar of wrong types": ("t8.wav", with_sidecar({"request": ["x"]}), "request: Input should be a valid string"),
    "sidecar with unknown fields": ("t9.wav", with_sidecar({"request": "x", "run": "rm"}), "'run' is no field"),
    "sidecar that is no text": ("t10.wav", with_sidecar(b"\xff\x00\xfe", ".txt"), "not UTF-8"),
    "sidecar that says nothing": ("t11.wav", with_sidecar(b" \n", ".txt"), "says nothing"),
}  # fmt: skip
NO_UTF_8 = os.fsdecode(b"caf\xe9.wav")


@pytest.fixture(scope="module")
def dropped(daemon):
    """All of them at once: they must not stand in each other's way."""
    for name, make, _ in FILES.values():
        make(daemon.inbox / name)
    (daemon.inbox / NO_UTF_8).write_bytes(b"words\n" * 99)
    return daemon


@pytest.mark.parametrize(("name", "make", "words"), FILES.values(), ids=FILES)
def test_a_hostile_file_is_refused_once_with_its_reason(dropped, name, make, words):
    result = dropped.result_of(dropped.inbox / name)
    assert result["status"] == "refused"
    assert words in result["reason"]
    assert result["reason"].isprintable()
    assert result["output"] is None
    assert len(result["reason"]) < 500


def test_a_name_that_is_no_utf_8_is_refused_with_its_bytes_named(dropped):
    result = dropped.result_of(dropped.inbox / NO_UTF_8)
    assert result["status"] == "refused"
    assert "caf\\udce9.wav" in result["reason"]


def test_what_is_no_regular_file_is_passed_over_with_a_reason_in_the_log(daemon):
    os.mkfifo(daemon.inbox / "pipe.wav")
    (daemon.inbox / "link.wav").symlink_to(daemon.home / "outside.wav")
    (daemon.inbox / "folder.wav").mkdir()
    (daemon.inbox / "load.wav.part").write_bytes(wav())

    def reasons():
        found = {
            Path(line["path"]).name: line["reason"]
            for line in daemon.log_lines
            if line["event"] == "ignored" and "path" in line
        }
        return found if {"pipe.wav", "link.wav", "folder.wav", "load.wav.part"} <= found.keys() else None

    found = until(reasons)
    assert found["pipe.wav"] == "a named pipe"
    assert "symbolic link" in found["link.wav"]
    assert "folder" in found["folder.wav"]
    assert "not finished" in found["load.wav.part"]


# -- messages ------------------------------------------------------------------------------------------------------


def requests(daemon: Daemon):
    inbox = daemon.inbox
    good = inbox / "good.wav"
    good.write_bytes(wav())
    if not (inbox / "osc-pipe.wav").exists():
        os.mkfifo(inbox / "osc-pipe.wav")
        (inbox / "osc-link.wav").symlink_to(daemon.home / "outside.wav")
    size = good.stat().st_size
    return {
        "outside": (Process(new_id(), str(daemon.home / "outside.wav"), "warmer"), "outside"),
        "system file": (Process(new_id(), "/etc/passwd", "warmer"), "outside"),
        "traversal": (Process(new_id(), f"{inbox}/../outside.wav", "warmer"), "outside"),
        "relative": (Process(new_id(), "good.wav", "warmer"), "not absolute"),
        "not there": (Process(new_id(), f"{inbox}/none.wav", "warmer"), "none.wav is not there"),
        "a pipe": (Process(new_id(), f"{inbox}/osc-pipe.wav", "warmer"), "named pipe"),
        "a link": (Process(new_id(), f"{inbox}/osc-link.wav", "warmer"), "link"),
        "a folder": (Plan(new_id(), str(inbox), "warmer"), "outside"),
        "a device": (Analyze(new_id(), "/dev/zero"), "outside"),
        "a URL": (Process(new_id(), "http://example.org/x.wav", "warmer"), "not absolute"),
        "no words": (Process(new_id(), str(good), " \n"), "needs words"),
        "options no JSON": (Process(new_id(), str(good), "warmer", "{"), "options_json is not JSON"),
        "options a list": (Process(new_id(), str(good), "warmer", "[]"), "not a JSON object"),
        "options unknown": (Process(new_id(), str(good), "warmer", '{"output": "/etc/x"}'), "'output' is no field"),
        "options a bomb": (Process(new_id(), str(good), "warmer", "[" * 7000), "too deep"),
        "reference outside": (
            Process(new_id(), str(good), "warmer", '{"references": ["/etc/passwd"]}'), "passwd lies outside"),
        "announced outside": (FileReady(new_id(), "/etc/passwd", 1), "outside"),
        "announced too early": (FileReady(new_id(), str(good), size + 1), f"not {size + 1}"),
        "announced nothing": (FileReady(new_id(), f"{inbox}/none.wav", 1), "not there"),
        "cancel of nothing": (Cancel(new_id(), "no such job"), "no job"),
        "status of nothing": (Status(new_id(), "../../x"), "no job"),
        "apply": (Apply(new_id(), str(good)), "There is no link to ''"),
        "revert": (Revert(new_id(), "x"), "no journal 'x'"),
        "capture": (Capture(new_id(), 5.0, "warmer"), "There is no live input"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", [
    "outside", "system file", "traversal", "relative", "not there", "a pipe", "a link", "a folder", "a device", "a URL",
    "no words", "options no JSON", "options a list", "options unknown", "options a bomb", "reference outside",
    "announced outside", "announced too early", "announced nothing", "cancel of nothing", "status of nothing", "apply",
    "revert", "capture",
])  # fmt: skip
def test_a_bad_request_is_rejected_with_its_reason(daemon, kind):
    request, words = requests(daemon)[kind]
    with daemon.client() as client, pytest.raises(Rejected) as caught:
        client.request(request)
    assert words in caught.value.message
    assert "\n" not in caught.value.message


WRONG = {
    "unknown address": (message("/bridge/v1/format_disk", "s", text("a")), "unknown address /bridge/v1/format_disk"),
    "wrong types": (message("/bridge/v1/process", "sis", text("a"), bytes(4), text("w")), "path must be text"),
    "text for size": (message("/bridge/v1/file/ready", "sss", text("a"), text("/x"), text("9")), "size must be"),
    "too few arguments": (message("/bridge/v1/process", "s", text("a")), "1 arguments"),
    "id that is a path": (message("/bridge/v1/ping", "s", text("../a")), "id must be"),
    "address pattern": (message("/bridge/v1/" + "*a" * 12, "s", text("a")), "patterns"),
    "negative element": (b"#bundle\0" + bytes(8) + struct.pack(">i", -8) + PING, "claims -8"),
    "nested without end": (nested(300), "nested deeper"),
    "noise": (b"\x01\x02\x03\x04" * 9, "address"),
    "words of 60 KB": (
        message("/bridge/v1/process", "sss", text("a"), text("/x"), text("x" * 60_000)), "more than 8192"),
    "not UTF-8": (message("/bridge/v1/cancel", "ss", text("a"), text(b"\xff")), "not UTF-8"),
    "a reply as request": (message("/bridge/v1/ack", "sss", text("a"), text("b"), text("c")), "not a request"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG)
def test_a_bad_datagram_is_answered_with_one_error(daemon, data, words):
    with Bare(daemon.address) as me:
        me.send(data)
        where, (_, reason) = me.hear()
        assert where == "/bridge/v1/error"
        assert words in reason
        assert "\n" not in reason


def test_a_time_tag_of_the_far_future_is_answered_now(daemon):
    with Bare(daemon.address) as me:
        me.send(bundle(PING, time_tag=b"\xff" * 8))
        assert me.hear()[1] == ["one", "accepted", ""]


def test_a_storm_of_mutated_datagrams(daemon):
    generator = random.Random(440)
    with Bare(daemon.address) as me:
        for _ in range(5000):
            me.send(fuzzed(generator))


def test_an_input_that_is_deleted_before_its_turn_fails_by_name(daemon):
    keep, gone = daemon.aside / "keep.wav", daemon.aside / "gone.wav"
    keep.write_bytes(wav(48000 * 8, channels=2))
    gone.write_bytes(wav())
    with daemon.client() as client:
        client.request(Process(new_id(), str(keep), "reverb"))
        client.request(Process(new_id(), str(gone), "warmer"))
        gone.unlink()
    result = daemon.result_of(gone)
    assert result["status"] == "failed"
    assert "gone.wav was deleted or moved away" in result["reason"]


def test_an_input_that_is_deleted_in_mid_job_ends_in_one_result(daemon):
    gone = daemon.aside / "mid.wav"
    gone.write_bytes(wav(48000 * 60, channels=2))
    seen = []
    with daemon.client() as client:
        asked = Process(new_id(), str(gone), "reverb")

        def take_away(fraction, stage):
            if not seen:
                gone.unlink()
            seen.append(stage)

        client.request(asked)
        answer = client.wait(asked, timeout_s=60, on_progress=take_away)
    result = daemon.result_of(gone)
    assert seen
    assert answer.status == result["status"] == "failed"
    assert "mid.wav" in result["reason"]


def test_a_good_file_among_them_is_still_processed(daemon):
    good = daemon.inbox / "fine.wav"
    soundfile.write(good, 0.01 * np.sin(np.arange(96000) / 10), 48000)
    result = daemon.result_of(good)
    assert result["status"] == "done"
    assert Path(result["output"]).exists()


def test_an_outbox_that_may_not_be_written_is_said_and_its_result_follows(daemon):
    source = daemon.aside / "locked.wav"
    soundfile.write(source, 0.01 * np.sin(np.arange(96000) / 10), 48000)
    daemon.outbox.chmod(0o500)
    try:
        with daemon.client() as client:
            asked = Process(new_id(), str(source), "-20 LUFS")
            client.request(asked)
            with pytest.raises(OutputFailed, match="Permission denied"):
                client.wait(asked, timeout_s=60)
            assert client.request(Ping(new_id())).verdict == "accepted"
    finally:
        daemon.outbox.chmod(0o700)
    result = daemon.result_of(source)
    assert result["status"] == "failed"
    assert "Permission denied" in result["reason"]


class OnASmallDisk(Daemon):
    """Its outbox is a disk of 1 MB, in a mount namespace of its own."""

    before = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
              'mount -t tmpfs -o size=1m tmpfs "$BRIDGE_OUTBOX" && exec "$@"', "sh")  # fmt: skip

    def spawn(self):
        self.outbox.mkdir(exist_ok=True)
        return super().spawn()

    def results(self):
        seen_by_it = Path(f"/proc/{self.process.pid}/root{self.outbox}")
        return [json.loads(path.read_text()) for path in seen_by_it.glob("*/result.json")]


def _can_mount() -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    trial = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _can_mount(), reason="the system does not let us mount a small disk")
def test_a_full_disk_fails_the_job_by_name_and_the_next_one_is_done(tmp_path):
    with living(tmp_path, OnASmallDisk) as small:
        for name, seconds in (("large.wav", 20), ("small.wav", 1)):
            soundfile.write(small.inbox / name, 0.01 * np.sin(np.arange(48000 * seconds) / 10), 48000)
        large, fits = (small.result_of(small.inbox / name) for name in ("large.wav", "small.wav"))
        assert large["status"] == "failed"
        assert "the disk is full" in large["reason"]
        assert fits["status"] == "done"
        assert small.alive()
