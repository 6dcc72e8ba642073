"""The example pictures of the documentation: `python -m docs.pictures.make`.

The sounds are made from a seed (Debian's fluidsynth and its General MIDI sounds play them), analysed and drawn as
`dawbridge analyze --plot` and `process --plot` would.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import bridge
from bridge.analysis import Analysis, analyze
from bridge.audio import Audio
from bridge.presets import load_targets
from bridge.reports import draw
from tests.analysis.corpus.mixes import clean_mix, must_have_sources

FOLDER = Path(__file__).parent
SEED = 5
WORDS = "much warmer, -14 LUFS, ceiling -1 dBTP"


def faulty(audio: Audio) -> Audio:
    """Hum all through, 1.5 s that were clipped, two dropouts, a click, and a right channel that turns over."""
    samples = audio.samples.copy()
    rate, t = audio.rate, np.arange(audio.frames) / audio.rate
    for number, level_db in ((1, -30), (2, -34), (3, -36), (4, -46), (5, -46)):
        samples += (10 ** (level_db / 20) * np.sin(2 * np.pi * 50 * number * t)).astype(np.float32)
    hot = slice(round(4.0 * rate), round(5.5 * rate))
    ceiling = 1.2 * float(np.abs(samples).max())
    samples[:, hot] = np.clip(samples[:, hot] * 4.0, -ceiling, ceiling)
    for at in (2.5, 7.1):
        samples[:, round(at * rate) :][:, : rate // 20] = 0.0
    samples[:, round(6.3 * rate)] = -0.9 * ceiling
    samples[1, round(12.0 * rate) :] *= -1.0
    fade = np.clip(np.minimum(t, t[::-1]) / 0.2, 0.0, 1.0)
    return Audio((samples * fade).astype(np.float32), rate)


def pictures() -> dict[str, bytes]:
    """File name -> SVG that follows the viewer's light or dark mode."""
    targets = load_targets()
    mix, other = (clean_mix(SEED, number)[1] for number in (0, 2))
    render = bridge.render(mix, bridge.plan(WORDS, analyze(mix)).plan)
    clean, reference = analyze(mix), analyze(other)
    alike = bridge.plan("match the reference", clean, references={"record.wav": reference}).plan
    matched = bridge.render(mix, alike)
    beside = {"reference": reference, "reference_title": "record.wav", "before": matched.before}
    return {
        "mix.svg": _svg(clean, "mix.wav", target=targets["spotify"]),
        "faulty.svg": _svg(analyze(faulty(mix)), "take 3.wav"),
        "reference.svg": _svg(clean, "mix.wav", reference=reference, reference_title="reference.wav"),
        "before-after.svg": _svg(render.after, "mix-bridge.wav", before=render.before),
        "matched.svg": _svg(matched.after, "mix-bridge.wav", **beside),
    }


def _svg(analysis: Analysis, title: str, **more: object) -> bytes:
    return draw(analysis, "svg", title=title, **more)  # type: ignore[arg-type]


def main() -> None:
    must_have_sources()
    for name, data in pictures().items():
        (FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data) / 1000:.0f} kB")  # noqa: T201


if __name__ == "__main__":
    main()
