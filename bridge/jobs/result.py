"""result.json: the contract's fields, made of the ledger's row and documents; the ledger decides, this only tells."""

from __future__ import annotations

import logging
import platform
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bridge.jobs.job import Job
from bridge.planning.place import MIX

log = logging.getLogger(__name__)

SCHEMA = 1
RESULT_NAME = "result.json"

_LIBRARIES = ("numpy", "scipy", "soundfile", "pedalboard")


def result_of(
    job: Job, planned: dict[str, Any] | None, rendered: dict[str, Any] | None, folder: Path
) -> dict[str, Any]:
    """The content of result.json. planned, rendered: the ledger's documents, as far as the job got."""
    delivered = rendered if job.state == "done" and rendered else None
    stems = (
        _stems(planned["parts"], (delivered or {}).get("parts", {}), folder)
        if planned and planned.get("parts")
        else {}
    )
    album = planned.get("album") if planned else None
    main = _main(stems)
    compared = _compared(planned["sides"], delivered, folder) if planned and planned.get("sides") else None
    alone = str(folder / planned["name"]) if planned and delivered else None
    outcome = planned["outcome"] if planned else {}
    plan = (delivered or {}).get("plan") or outcome.get("plan")
    checks = delivered["checks"] if delivered else []
    return {
        "schema": SCHEMA,
        "job": job.id,
        "status": job.state,
        "ok": job.state == "done" and all(check["ok"] for check in checks),
        "reason": job.reason,
        "request": job.request,
        "source": planned["source"] if planned else _unread(job),
        "output": stems[main]["output"] if main else alone,
        "offset_s": delivered.get("offset_s", 0.0) if delivered else None,
        "outcome": outcome.get("kind"),
        "question": outcome.get("question"),
        "choices": outcome.get("choices", []),
        "answer": outcome.get("answer"),
        "unsupported": list(outcome.get("unsupported", ())),
        "plan": plan,
        "explanation": _explained(plan, checks, (delivered or {}).get("unproven", ())),
        "planner": outcome.get("planner") or (plan["planner"] if plan else None),
        "before": stems[main]["before"] if main else planned["before"] if planned else None,
        "after": delivered["after"] if delivered else None,
        "checks": checks,
        "replaced": delivered.get("replaced", []) if delivered else [],
        "unproven": delivered.get("unproven", []) if delivered else [],
        "refined": delivered.get("refined") if delivered else None,
        **({"songs" if album else "stems": stems} if stems else {}),
        **({"album": album} if album else {}),
        **({"compare": compared} if compared else {}),
        "bit_exact": delivered.get("bit_exact") if delivered else None,
        "bit_exact_reason": delivered.get("bit_exact_reason") if delivered else None,
        "reductions": delivered.get("reductions", {}) if delivered else {},
        "warnings": [
            *(planned["warnings"] if planned else ()),
            *(delivered["warnings"] if delivered else ()),
        ],
        "seconds": round(job.seconds, 3),
        "versions": versions(),
    }


def _explained(
    plan: dict[str, Any] | None, checks: Sequence[dict[str, Any]], unproven: Sequence[str]
) -> dict[str, list[str]] | None:
    """The plan and what came of it in sentences, for each reader. A sound that is done is delivered, whether or not
    anybody can say what was done to it."""
    if plan is None:
        return None
    from bridge.planning.plan import Plan
    from bridge.reports.explanation import explanations

    try:
        found = explanations(Plan.model_validate(plan), checks, unproven)
    except Exception:
        log.exception("A plan cannot be explained.")
        return None
    return {str(reader): lines for reader, lines in found.items()}


def _stems(parts: dict[str, Any], rendered: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Each stem, and their "mix", or each song of an album, with where its result lies: null where no step touched it.
    The result of a stem starts `start_s + offset_s` into the song."""
    return {
        name: {
            "source": part["source"],
            "start_s": part["start_s"],
            "output": str(folder / part["name"]) if name in rendered else None,
            "offset_s": rendered[name].get("offset_s", 0.0) if name in rendered else None,
            "before": part["before"],
            "after": rendered[name]["after"] if name in rendered else None,
            "reductions": rendered[name].get("reductions", {}) if name in rendered else {},
        }
        for name, part in parts.items()
    }


def _compared(sides: dict[str, Any], delivered: dict[str, Any] | None, folder: Path) -> dict[str, Any]:
    """Both sides of a comparison: where they lie, how loud they are [LUFS], and how much each was turned down [dB]."""
    parts = delivered["parts"] if delivered else {}
    down_db = delivered["turned_down_db"] if delivered else {}
    return {
        label: {
            "version": side["version"],
            "title": side["title"],
            "output": str(folder / side["name"]) if label in parts else None,
            "integrated_loudness": parts[label]["after"]["integrated_loudness"]["value"]
            if label in parts
            else None,
            "turned_down_db": down_db.get(label),
        }
        for label, side in sides.items()
    }


def _main(stems: dict[str, Any]) -> str | None:
    """Which part stands for all: the mix where it was rendered, else the first stem that was."""
    order = [name for name in stems if name == MIX] + [name for name in stems if name != MIX]
    return next((name for name in order if stems[name]["output"]), None)


def _unread(job: Job) -> dict[str, Any]:
    return {
        "path": job.path, "sha256": job.sha256, "rate": None, "channels": None, "frames": None, "format": None,
    }  # fmt: skip


@cache
def versions() -> dict[str, str]:
    """Of dawbridge, Python and the libraries that make the sound."""
    from bridge import __version__

    return {"dawbridge": __version__, "python": platform.python_version(), **_of_libraries()}


def _of_libraries() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
