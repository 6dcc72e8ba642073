"""The sheet that panels are drawn on: places in inches from the top, and the sheet as bytes.

matplotlib is used through its objects only. Its settings are read from one process-wide dictionary all the same, so a
sheet is begun and finished inside `drawing()`, which gives it ours, whatever the user's matplotlibrc says, and puts
them back; one picture at a time.
"""

from __future__ import annotations

import io
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from bridge.reports.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

PictureFormat = Literal["png", "svg"]

WIDTH_IN = 10.0
DPI = 160
"""1600 pixels wide; type of 9 pt is 20 pixels then, and still 10 at half the size."""

LEFT_IN = 0.95
RIGHT_IN = 0.72
BODY_PT = 9.0
SMALL_PT = 8.0

_ONE_AT_A_TIME = threading.Lock()

_RC: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],  # ships with matplotlib, so that a picture is the same everywhere
    "font.size": BODY_PT,
    "text.parse_math": False,  # a dollar in a file name is a dollar
    "svg.fonttype": "none",  # text stays text: small, searchable, read out
    "svg.hashsalt": "dawbridge",  # ids that do not change from run to run
    "axes.unicode_minus": True,
    "path.simplify": True,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Our settings while one picture is made; glyphs that the font lacks are drawn as boxes, without a warning."""
    import matplotlib
    from matplotlib import rc_context

    with _ONE_AT_A_TIME, rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        settings: Any = matplotlib.rcParams
        settings.update(matplotlib.rcParamsDefault)
        settings.update(_RC)
        yield


class Sheet:
    """A sheet of fixed width whose height grows with what is put on it, then drawn at once."""

    def __init__(self, height_in: float, theme: Theme) -> None:
        from matplotlib.figure import Figure

        self.theme = theme
        self.height_in = height_in
        self.figure: Figure = Figure((WIDTH_IN, height_in), DPI, facecolor=theme.paper, edgecolor=theme.paper)

    def axes(
        self, top_in: float, height_in: float, left_in: float = LEFT_IN, right_in: float = RIGHT_IN
    ) -> Axes:
        """A panel `top_in` below the upper edge, between two margins."""
        width = (WIDTH_IN - left_in - right_in) / WIDTH_IN
        bottom = 1.0 - (top_in + height_in) / self.height_in
        made = self.figure.add_axes((left_in / WIDTH_IN, bottom, width, height_in / self.height_in))
        return self._dressed(made)

    def _dressed(self, axes: Axes) -> Axes:
        theme = self.theme
        axes.set_facecolor(theme.paper)
        axes.tick_params(colors=theme.edge, labelcolor=theme.muted, labelsize=SMALL_PT, length=3, width=0.8)
        axes.grid(True, color=theme.grid, linewidth=0.8)
        axes.set_axisbelow(True)
        for spine in axes.spines.values():
            spine.set(color=theme.edge, linewidth=0.8)
        return axes

    def text(self, x_in: float, top_in: float, text: str, **style: Any) -> Text:
        """Text whose baseline or other `va` lies `top_in` below the upper edge."""
        style = {"color": self.theme.ink, "fontsize": BODY_PT, "va": "baseline", **style}
        return self.figure.text(x_in / WIDTH_IN, 1.0 - top_in / self.height_in, text, **style)

    def width_in(self, text: Text) -> float:
        """How wide a text is drawn, in inches."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas: Any = FigureCanvasAgg(self.figure)
        renderer = canvas.get_renderer()
        return float(text.get_window_extent(renderer).width / DPI)

    def fit(self, text: Text, within_in: float, shorten: Callable[[str, int], str]) -> None:
        """Shortens a text until it is at most so wide. shorten(whole, characters) gives the shorter text."""
        whole = text.get_text()
        most = len(whole)
        while most > 3 and (width_in := self.width_in(text)) > within_in:
            most = min(most - 1, int(most * within_in / width_in))
            text.set_text(shorten(whole, most))

    def png(self) -> bytes:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        out = io.BytesIO()
        canvas: Any = FigureCanvasAgg(self.figure)
        canvas.print_png(out, metadata={"Software": None})
        return out.getvalue()

    def svg(self, title: str) -> str:
        """title: what a screen reader says; plain text."""
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        out = io.StringIO()
        metadata = {"Date": None, "Creator": None, "Format": None, "Type": None, "Title": title}
        canvas: Any = FigureCanvasSVG(self.figure)
        canvas.print_svg(out, metadata=metadata)
        return _shortened(out.getvalue())


def _shortened(svg: str) -> str:
    """Curves to a tenth of 1/72 inch, a fifth of a pixel of the PNG: a third of the size, and nobody sees it."""
    return re.sub(r' d="[^"]{300,}"', lambda path: re.sub(r"(\.\d)\d+|(?<=L) |\s+(?=L)", r"\1", path[0]), svg)
