"""Clauses -> intents: every subject of a clause has one function that hears it."""

from __future__ import annotations

from collections.abc import Callable

from bridge.effects import BY_NAME
from bridge.planning.clauses import Clause
from bridge.planning.frames import SUBJECTS, Frame, frames
from bridge.planning.hearing import auto, effect, level, name, number, part, repair, stems, tone
from bridge.planning.hearing.afterthought import afterthought
from bridge.planning.hearing.ear import Ear, When
from bridge.planning.hearing.edit import hear_edit
from bridge.planning.hearing.edit_said import without_asides
from bridge.planning.hearing.kinds import as_effects
from bridge.planning.hearing.returns import hear_return
from bridge.planning.hearing.said_beside import plainly
from bridge.planning.hearing.settings_by_name import as_parameters
from bridge.planning.hearing.stems_together import hear_against, hear_mute
from bridge.planning.hearing.timing import hear_timing
from bridge.planning.hearing.when import ask, nothing_else, settle, when, without
from bridge.planning.hearing.width import hear_width
from bridge.planning.polarity import Polarity
from bridge.planning.shape import goes_on, happened
from bridge.planning.tokens import Token

Hearer = Callable[[Ear, Frame, Polarity], list[Token]]
"""Adds intents to the ear, and returns the numbers it used up."""

HEARERS: dict[str, Hearer] = {
    "again": name.hear_again,
    "area": tone.hear_area,
    "auto": auto.hear_auto,
    "back": name.hear_back,
    "balance": stems.hear_balance,
    "chain": name.hear_chain,
    "choice": name.hear_choice,
    "descriptor": tone.hear_descriptor,
    "dynamics": level.hear_dynamics,
    "effect": effect.hear_effect,
    "everything": tone.hear_everything,
    "impossible": name.hear_impossible,
    "louder": level.hear_louder,
    "mono": effect.hear_mono,
    "": number.hear_nothing,
    "plugin": effect.hear_plugin,
    "quieter": level.hear_quieter,
    "repair": repair.hear_repair,
    "shape": tone.hear_shape,
    "staging": level.hear_staging,
    "target": name.hear_target,
    "unmask": stems.hear_unmask,
}
"""By the role of the subject; "" where a clause has none."""

if set(HEARERS) != {*SUBJECTS, ""}:
    raise TypeError("every subject wants one function that hears it")


def hear(ear: Ear, clause: Clause) -> None:
    """One clause: its intents, and what nobody took up."""
    clause = without_asides(clause, ear.context.lexicon.asides)
    if hear_against(ear, clause) or hear_mute(ear, clause):
        return
    if hear_edit(ear, clause) or afterthought(ear, clause):
        return
    plain = None if _told(ear, clause) else plainly(ear, clause)
    if plain is None:
        return
    clause = plain
    if hear_return(ear, clause):
        return
    rest = hear_timing(ear, clause)
    if rest is None or (rest is not clause and _only_an_area(ear, rest)):
        return
    clause = rest
    if ear.pending is None:
        clause = as_effects(as_parameters(ear, clause))
    stretch = when(clause, ear.context)
    if stretch is not None:
        clause = without(clause, stretch)
        if nothing_else(clause):
            _time_alone(ear, clause, stretch)
            return
    elif clause.opener in (",", "") or not ear.intents:
        stretch = ear.pending
    elif clause.opener == "and":
        stretch = ear.held
    ear.held = stretch if stretch is not None and stretch in (ear.pending, ear.held) else None
    ear.pending = None
    impossible, before = len(ear.impossible), ear.count
    _on_a_part(ear, clause, stretch)
    if stretch is not None and stretch.spans and ear.count == before and not ear.unsupported:
        ear.pending = stretch  # "from 1:05 to 1:20 a truck drives by, high-pass it there"
    nothing_to_place = len(ear.impossible) > impossible and not ear.unplaced
    if stretch is not None and not stretch.spans and not ear.question and not nothing_to_place:
        ask(ear, stretch)


def _told(ear: Ear, clause: Clause) -> bool:
    """Whether it only says what people did, in a request that begins; what they did to a plan is another matter."""
    ear.telling = ear.context.previous is None and (happened(clause) or (ear.telling and goes_on(clause)))
    if ear.telling:
        ear.told.append(clause.text)
    return ear.telling


def _on_a_part(ear: Ear, clause: Clause, stretch: When | None) -> None:
    """The wishes of a clause, for the part of a stereo sound that it names. A clause that names a part and nothing
    else speaks of the wish before it, or of the one that follows."""
    found = part.said(clause, ear.context)
    if found is None:
        wanted, ear.pending_part = ear.pending_part, "all"
    else:
        ear.warnings += [found.guessed] if found.guessed else []
        wanted, clause = found.part, part.without(clause, found)
        if part.nothing_else(clause):
            if clause.opener in (",", "and", "but") and ear.intents:
                part.settle(ear, wanted, ear.latest)
            else:
                ear.pending_part = wanted
            return
    first = len(ear.intents)
    _wishes(ear, clause, stretch)
    if wanted != "all":
        part.settle(ear, wanted, min(first, len(ear.intents)))


def _time_alone(ear: Ear, clause: Clause, stretch: When) -> None:
    """A clause that only says when speaks of the wish before it, or of the one that follows."""
    if stretch.spans and ear.unplaced:
        ear.latest = len(ear.intents)
        ear.intents += ear.unplaced
        ear.unplaced, ear.question, ear.choices = [], None, ()
    if clause.opener in (",", "and") and ear.intents:
        settle(ear, stretch, ear.latest)
    else:
        ear.pending = stretch
    if not stretch.spans:
        ask(ear, stretch)


