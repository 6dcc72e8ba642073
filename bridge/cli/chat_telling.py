"""What a conversation says: readings in one line, plans with reasons, where a version lies, both sides of an A/B."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.readings import told
from bridge.cli.results import tell_checks, tell_explained, tell_plan, tell_what_is_missing, told_stem
from bridge.cli.terminal import Report, one_line, say, shown_path
from bridge.cli.versions_kept import PREVIEW

if TYPE_CHECKING:
    from bridge.reports.explanation import Reader
    from bridge.session import Session, Turn

HELP = (
    'Say what you want: "warmer", "-14 LUFS", "a bit less reverb", "even more", "halfway back". '
    'Versions: "undo", "redo", "go back to version 2", "the version before the delay", "call this dark", '
    '"go back to dark", "versions". Listen: "compare", "compare with version 1". '
    'Ask: "what did you do?", "why?". Keep: "save", "save to PATH". Leave: "quit". '
    'The same with a slash ("/undo"): undo, redo, compare, versions, why, save PATH, help, quit.'
)
_LINE = (
    ("integrated_loudness", ""),
    ("true_peak", "true peak "),
    ("crest_factor", "crest "),
    ("side_to_mid", "width "),
)
_CHANGED = {"integrated_loudness": "loudness", "true_peak": "true peak", "crest_factor": "crest factor"}


def readings_in_a_line(named: Mapping[str, Path], report: Report) -> Iterator[str]:
    """ "vocal.wav: 0:08, 48 kHz, stereo, -20.1 LUFS, true peak -8.0 dBTP, ...", a line for each sound."""
    from bridge.analysis import SLOW_METRICS, analyze_sound
    from bridge.files import open_sound

    for path in named.values():
        report(0.0, "measuring")
        with open_sound(path) as sound:
            readings = analyze_sound(sound, without=SLOW_METRICS).readings_json()
            minutes, seconds = divmod(sound.seconds, 60)
            wide = {1: "mono", 2: "stereo"}.get(sound.channels, f"{sound.channels} channels")
            parts = [f"{minutes:.0f}:{seconds:04.1f}", f"{sound.rate / 1000:g} kHz", wide]
        parts += [f"{before}{told(readings, name)}" for name, before in _LINE if name in readings]
        yield one_line(f"{path.name}: {', '.join(parts)}")


def where_it_stands(session: Session, preview: bool) -> str:
    """The line that greets."""
    heard = " You hear the loudest 15 s; save renders all of it." if preview else ""
    if not session.turns:
        return f'Say what you want ("warmer"), then "even more", "undo", "compare"; "help" says more.{heard}'
    version, names = session.version, session.names_of(session.at)
    words = f', "{version.words}"' if version.words else ""
    called = f", called {' and '.join(names)}" if names else ""
    return one_line(f"continuing: {version.title}{words}{called} (--new starts afresh).{heard}")


def piece_of(named: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """The loudest 15 s of each sound as files in `folder`; those of an earlier time stay, so that versions do."""
    from bridge.cli.preview import cut, cut_stems, loudest
    from bridge.files import open_sound, result_format, result_name

    folder.mkdir(parents=True, exist_ok=True)
    if len(named) > 1:
        import tempfile

        return cut_stems(named, Path(tempfile.mkdtemp(dir=folder)))[0]
    (name, source), *_ = named.items()
    with open_sound(source) as sound:
        called = Path(result_name(source, result_format(sound.format)))
        path = folder / f"{called.stem}{PREVIEW}{called.suffix}"
        if not path.is_file():
            cut(sound, *loudest(sound), path)
    return {name: path}


# -- results of turns ------------------------------------------------------------------------------------------------


def without_a_job(turn: Turn, session: Mapping[str, Any]) -> dict[str, Any]:
    """A turn that needed no rendering, in the shape of result.json."""
    outcome = turn.outcome
    return {
        **plain(turn.words, outcome.answer or ""),
        "outcome": outcome.kind,
        "plan": outcome.plan.to_json() if outcome.plan else None,
        "output": turn.output,
        "session": dict(session),
    }


def plain(words: str, answer: str) -> dict[str, Any]:
    """An answer of the conversation itself, which is no turn."""
    return {
        "job": None, "status": "done", "ok": True, "reason": None, "request": words, "outcome": "answer",
        "question": None, "answer": answer, "unsupported": [], "plan": None, "output": None, "checks": [],
        "warnings": [],
    }  # fmt: skip


def saved(words: str, paths: list[Path]) -> dict[str, Any]:
    where = ", ".join(shown_path(str(path)) for path in paths)
    return {**plain(words, f"saved: {where}"), "saved": [str(path) for path in paths]}


def tell_turn(result: Mapping[str, Any], reader: Reader = "detailed") -> None:
    """For people. reader: for whom the plan is explained."""
    if result["outcome"] == "plan" and result.get("plan"):
        if reader == "detailed":
            tell_plan(result["plan"], result.get("planner"), result.get("reductions") or {})
        else:
            tell_explained(result["plan"], reader, result.get("checks") or (), result.get("unproven") or ())
        _tell_change(result)
    elif result.get("compare"):
        _tell_sides(result["compare"])
    else:
        for text in (result.get("question"), result.get("answer")):
            if text:
                say(one_line(text))
    tell_checks(result.get("checks") or (), reader if result.get("plan") else "detailed")
    if result["outcome"] == "plan" and any(check.get("faint") for check in result.get("checks") or ()):
        say('It is faint: "even more" takes it further.')
    tell_what_is_missing(result)
    if result["status"] in ("failed", "cancelled") or (result["status"] == "refused" and not _said(result)):
        say(f"{result['status']}: {one_line(str(result.get('reason') or ''))}")
    _tell_where(result)


def _said(result: Mapping[str, Any]) -> bool:
    return any(result.get(name) for name in ("question", "answer", "unsupported"))


def _tell_change(result: Mapping[str, Any]) -> None:
    before, after = result.get("before"), result.get("after")
    if not before or not after:
        return
    changes = [
        f"{title} {told(before, name, with_unit=False)} -> {told(after, name)}"
        for name, title in _CHANGED.items()
        if name in before and name in after
    ]
    whose = told_stem(result)
    say(one_line(f"  {f'{whose}: ' if whose else ''}{', '.join(changes)}"))


def _tell_sides(sides: Mapping[str, Mapping[str, Any]]) -> None:
    for label, side in sides.items():
        loudness = side["integrated_loudness"]
        loud = "no loudness" if loudness is None else f"{loudness:.2f} LUFS"
        down = side["turned_down_db"]
        turned = f", turned down {-down:.2f} dB" if down else ""
        say(one_line(f"{label.upper()}: {side['title']}, {loud}{turned}: {shown_path(side['output'] or '')}"))


def _tell_where(result: Mapping[str, Any]) -> None:
    session = result.get("session")
    if not session or "version" not in session or result["outcome"] not in ("plan", "undo", "redo"):
        return
    if result["status"] != "done":
        return
    parent = session["parent"]
    made_from = (
        f" (from {'the original' if not parent else f'version {parent}'})" if parent is not None else ""
    )
    title = f"version {session['version']}{made_from}" if session["version"] else "the original"
    say(one_line(f"{title}: {shown_path(result['output'])}" if result["output"] else title))
    for stem in (result.get("stems") or {}).values():
        if stem["output"] and stem["output"] != result["output"]:
            say(one_line(f"{'':<{len(title)}}  {shown_path(stem['output'])}"))
