"""The sheet: its size, its bytes, its colours, and room for every text."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bridge.analysis import Analysis, analyze
from bridge.audio import Audio
from bridge.reports import draw
from bridge.reports.theme import DARK, LIGHT, Theme
from tests.reports.svg import SPOTIFY, svg
from tests.signals import silence, white

SLOW = ("tempo", "key")


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
