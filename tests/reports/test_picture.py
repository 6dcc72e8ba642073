"""A picture says what the analysis says, at the place where it says it."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bridge.analysis import Analysis, Target, analyze
from bridge.analysis.target import Span
from bridge.audio import Audio
from bridge.reports import draw
from bridge.reports.theme import DARK, LIGHT, Theme
from tests.reports.svg import Picture, along, number
from tests.signals import music_like, silence, sine, white

SLOW = ("tempo", "key")
SPOTIFY = Target(
    "spotify", "Spotify", "platform", {"integrated_loudness": Span(-15.0, -13.0, -14.0)}, "test", "2026"
)


@pytest.fixture(scope="module")
def broken() -> Analysis:
    """Six seconds that drop out for 50 ms at 2.5 s and again at 4.25 s."""
    audio = music_like(6.0)
    samples = audio.samples.copy()
    for at in (2.5, 4.25):
        samples[:, round(at * 48000) :][:, :2400] = 0.0
    return analyze(Audio(samples, audio.rate), without=SLOW)


def svg(analysis: Analysis, **more: object) -> Picture:
    return Picture(draw(analysis, "svg", **{"title": "take.wav", "theme": "light", **more}))  # type: ignore[arg-type]


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
    inside = [label for label in picture.labels if top < label.y < bottom and label.x < 60]
    return [(value, label.y) for label in inside if (value := number(label.text)) is not None]


def test_a_dropout_is_marked_above_its_time_on_the_axis(broken: Analysis) -> None:
    picture = svg(broken)
    found = sorted(x for x, _ in picture.marks("defects-dropouts"))
    # Places are known to the segment of 10 ms, which is 1 point of 616 for 6 s.
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
    mark = "✔" if -15.0 <= value <= -13.0 else "✘"
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


# -- the sheet -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_png_is_1600_pixels_wide_on_the_themes_paper(broken: Analysis, theme: str) -> None:
    from io import BytesIO

    from PIL import Image

    data = draw(broken, "png", title="a", theme=theme)  # type: ignore[arg-type]
    width, height = struct.unpack(">II", data[16:24])
    assert width == 1600 and 1200 < height < 2600
    image = Image.open(BytesIO(data)).convert("RGB")
    paper = {"light": LIGHT, "dark": DARK}[theme].paper
    assert image.getpixel((2, 2)) == tuple(bytes.fromhex(paper[1:]))


CROWDED = {
    "alone": {},
    "reference": {
        "target": SPOTIFY,
        "reference": "self",
        "reference_title": "a reference with a long name.wav",
    },
    "33 channels": {"analysis": white(-20.0, 1.0, channels=33)},
    "silence": {"analysis": silence(1.0, channels=1)},
    "before": {"target": SPOTIFY, "before": "self", "reference": "self", "title": "long " * 40},
}


@pytest.mark.parametrize("case", CROWDED)
def test_no_text_covers_another_or_leaves_the_sheet(
    broken: Analysis, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Widths are those of the PNG; in an SVG they depend on the fonts of the viewer."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    from bridge.reports.sheet import Sheet

    boxes: dict[str, object] = {}

    def measured(sheet: Sheet) -> bytes:
        canvas = FigureCanvasAgg(sheet.figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        for index, text in enumerate(sheet.figure.findobj(Text)):
            if text.get_text().strip() and text.get_visible():
                boxes[f"{index} {text.get_text()}"] = text.get_window_extent(renderer).padded(-1.5)
        boxes["sheet"] = sheet.figure.bbox
        return b""

    monkeypatch.setattr(Sheet, "png", measured)
    more = {name: broken if value == "self" else value for name, value in CROWDED[case].items()}
    audio = more.pop("analysis", None)
    analysis = analyze(audio, without=SLOW) if isinstance(audio, Audio) else broken
    draw(analysis, "png", **{"title": "take.wav", **more})  # type: ignore[arg-type]
    sheet = boxes.pop("sheet")
    assert len(boxes) > 20
    for one, box in boxes.items():
        assert sheet.x0 <= box.x0 and box.x1 <= sheet.x1 and sheet.y0 <= box.y0 and box.y1 <= sheet.y1, one  # type: ignore[attr-defined]
        covered = [other for other, another in boxes.items() if other != one and box.overlaps(another)]  # type: ignore[attr-defined]
        assert not covered, f"{one} covers {covered}"


def test_the_same_analysis_gives_the_same_bytes_in_another_process(broken: Analysis) -> None:
    import json

    program = (
        "import json, sys, hashlib; from bridge.analysis import Analysis; from bridge.reports import draw;"
        "a = Analysis.from_json(json.load(sys.stdin));"
        "print(*(hashlib.sha256(draw(a, f, title='t')).hexdigest() for f in ('png', 'svg')))"
    )
    import hashlib

    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(broken.to_json()),
        capture_output=True,
        text=True,
        check=True,
    )
    here = [hashlib.sha256(draw(broken, form, title="t")).hexdigest() for form in ("png", "svg")]
    assert done.stdout.split() == here


def test_pictures_drawn_at_once_do_not_disturb_each_other(broken: Analysis) -> None:
    titles = ["a", "b"]
    alone = [draw(broken, "svg", title=title) for title in titles]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda title: draw(broken, "svg", title=title), titles)) == alone


def test_matplotlibs_settings_are_put_back(broken: Analysis) -> None:
    import matplotlib

    matplotlib.rcParams["font.size"] = 31.0
    try:
        first = draw(broken, "svg", title="a")
        assert matplotlib.rcParams["font.size"] == 31.0
    finally:
        matplotlib.rcParams["font.size"] = 10.0
    assert first == draw(broken, "svg", title="a")


# -- colours -------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1, definition)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_a_contrast_of_4_5_and_marks_of_3(theme: Theme) -> None:
    assert min(contrast(theme.paper, colour) for colour in (theme.ink, theme.muted)) >= 4.5
    marks = (theme.line, theme.body, theme.reference, theme.target, theme.danger, *theme.kinds)
    assert min(contrast(theme.paper, colour) for colour in marks) >= 3.0


def test_text_is_drawn_in_ink_and_muted_only(broken: Analysis) -> None:
    picture = svg(broken, target=SPOTIFY, reference=broken, before=broken)
    signs = set("▲●○")
    for node in picture.root.iter("{http://www.w3.org/2000/svg}text"):
        found = re.search(r"fill: (#\w{6})", node.get("style", ""))
        if not signs.intersection("".join(node.itertext())):
            assert found is not None and found[1] in (LIGHT.ink, LIGHT.muted), "".join(node.itertext())


def test_dark_is_light_with_every_colour_exchanged(broken: Analysis) -> None:
    light, dark = (draw(broken, "svg", title="a", theme=name).decode() for name in ("light", "dark"))
    exchange = dict(LIGHT.pairs(DARK))
    assert len(exchange) == len(LIGHT.pairs(DARK)), (
        "two parts share a colour, so one cannot be exchanged alone"
    )
    assert light != dark
    exchanged = re.sub(r"(?<=: )#\w{6}", lambda colour: exchange[colour[0]], light)
    assert without_ids(exchanged) == without_ids(dark)


def without_ids(source: str) -> str:
    """Markers are named by a hash of how they look, their colour included."""
    return re.sub(r'(?<=[#"])m[0-9a-f]{10}', "marker", source)


def test_auto_is_the_light_picture_with_a_rule_for_every_colour(broken: Analysis) -> None:
    light, auto = (draw(broken, "svg", title="a", theme=name).decode() for name in ("light", "auto"))
    sheet = re.search(r"<style>@media \(prefers-color-scheme: dark\).*?</style>", auto)
    assert sheet is not None and auto.replace(sheet[0], "", 1).split() == light.split()
    for colour in set(re.findall(r"(?:fill|stroke): #\w{6}", light)):
        assert f'[style*="{colour}"]' in sheet[0]