def _wishes(ear: Ear, clause: Clause, stretch: When | None) -> None:
    before, first = ear.count, len(ear.intents)
    ear.ordered = ear.ordered or clause.opener == "then"
    if hear_width(ear, clause):
        ear.latest = first
        if stretch is not None:
            settle(ear, stretch, first)
        return
    used = [token for frame in _of_all(ear, _meant(frames(clause))) for token in _frame(ear, frame)]
    if len(ear.intents) > first:
        first -= _remedied(ear, first)
        ear.latest = first
        if stretch is not None:
            settle(ear, stretch, first)
        repair.settle_profile(ear, first)
    kept = any(intent.operation == "keep" for intent in ear.intents[max(0, first - 1) :])
    if clause.opener == "or" and 0 < first < len(ear.intents) and not kept:
        one, two = ear.intents[first - 1].words, ear.intents[first].words
        ear.ask(f'"{one}" or "{two}"?', (one, one), (two, two))
    ear.leftovers(clause, used, ear.count > before)


def _remedied(ear: Ear, first: int) -> int:
    """ "too loud, bring it down 2 dB": the number is what the complaint meant, not a second step. How many gave way."""
    before, now = ear.intents[ear.latest : first], ear.intents[first:]
    if len(before) != 1 or len(now) != 1 or not now[0].operation == before[0].operation == "level":
        return 0
    same = before[0].where == now[0].where and before[0].amount * now[0].amount > 0
    if not same or before[0].given or "gain_db" not in now[0].given:
        return 0
    ear.forget(ear.latest, first)
    return 1


def _meant(frames: list[Frame]) -> list[Frame]:
    """Without the areas that only say what an impossible wish is about ("sidechain the bass to the kick"), and
    without the question that a target beside it answers ("master it for Spotify")."""
    roles = {frame.role() for frame in frames}
    told = ("more", "less", "remove", "too", "not", "enough", "keep", "quantity", "without")
    return [
        frame
        for frame in frames
        if not (
            frame.role() in ("choice", "louder", "quieter")
            and "target" in roles
            and not frame.has("quantity")
        )
        and not (frame.name == "channels" and any(other.name == "pan" for other in frames))
        and not (frame.role() == "area" and "impossible" in roles and not frame.has(*told))
        and not (frame.name == "recessed" and roles & {"repair", "impossible"})  # "a hum in the background"
    ]


_RAISED = ("more", "less", "remove", "too", "not", "enough", "keep", "quantity", "without", "degree")
_BY_BANDS = ("equalizer", "dynamic_equalizer", "gain", "stereo_width", "channels", "balance", "pan")
"""Effects beside which an area is a wish of its own, or says where they work."""
_AT_THEIR_PLACE = ("de_esser", "enhancer", "dehum")
"""Effects that find their frequencies by themselves."""


def _only_an_area(ear: Ear, clause: Clause) -> bool:
    """What "fade out the bass" leaves beside the fade: it asks for no boost, and is not done to the bass alone."""
    said = [token for token in clause.tokens if token.role in SUBJECTS]
    if not said or any(token.role != "area" for token in said):
        return False
    if any(token.role in _RAISED for token in clause.tokens):
        return False
    ear.warnings.append(f"{clause.text}: that is done to all of the sound, not to the {said[0].text} alone.")
    return True


def _of_all(ear: Ear, frames: list[Frame]) -> list[Frame]:
    """ "Compress the highs", "use NAME on the bass": the area says on what, and asks for no boost. As none of these
    works on a stretch of frequencies alone, that is said."""
    names = [frame.name for frame in frames if frame.role() in ("effect", "plugin")]
    if not names or any(name in _BY_BANDS for name in names):
        return frames
    spare = [frame for frame in frames if frame.role() == "area" and not frame.has(*_RAISED)]
    who = f"the {BY_NAME[names[0]].title.lower()}" if names[0] in BY_NAME else names[0]
    ear.warnings += [
        f"{frame.text}: {who} works on all of the sound, not on the {frame.subject.text} alone."
        for frame in spare
        if frame.subject is not None and names[0] not in _AT_THEIR_PLACE
    ]
    return [frame for frame in frames if not any(frame is other for other in spare)]


def _frame(ear: Ear, frame: Frame) -> list[Token]:
    wish = ear.polarity(frame)
    first = len(ear.intents)
    if frame.role() in ("louder", "quieter") and frame.quantities("hz"):  # "crank 5k by 6 dB"
        sign = wish.sign if frame.role() == "louder" else -wish.sign
        return tone.bands(ear, frame.without_subject(), Polarity("do", sign, wish.amount, True))
    used = HEARERS[frame.role()](ear, frame, wish)
    _warn_of_the_rest(ear, frame, first)
    return used


_SHAPING = ("descriptor", "band", "effect", "auto", "plugin", "staging")


def _warn_of_the_rest(ear: Ear, frame: Frame, first: int) -> None:
    """ "brighter vocal": where no stem has that name, everything else in the sound is changed with it.

    "Kick 2 dB louder and brighter" says so of the brightness; "... and add reverb" does not speak of the kick."""
    part = level.part_of(ear, frame)
    named = any(token.role == "sound" and token.subject for token in frame.tokens)
    meant = _SHAPING if named else ("descriptor",)
    if part and any(intent.operation in meant for intent in ear.intents[first:]):
        where = "this file" if len(ear.context.analyses) == 1 else "the mix"
        ear.warnings.append(f"{part}: no stem has that name, so all of {where} is changed.")
