"""Ardour that quits, comes back, is changed under our hands, sits behind a bad network or on another port: the right
thing is set, or it is told that it is not; and no other track changes."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bridge.daws.applying import apply
from bridge.daws.ardour import DAW, silence
from bridge.daws.ardour.link import ArdourLink
from bridge.daws.ardour.surface import REPLIES, STRIPS, coming, put, udp_for
from bridge.daws.journal import Journal, Kept
from bridge.daws.reverting import revert
from bridge.daws.written import Applied
from bridge.errors import Unavailable
from bridge.planning.plan import Plan, Step
from tests.daemon.living import until
from tests.daws.ardour.proxy import Proxy
from tests.daws.ardour.real import RealArdour
from tests.daws.ardour.session_file import Lane

pytestmark = pytest.mark.real

Everything = dict[tuple[str, str, int, str], float]


def everything(link: ArdourLink) -> Everything:
    """Every parameter of every device of every track, by name."""
    return {
        (track.name, device.name, device.nth, parameter.name): parameter.value
        for track in link.tracks()
        for device in link.devices(track)
        for parameter in link.parameters(track, device)
    }


def changed(before: Everything, after: Everything) -> dict[tuple[str, str, int, str], float]:
    """What is another value now (a fader reads a little off what it was given)."""
    return {
        key: value for key, value in after.items() if key not in before or abs(before[key] - value) > 0.01
    }


def compress(where: str, id: str = "c1", **given: float) -> Step:
    parameters = {
        "threshold_db": -21.0,
        "ratio": 3.0,
        "attack_ms": 12.0,
        "release_ms": 90.0,
        "knee_db": 3.0,
        **given,
    }
    return Step(id=id, effect="compressor", where=where, parameters=parameters)


def plan(*steps: Step) -> Plan:
    return Plan(steps=steps).with_id()


def applied(link: ArdourLink, folder: Path, id: str, *steps: Step) -> Applied:
    return apply(plan(*steps), link, DAW.table, Journal(folder, id, "ardour", ""))


def put_back(link: ArdourLink, folder: Path, id: str) -> Applied:
    return revert(Kept(folder, id), link, Journal(folder, f"{id}.back", "ardour", "", id))


def once(sign: bytes, act: Callable[[], None]) -> Callable[[bytes], None]:
    """A proxy's `before`: acts at the first datagram in which `sign` is."""
    left = [act]

    def before(data: bytes) -> None:
        if left and sign in data:
            left.pop()()

    return before


WRITE = b"/strip/plugin/parameter\0"
VOCAL = ("Vocal", "ACE Compressor", 1)


def test_with_30_percent_lost_and_10_reordered_it_is_right_or_reported(running, link, tmp_path):
    before = everything(link)
    with Proxy(running.port, drop=0.3, late=0.1, seed=3) as bad:
        through = ArdourLink("127.0.0.1", bad.port)
        done = applied(through, tmp_path, "one", compress("Vocal"))
        through.close()
    assert bad.dropped > 10
    after = everything(link)
    for one in done.written:
        if one.verdict == "applied":
            assert after[one.track, one.device, 1, one.parameter] == pytest.approx(
                one.asked, rel=1e-3, abs=0.01
            ), one
    told = {("Vocal", one.device, 1, one.parameter) for one in done.written}
    assert set(changed(before, after)) <= told
    assert put_back(link, tmp_path, "one").ok
    assert not changed(before, everything(link))


def hidden(running: RealArdour, track: str, yes: bool) -> None:
    """Hides or shows a strip, as somebody in the mixer does: those behind it move. Done when Ardour lists it so."""
    to = ("127.0.0.1", running.port)
    with closing(udp_for("127.0.0.1")) as other:

        def listed(types: int) -> dict[str, int]:
            put(other, to, "/set_surface", (0, types, REPLIES, 0, 0, 0))
            put(other, to, "/strip/list")
            rows = [row for _, row in coming(other, 0.1) if len(row) >= 7]
            return {row[1]: row[6] for row in rows}

        with_hidden = until(lambda: listed(STRIPS + 512), what="strips")
        put(other, to, "/strip/hide", (with_hidden[track], int(yes)))
        until(lambda: (track in listed(STRIPS)) != yes, what="hidden or shown")


def test_a_track_that_goes_before_the_write_moves_the_others_and_the_right_one_is_set(
    running, link, tmp_path
):
    before = everything(link)
    with Proxy(running.port, before=once(WRITE, lambda: hidden(running, "Drums", True))) as between:
        through = ArdourLink("127.0.0.1", between.port)
        done = applied(through, tmp_path, "one", compress("Vocal"))
        through.close()
    hidden(running, "Drums", False)
    until(lambda: everything(link).keys() == before.keys(), what="listed as before")
    assert done.ok, done
    new = changed(before, everything(link))
    assert {key[:3] for key in new} == {VOCAL}
    assert new[*VOCAL, "Threshold"] == pytest.approx(-21.0)
    assert put_back(link, tmp_path, "one").ok
    assert not changed(before, everything(link))


