"""Conditions on the measurement: "if it's too bright, take the top down", "-14 LUFS unless it is louder already".

What the condition asks is looked up in the readings. Where it does not hold, the wish is left out, and the number says
why; where nothing was measured that could tell, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bridge.effects import BY_NAME
from bridge.planning.clauses import Clause
from bridge.planning.draft import measured
from bridge.planning.hearing.ear import Ear
from bridge.planning.meanings import Measure
from bridge.planning.tokens import Token

_TOO, _PLAIN = 0.8, 0.6
"""Where in its usual span a property is too much, and where it is there at all."""

_LOUD_LUFS, _QUIET_LUFS = -9.0, -23.0
"""Louder than most masters; quieter than speech on air."""

_ABOUT = ("descriptor", "area", "louder", "quieter", "effect", "repair")
_DOING = ("more", "less", "remove", "make", "shape", "effect", "quantity", "keep", "then")


@dataclass(frozen=True)
class _Looked:
    """holds: None where nothing was measured. found: the reading in words."""

    holds: bool | None
    found: str = ""


def without_conditions(ear: Ear, clauses: list[Clause]) -> Iterator[Clause]:
    """The clauses that are to be heard: those whose condition does not hold are left out."""
    skipping = False
    for clause in clauses:
        if clause.opener in (".", ""):
            skipping = False
        index = next(
            (i for i, t in enumerate(clause.tokens) if t.says("if", "unless") and t.role != "filler"), None
        )
        if index is None:
            if not skipping:
                yield clause
            continue
        asked, done = _parted(clause, index)
        wish = replace(clause, tokens=done) if _does(done) else None
        looked = _look(ear, asked, wish)
        holds = looked.holds if looked.holds is None else looked.holds != clause.tokens[index].says("unless")
        skipping = not holds
        _tell(ear, clause, looked, holds)
        if holds and wish is not None:
            yield wish


def holds(ear: Ear, condition: Clause, wish: Clause | None) -> bool:
    """Whether a condition that stands alone is met ("if it is too bright"), as the ear is told. wish: what it is
    about."""
    tokens = tuple(token for token in condition.tokens if not token.says("if", "unless"))
    looked = _look(ear, tokens, wish)
    unless = any(token.says("unless") for token in condition.tokens)
    met = looked.holds if looked.holds is None else looked.holds != unless
    _tell(ear, condition, looked, met)
    return bool(met)


def _parted(clause: Clause, index: int) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """What is asked, and what shall be done: before the word, or behind what it asks about."""
    before, after = clause.tokens[:index], clause.tokens[index + 1 :]
    if _does(before):
        return after, before
    subject = next((i for i, token in enumerate(after) if token.role in _ABOUT), len(after) - 1)
    last = max(subject, next((i for i, t in enumerate(after) if t.role == "descriptor"), subject))
    cut = next((i for i, t in enumerate(after) if i > last and t.role in _DOING), len(after))
    return after[:cut], after[cut:]


def _does(tokens: tuple[Token, ...]) -> bool:
    return any(token.role in (*_ABOUT, *_DOING, "target", "chain") for token in tokens)


def _tell(ear: Ear, clause: Clause, looked: _Looked, holds: bool | None) -> None:
    if holds is None:
        ear.impossible.append(f'"{clause.text}": nothing was measured that could tell.')
    elif holds:
        ear.warnings.append(f'"{clause.text}": {looked.found}, so it is done.')
    else:
        ear.satisfied.append(f'"{clause.text}": {looked.found}, so that is left as it is.')


def _look(ear: Ear, asked: tuple[Token, ...], wish: Clause | None) -> _Looked:
    too = any(token.role == "too" for token in asked)
    looked = _Looked(None)
    for token in asked:
        if token.role == "descriptor":
            looked = _descriptor(ear, token, too)
        elif token.role == "area" and looked.holds is None:
            looked = _area(ear, token, too)
        elif token.role in ("louder", "quieter"):
            looked = _level(ear, token, wish)
        elif token.role == "parameter" and token.subject in _PEAKS and looked.holds is None:
            looked = _peak(ear, asked)
        elif token.role in ("effect", "repair") and looked.holds is None:
            looked = _needed(ear, token.subject)
        if looked.holds is not None and token.role == "descriptor":
            break
    negated = any(token.role == "not" for token in asked)
    return replace(looked, holds=not looked.holds) if negated and looked.holds is not None else looked


def as_conditions(tokens: list[Token]) -> list[Token]:
    """ "Should the peaks go over -1 then limit them": no question, as what is to be done follows."""
    first = next((i for i, token in enumerate(tokens) if token.role not in ("filler", "mark")), None)
    if first is None or not tokens[first].says("if_so") or all(token.role != "then" for token in tokens):
        return tokens
    word = replace(tokens[first], role="unknown", plain=tokens[first].little.first("if"))
    return [*tokens[:first], word, *tokens[first + 1 :]]


def _peak(ear: Ear, asked: tuple[Token, ...]) -> _Looked:
    """ "If the peaks go over -1 dBTP"."""
    analysis = ear.context.analysis(ear.context.main)
    now = analysis.number("true_peak") if analysis is not None else None
    limits = [-abs(t.value) for t in asked if t.role == "quantity" and t.unit in _PEAK_UNITS]
    if now is None or len(limits) != 1:
        return _Looked(None)
    below = any(token.role in ("below", "quieter") for token in asked)
    return _Looked(now < limits[0] if below else now > limits[0], measured(analysis, "true_peak"))


_PEAKS = ("ceiling_dbtp", "peak_dbtp")
_PEAK_UNITS = ("", "db", "dbtp", "dbfs")


def _descriptor(ear: Ear, token: Token, too: bool) -> _Looked:
    found = ear.context.lexicon.descriptor(token.subject)
    if found is None or found.measure is None:
        return _Looked(None)
    return _placed(ear, found.measure, token.meaning.sign, too or token.meaning.fault)


def _area(ear: Ear, token: Token, too: bool) -> _Looked:
    """By a property that shows in the same band."""
    area = ear.context.lexicon.area(token.subject)
    measures = [
        item.measure
        for item in ear.context.lexicon.descriptors
        if item.measure is not None and area is not None and item.measure.metric == area.metric
    ]
    rising = [measure for measure in measures if measure.low < measure.high]
    return _placed(ear, rising[0], 1, too) if rising else _Looked(None)


def _placed(ear: Ear, measure: Measure, sign: int, too: bool) -> _Looked:
    analysis = ear.context.analysis(ear.context.main)
    value = analysis.number(measure.metric) if analysis is not None else None
    if value is None:
        return _Looked(None)
    position = measure.position(value) if sign > 0 else 1 - measure.position(value)
    return _Looked(position > (_TOO if too else _PLAIN), measured(analysis, measure.metric))


def _level(ear: Ear, token: Token, wish: Clause | None) -> _Looked:
    """Against the loudness that is asked for, where one is."""
    analysis = ear.context.analysis(ear.context.main)
    now = analysis.number("integrated_loudness") if analysis is not None else None
    if now is None:
        return _Looked(None)
    targets = [t.value for t in wish.tokens if t.role == "quantity" and t.unit == "lufs"] if wish else []
    asked = -abs(targets[0]) if targets else _LOUD_LUFS if token.role == "louder" else _QUIET_LUFS
    holds = now > asked if token.role == "louder" else now < asked
    return _Looked(holds, measured(analysis, "integrated_loudness"))


def _needed(ear: Ear, effect: str) -> _Looked:
    """ "If there is hum": by the judgement of the effect that mends it."""
    analysis = ear.context.analysis(ear.context.main)
    if analysis is None or effect not in BY_NAME:
        return _Looked(None)
    found = BY_NAME[effect].auto(analysis, 1.0)
    title = BY_NAME[effect].title.lower()
    return _Looked(
        found is not None, f"the measurement {'asks' if found else 'does not ask'} for the {title}"
    )
