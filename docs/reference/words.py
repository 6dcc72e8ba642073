"""What can be said, from the lexicon; `cog` puts it into docs/what-you-can-say.md (`make docs`).

One section a language: the words of taste by subject, regions of the spectrum, effects, degrees and sentences to try.
What they do in dB and Hz is the same in every language and stands once, with the English words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bridge.effects import BY_NAME
from bridge.effects.equalizer import Band, hertz
from bridge.planning.lexicon import Lexicon
from bridge.planning.meanings import Area, Descriptor, Move

_ENGLISH = "en"
_EXAMPLES = Path(__file__).with_name("sentences.toml")
_SUBJECTS = {
    "bottom": "The bottom: up to 150 Hz",
    "low_mids": "Low mids: 150 to 500 Hz",
    "mids": "Mids: 500 Hz to 2 kHz",
    "high_mids": "Upper mids: 2 to 5 kHz",
    "top": "The top: from 5 kHz",
    "balance": "One end of the spectrum against the other",
    "dynamics": "Dynamics: hits, density, ring",
    "space": "Space and width",
    "colour": "Colour: drive and narrow bands",
}
_EDGES_HZ = ((150.0, "bottom"), (500.0, "low_mids"), (2000.0, "mids"), (5000.0, "high_mids"))
_MOST_WORDS = 6


def page() -> str:
    """All languages, English first."""
    from bridge.presets import languages, load_lexicon

    rest = [name for name in languages() if name != _ENGLISH]
    return "\n".join(section(load_lexicon(name)) for name in (_ENGLISH, *rest))


def section(lexicon: Lexicon) -> str:
    """One language."""
    parts = [f"## {lexicon.name}", *_sentences(lexicon), f"### {len(_said(lexicon))} words of taste"]
    for subject, title in _SUBJECTS.items():
        rows = [_row(lexicon, each) for each in _said(lexicon) if subject_of(each) == subject]
        if rows:
            parts += [f"**{title}**", _table(_columns(lexicon), rows)]
    parts += [
        "### Regions",
        _table(("say", "is"), [(_listed(a.words), _area(a)) for a in lexicon.areas if a.words]),
    ]
    parts += ["### Effects by name", _table(("effect", "say"), list(_effects(lexicon)))]
    parts += ["### How much", _degrees(lexicon)]
    return "\n\n".join(parts) + "\n"


def subject_of(descriptor: Descriptor) -> str:
    """Under which heading a word stands, from what it moves and by what it shows."""
    effects, shows = {move.effect for move in descriptor.more}, descriptor.shows_in
    passes = any(move.kind in ("high_pass", "low_pass") for move in descriptor.more)
    if effects & {"reverb", "stereo_width"}:
        return "space"
    if shows is None or shows.figure is not None or shows.metric == "crest_factor":
        return "dynamics"
    if "saturation" in effects and (passes or _drive_db(descriptor) >= 5.0):
        return "colour"
    if shows.band_hz is None:
        return "top"  # sibilance
    if shows.against_hz is not None:
        return "balance"
    middle_hz = (shows.band_hz[0] * shows.band_hz[1]) ** 0.5
    return next((name for edge_hz, name in _EDGES_HZ if middle_hz < edge_hz), "top")


def _drive_db(descriptor: Descriptor) -> float:
    return max(move.parameters.get("drive_db", 0.0) for move in descriptor.more)


def _said(lexicon: Lexicon) -> list[Descriptor]:
    return [each for each in lexicon.descriptors if any(True for _ in each.phrases())]


def _columns(lexicon: Lexicon) -> tuple[str, ...]:
    columns = ("ask for it", "complain of it", "ask for less, or complain of its lack")
    return (
        (*columns, "plainly said, it does", "shows in") if lexicon.language == _ENGLISH else ("is", *columns)
    )


def _row(lexicon: Lexicon, each: Descriptor) -> tuple[str, ...]:
    words = (_listed(each.words), _listed(each.faults), _listed((*each.inverse, *each.inverse_faults)))
    if lexicon.language != _ENGLISH:
        return (each.name.replace("_", " "), *words)
    does = "; ".join(move_said(move) for move in each.more)
    return (*words, f"{does}. {each.explains}", _shown(each))


def _shown(each: Descriptor) -> str:
    shows = each.shows_in
    return "" if shows is None else f"{shows.title} {'↑' if shows.sign > 0 else '↓'}"


def move_said(move: Move) -> str:
    """For people: "low shelf +2.0 dB at 220 Hz, Q 0.6", "reverb, decay 1.8 s"."""
    if move.effect == "equalizer":
        return Band.model_validate({"kind": move.kind or "bell", **move.parameters}).describe()
    title = BY_NAME[move.effect].title.lower()
    quantities = BY_NAME[move.effect].quantities()
    numbers = [
        f"{name.rsplit('_', 1)[0] if unit else name} {value:g}{' ' if unit else ''}{unit}"
        for name, value in move.parameters.items()
        if value and (unit := quantities[name].unit if name in quantities else "") is not None
    ]
    return ", ".join([title, *numbers])


def _area(area: Area) -> str:
    kind = {"bell": "a bell at", "low_shelf": "a shelf below", "high_shelf": "a shelf above"}[area.kind]
    return f"{kind} {hertz(area.frequency_hz)}"


def _effects(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    for name, effect in BY_NAME.items():
        own = effect.words if lexicon.language == _ENGLISH else ()
        words = tuple(dict.fromkeys((*own, *lexicon.effects.get(name, ()))))
        if words:
            yield effect.title, _listed(words)


def _degrees(lexicon: Lexicon) -> str:
    by_factor: dict[float, list[str]] = {}
    for word, factor in lexicon.degrees.items():
        by_factor.setdefault(factor, []).append(word)
    rows = [(f"{factor:g}", _listed(tuple(by_factor[factor]))) for factor in sorted(by_factor)]
    return _table(("times the plain move", "say"), rows)


def _sentences(lexicon: Lexicon) -> list[str]:
    sentences = sentences_of(lexicon.language)
    return ["```text\n" + "\n".join(sentences) + "\n```"] if sentences else []


def sentences_of(language: str) -> list[str]:
    """Sentences to try; each becomes a plan."""
    found: list[str] = tomllib.loads(_EXAMPLES.read_text("utf-8")).get(language, [])
    return found


def _listed(words: tuple[str, ...]) -> str:
    said = ", ".join(f"*{word}*" for word in words[:_MOST_WORDS])
    return f"{said}, …" if len(words) > _MOST_WORDS else said


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)