def test_a_track_that_comes_before_the_write_moves_the_others_and_the_right_one_is_set(
    running, link, tmp_path
):
    before = everything(link)
    hidden(running, "Drums", True)
    with Proxy(running.port, before=once(WRITE, lambda: hidden(running, "Drums", False))) as between:
        through = ArdourLink("127.0.0.1", between.port)
        done = applied(through, tmp_path, "one", compress("Vocal"))
        through.close()
    until(lambda: everything(link).keys() == before.keys(), what="listed as before")
    assert done.ok, done
    new = changed(before, everything(link))
    assert {key[:3] for key in new} == {VOCAL}
    assert put_back(link, tmp_path, "one").ok


def test_a_track_renamed_before_the_write_is_reported_and_can_be_put_back_by_its_old_name(
    running, link, tmp_path
):
    before = everything(link)

    def named(name: str) -> None:
        old = next(track for track in link.tracks() if track.name in ("Vocal", "Lead"))
        link._surface.send("/strip/name", old.id, name)
        until(lambda: name in [track.name for track in link.tracks()], what=name)

    with Proxy(running.port, before=once(WRITE, lambda: named("Lead"))) as between:
        through = ArdourLink("127.0.0.1", between.port)
        done = applied(through, tmp_path, "one", compress("Vocal"))
        through.close()
    named("Vocal")
    assert {one.verdict for one in done.written} == {"failed"}
    assert "not there any more (renamed or removed)" in done.written[0].reason
    assert {key[0] for key in changed(before, everything(link))} <= {"Vocal"}
    assert put_back(link, tmp_path, "one").ok
    assert not changed(before, everything(link))


def test_killed_in_the_middle_it_is_reported_and_a_restarted_ardour_can_be_put_back(running, link, tmp_path):
    before = everything(link)
    with Proxy(running.port, before=once(WRITE, running.kill)) as between:
        through = ArdourLink("127.0.0.1", between.port)
        done = applied(through, tmp_path, "one", compress("Vocal"), compress("Squeeze", "c2"))
        through.close()
    assert not done.ok
    assert not [one for one in done.written if one.verdict == "applied"]
    with pytest.raises(Unavailable, match="Nothing listens"):
        ArdourLink("127.0.0.1", running.port)
    running.ensure()
    with closing(ArdourLink("127.0.0.1", running.port)) as anew:
        assert put_back(anew, tmp_path, "one").ok
        assert not changed(before, everything(anew))


def test_two_compressors_on_one_track_take_one_step_each(link, tmp_path):
    before = everything(link)
    done = applied(link, tmp_path, "one", compress("Twins"), compress("Twins", "c2", threshold_db=-33.0))
    assert done.ok, done
    after = everything(link)
    both = [after["Twins", "ACE Compressor (stereo)", nth, "Threshold"] for nth in (1, 2)]
    assert both == pytest.approx([-21.0, -33.0])
    third = applied(link, tmp_path, "two", *(compress("Twins", f"c{n}") for n in range(3)))
    assert "no ACE Compressor or ACE Compressor (stereo) that is free" in third.left[-1].reason
    assert put_back(link, tmp_path, "two").ok
    assert put_back(link, tmp_path, "one").ok
    assert not changed(before, everything(link))


def test_beyond_the_range_is_held_at_its_end_and_told(link, tmp_path):
    done = applied(link, tmp_path, "one", compress("Vocal", attack_ms=250.0))
    attack = next(one for one in done.written if one.parameter == "Attack")
    assert (attack.verdict, attack.got, attack.reason) == (
        "clamped",
        pytest.approx(100.0),
        "it goes from 0.1 to 100",
    )
    assert put_back(link, tmp_path, "one").ok


def test_a_plugin_that_is_not_there_is_asked_for_by_name(link, tmp_path):
    before = everything(link)
    done = applied(link, tmp_path, "one", compress("Bass"))
    assert done.written == ()
    assert (
        "Bass has no ACE Compressor or ACE Compressor (stereo) that is free; put one there"
        in done.left[0].reason
    )
    assert not changed(before, everything(link))


def test_another_program_on_the_port_is_told_from_no_program_and_ardour_is_found(running):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with pytest.raises(Unavailable, match=f"Another program has .*:{port}; Ardour answers at port 38"):
            ArdourLink("127.0.0.1", port)
    with pytest.raises(Unavailable, match=f"Nothing listens at .*:{port}, but Ardour answers at port 38"):
        ArdourLink("127.0.0.1", port)


def test_answers_that_go_to_a_fixed_port_are_told_as_that(tmp_path, monkeypatch):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(silence, "MANUAL_REPLY_PORT", port)
    with (
        RealArdour(tmp_path, [Lane("Vocal", channels=1)], replies_to=port) as manual,
        pytest.raises(Unavailable, match=f"sends its answers to UDP port {port}, not to who asks"),
    ):
        ArdourLink("127.0.0.1", manual.port)
