"""A picture says what the analysis says, at the place where it says it."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import Analysis, Target, analyze
from bridge.analysis.reading import Reading
from bridge.analysis.target import Span
from bridge.audio import Audio
from bridge.reports import draw
from bridge.reports.lanes import KINDS, Lane, lanes
from bridge.reports.sheet import LEFT_IN
from tests.reports.svg import SPOTIFY, Picture, along, number, svg
from tests.signals import silence, sine, white

SLOW = ("tempo", "key")


def times(picture: Picture) -> list[tuple[float, float]]:
    """(seconds, x) of the labels below the lowest panel along time."""
    rows: dict[float, list[tuple[float, float]]] = {}
    for label in picture.labels:
        value = number(label.text)
        if value is not None:
            rows.setdefault(round(label.y, 1), []).append((value, label.x))
    return max(rows.values(), key=len)


def levels(picture: Picture, first: str, last: str) -> list[tuple[float, float]]:
    """(LUFS, y) of the labels left of the loudness panel, between the headings of two panels. A label's baseline lies
    the same distance below its tick everywhere, so only differences of y are used."""
    top, bottom = (next(label.y for label in picture.labels if label.text == name) for name in (first, last))
    inside = [label for label in picture.labels if top < label.y < bottom and label.x < 72 * LEFT_IN]
    return [(value, label.y) for label in inside if (value := number(label.text)) is not None]


def test_a_dropout_is_marked_above_its_time_on_the_axis(broken: Analysis) -> None:
    picture = svg(broken)
    found = sorted(x for x, _ in picture.marks("defects-dropouts"))
    # Places are known to the segment of 10 ms, which is 1 point of 600 for 6 s.
    assert found == pytest.approx([along(times(picture), at) for at in (2.5, 4.25)], abs=1.5)


def test_kinds_of_defects_have_lanes_of_their_own_with_name_and_count(broken: Analysis) -> None:
    curves = {**broken.curves, "defects": {"clicks_s": [1.0], "dropouts_s": [2.5, 4.25], "clipped_s": []}}
    picture = svg(Analysis(broken.readings, broken.rate, broken.channels, broken.frames, curves))
    (click,), drops = picture.marks("defects-clicks"), picture.marks("defects-dropouts")
    assert len(drops) == 2 and {y for _, y in drops}.isdisjoint({click[1]})
    assert {"clicks", "dropouts", "1×", "2×"} <= {label.text for label in picture.labels}
    assert "clipped" not in picture.text


def test_more_kinds_of_defects_than_lanes_share_the_last_one(broken: Analysis) -> None:
    many = {f"kind_{index:02d}_s": [index / 4] for index in range(12)}
    curves = {**broken.curves, "defects": many}
    picture = svg(Analysis(broken.readings, broken.rate, broken.channels, broken.frames, curves))
    assert len(picture.marks("defects-others")) == 5
    assert picture.marks("defects-kind-06") and not picture.has("defects-kind-07")


def test_target_and_integrated_lines_lie_at_their_loudness(broken: Analysis) -> None:
    picture = svg(broken, target=SPOTIFY)
    labelled = levels(picture, "Loudness", "Correlation")
    lines = {name: picture.height(f"target-{name}") for name in ("low", "high")}
    lines["integrated"] = picture.height("integrated-integrated")
    value = broken.number("integrated_loudness")
    assert value is not None
    points_a_lu = along(labelled, -15.0) - along(labelled, -14.0)
    assert lines["low"] - lines["high"] == pytest.approx(2.0 * points_a_lu, abs=0.05)
    assert lines["integrated"] - lines["high"] == pytest.approx((-13.0 - value) * points_a_lu, abs=0.05)
    # The labels' own ticks: the baseline of 8 pt figures lies about 3 points below the middle they are set to.
    assert lines["low"] == pytest.approx(along(labelled, -15.0) - 3.0, abs=1.0)


def test_the_head_tells_readings_and_whether_the_target_holds(broken: Analysis) -> None:
    picture = svg(broken, target=SPOTIFY)
    value = broken.number("integrated_loudness")
    assert (
        value is not None and -16.0 < value < -14.9
    )  # the sound itself: just too quiet for the target or in it
    figure = f"−{abs(value):.1f}"
    mark = "✔" if -15.05 < value < -12.95 else "✘"  # what reads −15.0 meets −15
    texts = {label.text for label in picture.labels}
    assert {figure, f"{mark} −15 to −13"} <= texts


def test_findings_stand_at_the_foot_with_their_remedy(broken: Analysis) -> None:
    assert "The sound drops out in 2 places" in svg(broken).text
    quiet = analyze(sine(1000.0, -30.0, 4.0), without=SLOW)
    assert 'Ask for: "-14 LUFS' in svg(quiet, target=SPOTIFY).text


def test_a_reference_brings_its_spectrum_and_its_loudness(broken: Analysis) -> None:
    reference = analyze(white(-20.0, 4.0), without=SLOW)
    picture = svg(broken, reference=reference, reference_title="hit.wav")
    assert "hit.wav ±3 dB" in picture.text
    labelled = levels(picture, "Loudness", "Correlation")
    own, other = broken.number("integrated_loudness"), reference.number("integrated_loudness")
    assert own is not None and other is not None
    apart = picture.height("integrated-reference") - picture.height("integrated-integrated")
    assert apart == pytest.approx(along(labelled, other) - along(labelled, own), abs=0.05)


def test_a_resonance_is_marked_at_its_frequency(broken: Analysis) -> None:
    curves = {**broken.curves, "resonances": [{"frequency_hz": 316.2, "q": 8.0, "level_db": 7.0}]}
    picture = svg(Analysis(broken.readings, broken.rate, broken.channels, broken.frames, curves))
    ((x, _),) = picture.marks("resonance-316")
    ends = [
        (decade, next(label.x for label in picture.labels if label.text == f))
        for decade, f in ((2, "100"), (4, "10k"))
    ]
    assert x == pytest.approx(along(ends, 2.5), abs=0.5)  # 316 Hz is half-way between 100 Hz and 1 kHz


def test_before_is_drawn_beside_and_told_in_the_head(broken: Analysis) -> None:
    softer = Analysis(analyze(sine(440.0, -20.0, 4.0), without=SLOW).readings, 48000, 2, 192000)
    picture = svg(broken, before=analyze(sine(440.0, -20.0, 4.0), without=SLOW))
    value = softer.number("integrated_loudness")
    assert value is not None
    assert f"was −{abs(value):.1f}" in picture.text and "Waveform before" in picture.text


# -- text from outside ---------------------------------------------------------------------------------------------

HOSTILE = {
    "$x^2$ & <b>bold</b> \\frac{1}{0} 100 %": "$x^2$ & <b>bold</b> \\frac{1}{0} 100 %",
    "two\nlines\tand \r\n tabs": "two lines and tabs",
    "photo\u202egpj.exe\u200f": "photogpj.exe",
    "bell\x07null\x00escape\x1b[31m": "bellnullescape[31m",
    "broken \udcff byte": "broken \ufffd byte",
    "]]></text><script>alert(1)</script>": "]]></text><script>alert(1)</script>",
    "_hidden.wav": "_hidden.wav",
    "日本語 мир שלום.wav": "日本語 мир שלום.wav",
    " \n ": "untitled",
}


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_shown_as_text_whatever_it_holds(title: str) -> None:
    picture = svg(Analysis.from_readings({"integrated_loudness": -14.0}), title=title)
    assert HOSTILE[title] in [label.text for label in picture.labels]
    assert not list(picture.root.iter("{http://www.w3.org/2000/svg}script"))


def test_a_title_of_200_characters_is_shortened_in_its_middle() -> None:
    picture = svg(Analysis.from_readings({}), title="the-first-words-" + "x" * 180 + "-mix-7.wav")
    title = max((label.text for label in picture.labels), key=len)
    assert len(title) < 90 and title.startswith("the-first-words-") and title.endswith("-mix-7.wav")


def test_names_of_target_and_reference_are_text_too(broken: Analysis) -> None:
    target = Target("x", "<i>$T$</i>", "genre", {"integrated_loudness": Span(-15.0, -13.0)}, "test", "2026")
    picture = svg(broken, target=target, reference=broken, reference_title="$R$ & <u>.wav")
    assert "held against <i>$T$</i>" in picture.text and "$R$ & <u>.wav ±3 dB" in picture.text


# -- any analysis --------------------------------------------------------------------------------------------------

NOTHING_TO_DRAW = {
    "digital silence": (silence(5.0), "No loudness: silence."),
    "no frames at all": (silence(0.0), "No waveform"),
    "one sample": (silence(1 / 48000), "No loudness: "),
    "a tenth of a second": (sine(440.0, -6.0, 0.1), "No loudness: shorter than 0.4 s."),
    "half a second": (sine(440.0, -6.0, 0.5), "Loudness"),
    "mono": (sine(440.0, -6.0, 4.0, channels=1), "Mono: no correlation."),
    "33 channels": (
        white(-20.0, 2.0, channels=33),
        "No loudness: no loudness weights are defined for 33 channels.",
    ),
    "8 kHz": (white(-20.0, 4.0, rate=8000), "Spectrum"),
    "a rate without loudness": (white(-20.0, 4.0, rate=2000), "No loudness: "),
    "far over full scale": (sine(440.0, 40.0, 4.0), "Findings"),
    "hardly anything": (sine(440.0, -110.0, 4.0), "Findings"),
    "not a number": (Audio(np.full((2, 96000), np.nan, np.float32), 48000), "not finite"),
}


@pytest.mark.parametrize("kind", NOTHING_TO_DRAW)
def test_what_cannot_be_drawn_is_said_in_its_place(kind: str) -> None:
    audio, sentence = NOTHING_TO_DRAW[kind]
    analysis = analyze(audio, without=SLOW)
    assert sentence in svg(analysis, target=SPOTIFY, reference=analysis, before=analysis).text


def test_the_same_holds_for_a_png() -> None:
    for audio in (silence(5.0), sine(440.0, -6.0, 0.1, channels=1)):
        analysis = analyze(audio, without=SLOW)
        assert draw(analysis, "png", title="".join(HOSTILE), before=analysis).startswith(b"\x89PNG")


def test_an_analysis_of_readings_alone_has_a_picture() -> None:
    picture = svg(Analysis.from_readings({"integrated_loudness": -9.2, "tempo": None}))
    assert "−9.2" in picture.text and "not given" in picture.text


def test_curves_of_an_older_analysis_without_the_newer_ones_are_drawn(broken: Analysis) -> None:
    """An analysis.json that was kept has the curves of its day."""
    loudness = {key: value for key, value in broken.curves["loudness"].items() if key != "gate_lufs"}
    waveform = {key: value for key, value in broken.curves["waveform"].items() if not key.startswith("rms")}
    old = Analysis(
        broken.readings,
        broken.rate,
        broken.channels,
        broken.frames,
        {"loudness": loudness, "waveform": waveform},
    )
    assert "peaks, dBFS" in svg(old).text


def test_a_kind_of_defect_has_one_colour_and_shape_in_every_picture(broken: Analysis) -> None:
    """With other kinds above it, and alone."""
    styles = set()
    for kinds in ({"dropouts_s": [2.5]}, {"clipped_s": [1.0], "clicks_s": [1.0], "dropouts_s": [2.5]}):
        changed = Analysis(broken.readings, 48000, 2, broken.frames, {**broken.curves, "defects": kinds})
        lane = next(one for one in lanes(changed, ()) if one.name == "dropouts")
        styles.add((lane.style, lane.marker))
    assert len(styles) == 1
    assert len({(one % 6, Lane(name, (1.0,), 1).marker) for one, name in enumerate(KINDS)}) == len(KINDS)


def test_hum_has_a_lane_along_the_whole_file(broken: Analysis) -> None:
    hum = {"hum": Reading("hum", 30.0, "dB"), "hum_frequency": Reading("hum_frequency", 50.0, "Hz")}
    picture = svg(Analysis({**broken.readings, **hum}, 48000, 2, broken.frames, broken.curves))
    assert picture.has("defects-hum") and "all along" in {label.text for label in picture.labels}


def test_a_doubtful_key_is_a_question_in_the_head(broken: Analysis) -> None:
    said = {
        sure: svg(
            Analysis(
                {
                    **broken.readings,
                    "key": Reading("key", "Bb major", ""),
                    "key_confidence": Reading("key_confidence", sure, ""),
                },
                48000,
                2,
                broken.frames,
                broken.curves,
            )
        ).text
        for sure in (0.2, 0.8)
    }
    assert "not sure: Bb major?" in said[0.2] and "not sure" not in said[0.8]


def test_the_highest_short_term_loudness_is_marked_with_its_value(broken: Analysis) -> None:
    picture = svg(broken)
    value = broken.number("short_term_max")
    assert value is not None and picture.has("short-term-max")
    assert f"max −{abs(value):.1f}" in {label.text for label in picture.labels}
