"""Whatever the steps do to a sound at full scale, no integer file is delivered clipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.audio import Audio
from bridge.effects import BY_NAME, EFFECTS
from bridge.jobs.run import Ports, run_job
from bridge.jobs.spec import JobSpec, Planned, Rendered
from bridge.planning.intent import Intent
from bridge.planning.plan import Plan, Step
from tests import signals

RECORDINGS = Path(__file__).parents[2] / "docs" / "recordings"
CEILING = 10 ** (-0.3 / 20)


def hot(home: Path, audio: Audio, subtype: str = "PCM_16") -> Path:
    """The loudest sample is full scale exactly, so that nothing is over before a step works."""
    path = home / "inbox" / "hot.wav"
    soundfile.write(path, (audio.samples / np.abs(audio.samples).max()).T, audio.rate, subtype=subtype)
    return path


def made(home: Path, wired: Ports, path: Path, plan: Plan) -> tuple[Rendered, np.ndarray]:
    base = {"job": "j", "attempt": 1, "path": str(path)}
    planned = run_job(JobSpec(**base, phase="plan", plan=plan), wired)
    assert isinstance(planned, Planned) and planned.outcome.plan is not None
    spec = JobSpec(
        **base, phase="render", plan=planned.outcome.plan, source=planned.source, before=planned.before,
        name=planned.name, output=str(home / "outbox" / "out.tmp"),
    )  # fmt: skip
    rendered = run_job(spec, wired)
    assert isinstance(rendered, Rendered)
    return rendered, soundfile.read(rendered.output, always_2d=True)[0]


def steps(*effects: tuple[str, dict[str, object]]) -> tuple[Step, ...]:
    return tuple(
        Step(id=f"s{number}", effect=name, parameters=BY_NAME[name].model_validate(values).parameters())
        for number, (name, values) in enumerate(effects, 1)
    )


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
def test_what_passes_full_scale_is_rendered_again_under_a_ceiling_and_said(
    home: Path, wired: Ports, subtype: str
) -> None:
    path = hot(home, signals.music_like(4.0), subtype)
    rendered, samples = made(home, wired, path, Plan(steps=steps(("gain", {"gain_db": 3.0}))))
    assert 0.9 * CEILING < np.abs(samples).max() <= CEILING
    assert rendered.plan is not None
    assert [step.effect for step in rendered.plan.steps] == ["gain", "limiter"]
    assert "over full scale" in rendered.warnings[0] and "limiter" in rendered.warnings[0]
    assert not any("clipped" in warning for warning in rendered.warnings)
    again, same = made(home, wired, path, rendered.plan)
    assert again.plan is None and np.array_equal(samples, same)


def test_a_sound_that_stays_under_full_scale_gets_no_ceiling(home: Path, wired: Ports) -> None:
    path = hot(home, signals.music_like(3.0))
    rendered, samples = made(home, wired, path, Plan(steps=steps(("gain", {"gain_db": -0.5}))))
    assert rendered.plan is None and np.abs(samples).max() == pytest.approx(10 ** (-0.5 / 20), abs=1e-3)


def test_words_that_forbid_a_limiter_are_kept_and_the_clipping_is_said(home: Path, wired: Ports) -> None:
    path = hot(home, signals.music_like(3.0))
    forbidden = (Intent(operation="keep", subject="effect:limiter", amount=1.0),)
    plan = Plan(steps=steps(("gain", {"gain_db": 3.0})), intents=forbidden)
    rendered, samples = made(home, wired, path, plan)
    assert rendered.plan is None and np.abs(samples).max() >= 1 - 2**-15
    assert any("clipped" in warning for warning in rendered.warnings)


def test_a_float_file_holds_what_passes_full_scale(home: Path, wired: Ports) -> None:
    path = hot(home, signals.music_like(3.0), "FLOAT")
    rendered, samples = made(home, wired, path, Plan(steps=steps(("gain", {"gain_db": 3.0}))))
    assert rendered.plan is None and np.abs(samples).max() == pytest.approx(10 ** (3 / 20), abs=1e-3)


def _defaults() -> list[str]:
    """Effects that say something with their default settings, without a file or a plugin of the user's."""
    names = []
    for kind in EFFECTS:
        try:
            kind()
        except ValueError:
            continue
        names.append(kind.name)
    return [name for name in names if name not in ("convolution_reverb", "hosted_plugin")]


@pytest.mark.slow
@pytest.mark.parametrize("name", _defaults())
@pytest.mark.parametrize(
    "recording", sorted(RECORDINGS.glob("*.flac"))[:1] or [None], ids=lambda path: path and path.stem
)
def test_no_effect_clips_a_recording_at_full_scale(
    home: Path, wired: Ports, name: str, recording: Path | None
) -> None:
    if recording is None:
        audio = signals.music_like(6.0)
    else:
        sound, rate = soundfile.read(recording, always_2d=True, dtype="float32")
        audio = Audio(np.ascontiguousarray(sound[: 6 * rate].T), rate)
    path = hot(home, audio)
    rendered, samples = made(home, wired, path, Plan(steps=steps((name, {}))))
    assert not any("clipped" in warning for warning in rendered.warnings), rendered.warnings
    source = soundfile.read(path, always_2d=True)[0]
    if rendered.plan is None:  # then nothing passed full scale: no more samples lie there than in the source
        assert (
            np.count_nonzero(np.abs(samples) >= 1 - 2**-15)
            <= np.count_nonzero(np.abs(source) >= 1 - 2**-15) + 2
        )
    else:
        assert np.abs(samples).max() <= CEILING + 2**-15
