"""What commands say of checks, and how lines fit a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from bridge.cli.chat_telling import tell_turn
from bridge.cli.results import tell_checks, tell_result, tell_what_is_missing
from bridge.cli.terminal import say, shown_path


def check(name: str, ok: bool = True, **more) -> dict:
    return {"name": name, "asked": None, "got": None, "unit": "", "ok": ok, **more}


WISH = check(
    "wish_harsh",
    asked=-0.5,
    got=-0.98,
    unit="dB",
    sense="at_least",
    words="less harsh",
    shows="2500 to 5500 Hz",
)


def narrow(monkeypatch):
    """A terminal of 40 columns."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")


def test_what_holds_of_every_stem_takes_one_line(capsys):
    tell_checks([check(f"{stem}.{name}") for stem in ("bass", "drums") for name in ("length", "finite")])
    assert capsys.readouterr().out == "\n  holds  length, finite\n"


def test_what_misses_is_told_by_its_own_name(capsys):
    tell_checks([check("bass.not_silent", ok=False), check("drums.not_silent")])
    assert capsys.readouterr().out == "\n  holds  not silent\n  MISSED bass.not silent\n"


def test_a_figure_that_shall_fall_is_asked_at_most(capsys):
    tell_checks([WISH])
    assert "asked at most -0.5 dB, got -0.98 dB" in capsys.readouterr().out


def test_a_reader_who_was_told_in_sentences_sees_only_misses(capsys):
    tell_checks([WISH], "simple")
    assert capsys.readouterr().out == ""
    tell_checks([{**WISH, "ok": False}], "simple")
    assert "MISSED wish harsh" in capsys.readouterr().out


def test_words_that_nobody_understands_are_answered_with_what_can_be_said(capsys):
    tell_what_is_missing({"unsupported": ["make it purple"]})
    assert 'say what you want to hear: "warmer"' in capsys.readouterr().out


def test_a_long_line_goes_on_below_set_in(monkeypatch, capsys):
    narrow(monkeypatch)
    say(f"  1. equalizer: {'+1.0 dB at 220 Hz; ' * 4}Q 1")
    first, *others = capsys.readouterr().out.splitlines()
    assert others and all(len(line) <= 40 for line in (first, *others))
    assert all(line.startswith("      ") for line in others)


def test_a_path_stays_in_one_piece(monkeypatch, capsys):
    narrow(monkeypatch)
    line = f"done: /music/{'my songs/' * 8}vocal.wav"
    say(line)
    assert capsys.readouterr().out == f"{line}\n"


def test_a_path_is_told_as_short_as_it_can_be_typed(tmp_path, monkeypatch):
    (tmp_path / "mixes").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path / "mixes")
    assert shown_path(str(tmp_path / "mixes" / "vocal.wav")) == "vocal.wav"
    assert shown_path(str(tmp_path / "stems" / "vocal.wav")) == str(Path("~", "stems", "vocal.wav"))
    assert shown_path(str(tmp_path.parent / "vocal.wav")) == str(tmp_path.parent / "vocal.wav")


def test_the_table_of_several_stems_says_whose_figures_it_shows(capsys):
    def at(lufs: float) -> dict:
        return {"integrated_loudness": {"value": lufs, "unit": "LUFS"}}

    drums = {"output": "out/Drums-bridge.wav", "before": at(-20.0), "after": at(-22.0)}
    stems = {"Bass": {"output": None, "before": at(-18.0), "after": None}, "Drums": drums}
    result = {"status": "done", "stems": stems, **drums}
    tell_result(result)
    assert "Drums:" in capsys.readouterr().out.splitlines()
    turn = {"outcome": "plan", "plan": {"request": "drums down", "steps": []}, **result}
    tell_turn(turn)
    assert "  Drums: loudness -20.0 -> -22.0 LUFS" in capsys.readouterr().out.splitlines()
    tell_result({"status": "done", **drums})
    assert "Drums:" not in capsys.readouterr().out.splitlines()
