"""Clause -> frames: one subject each ("reverb", "bright", "bass", none), with the modifiers and numbers around it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from bridge.planning.clauses import Clause
from bridge.planning.tokens import Token

SUBJECTS = frozenset(
    (
        "effect", "descriptor", "area", "shape", "louder", "quieter", "staging", "target", "chain",
        "plugin", "repair", "impossible", "choice", "again", "dynamics", "everything", "back", "mono",
        "balance", "unmask", "auto",
    )
)  # fmt: skip
_LEADING = frozenset(("more", "less", "remove", "too", "not", "enough", "degree", "keep", "make", "without"))
_UNHEARD = frozenset(("unknown", "off_topic"))
_SILENT = frozenset(("mark", "filler"))


@dataclass
class Frame:
    """subject: the token that the frame is about, or None. before, after: tokens around it in this clause."""

    subject: Token | None
    tokens: list[Token] = field(default_factory=list)
    opener: str = ""
    text: str = ""
    confidence: float = 1.0
    wheres: tuple[str, ...] = ()

    def has(self, *roles: str) -> bool:
        return any(token.role in roles for token in self.tokens)

    def quantities(self, *units: str) -> list[Token]:
        return [token for token in self.tokens if token.role == "quantity" and token.unit in units]

    @property
    def name(self) -> str:
        """The subject's subject: "reverb", "bright"."""
        return self.subject.subject if self.subject else ""

    def without_subject(self) -> Frame:
        """The frame as numbers alone: "less harshness around 4 kHz" is a cut at 4 kHz."""
        return Frame(None, self.tokens, self.opener, self.text, self.confidence, self.wheres)

    def role(self) -> str:
        return self.subject.role if self.subject else ""

    def degree(self) -> float:
        """The factor that the degree words give together; 1 where there are none."""
        factor = 1.0
        for token in self.tokens:
            if token.role == "degree":
                factor *= token.meaning.number
        return factor


def frames(clause: Clause) -> list[Frame]:
    """The frames of a clause in order. Modifiers before a subject are its own; those behind the last subject too;
    between two subjects, numbers stay with the first and verbs go to the second."""
    subjects = [index for index, token in enumerate(clause.tokens) if token.role in SUBJECTS]
    places = tuple(dict.fromkeys(token.subject for token in clause.tokens if token.role == "place"))
    bounds = _bounds(clause.tokens, subjects)
    made = [
        Frame(clause.tokens[index], list(clause.tokens[start:end]), wheres=places)
        for index, (start, end) in zip(subjects, bounds, strict=True)
    ] or [Frame(None, list(clause.tokens), wheres=places)]
    made = _at_their_own(_merged(_less_of(made)))
    for position, frame in enumerate(made):
        frame.opener = clause.opener if position == 0 else "+"
        frame.text = clause.text
        frame.confidence = confidence(clause)
        frame.tokens = _its_own(frame)
    return made


def _its_own(frame: Frame) -> list[Token]:
    """ "Warmer without zorp": what a word behind the subject that nobody knows is without, the subject is not."""
    at = [index for index, token in enumerate(frame.tokens) if token is frame.subject]
    if not at or not frame.has("without"):
        return frame.tokens
    behind = [token for token in frame.tokens[at[-1] + 1 :] if token.role != "filler"]
    other = [token.role for token in behind[:2]] == ["without", "unknown"]
    return [token for token in frame.tokens if token is not behind[0]] if other else frame.tokens


def _at_their_own(made: list[Frame]) -> list[Frame]:
    """ "Brighter drums without making the vocals harsh": where every wish names a place, each has its own."""
    own = [tuple(dict.fromkeys(t.subject for t in frame.tokens if t.role == "place")) for frame in made]
    if len(made) > 1 and all(own):
        for frame, places in zip(made, own, strict=True):
            frame.wheres = places
    return made


def _less_of(made: list[Frame]) -> list[Frame]:
    """ "Not so much bass": words that take the last wish back mean less of what is named beside them."""
    if (
        len(made) < 2
        or made[0].role() != "back"
        or made[1].role() not in ("area", "descriptor", "effect", "repair")
    ):
        return made
    said = [replace(token, role="less") if token is made[0].subject else token for token in made[0].tokens]
    made[1].tokens = [*said, *made[1].tokens]
    return made[1:]


def _merged(made: list[Frame]) -> list[Frame]:
    """One frame for one wish: "widen the stereo image" names one effect twice, "the low rumble" and "the highs are too
    harsh" name an area only to say where, "the loudness of Spotify" a target."""
    out: list[Frame] = []
    for frame in made:
        last = out[-1] if out else None
        if last is not None and _stays_so(last, frame):
            last.tokens += [token for token in frame.tokens if token is not frame.subject]
        elif last is not None and last.name == "gate" and frame.role() == "everything":
            last.tokens += [
                token for token in frame.tokens if token is not frame.subject
            ]  # "... everything below -50"
        elif last is not None and _hurts(last, frame):
            out[-1] = _painful(last, frame)
        elif last is not None and (_same_subject(last, frame) or _qualifies(last, frame)):
            kept = last.subject if _same_subject(last, frame) else frame.subject
            out[-1] = Frame(kept, [*last.tokens, *frame.tokens], wheres=frame.wheres)
        elif last is not None and _qualifies(frame, last):
            last.tokens += frame.tokens
        elif last is not None and _harder(last, frame):
            last.tokens += [replace(t, role="more") if t is frame.subject else t for t in frame.tokens]
        elif last is not None and _louder_area(last, frame):
            last.tokens += _as_degree(frame)
        elif last is not None and _louder_area(frame, last) and _leads_on(last):
            out[-1] = Frame(frame.subject, [*_as_degree(last), *frame.tokens], wheres=frame.wheres)
        else:
            out.append(frame)
    return out


def _stays_so(one: Frame, two: Frame) -> bool:
    """ "The level should stay as it is": what is kept is what was named before."""
    kept = two.role() == "everything" and two.has("keep") and two.subject is not None
    return kept and two.subject is not None and two.subject.says("unchanged") and not one.has(*_LEADING)


def _same_subject(one: Frame, two: Frame) -> bool:
    assert one.subject is not None and two.subject is not None
    return one.role() == "effect" == two.role() and one.subject.subject == two.subject.subject


def _hurts(one: Frame, two: Frame) -> bool:
    """ "The highs hurt", "my ears hurt with those highs", "the esses pierce my ears": what hurts is too much."""
    pain = [frame for frame in (one, two) if frame.role() == "descriptor" and _says_pain(frame)]
    return len(pain) == 1 and any(_can_hurt(frame) for frame in (one, two) if frame is not pain[0])


def _says_pain(frame: Frame) -> bool:
    return frame.subject is not None and frame.subject.says("hurts")


def _can_hurt(frame: Frame) -> bool:
    """A region of the sound, or a fault by its name."""
    fault = frame.subject is not None and frame.subject.meaning.fault
    return frame.role() == "area" or (frame.role() == "descriptor" and fault)


def _harder(effect: Frame, frame: Frame) -> bool:
    """ "Den Kompressor härter", "comprime más fuerte": more of the effect, no tone or level of its own."""
    assert frame.subject is not None
    return (
        effect.role() == "effect"
        and frame.role() in ("descriptor", "louder")
        and frame.subject.says("harder")
        and not frame.has("quantity", "too")
    )


def _painful(one: Frame, two: Frame) -> Frame:
    area, pain = (two, one) if _says_pain(one) else (one, two)
    said = [
        replace(token, role="too") if token is pain.subject else token for token in (*one.tokens, *two.tokens)
    ]
    return Frame(area.subject, said, wheres=two.wheres)


def _leads_on(level: Frame) -> bool:
    """Whether nothing but "in the" stands behind its subject: "too loud in the highs", "louder bass"."""
    behind = [index for index, token in enumerate(level.tokens) if token is level.subject][-1] + 1
    return all(token.role in ("at", "filler") for token in level.tokens[behind:])


def _louder_area(area: Frame, level: Frame) -> bool:
    """ "the bass louder": the level of an area is a band, not a second wish for the level of all. "The esses are too
    loud": there are too many of them."""
    if level.role() not in ("louder", "quieter"):
        return False
    fault = area.subject is not None and area.role() == "descriptor" and area.subject.meaning.fault
    if area.role() != "area" and not (fault and level.has("too")):
        return False
    return not area.has("more", "less", "remove", "too", "not", "keep")


def _as_degree(level: Frame) -> list[Token]:
    """The words of a level as "more" and "less": "too loud" is too much, "too quiet" wants more."""
    quiet, too = level.role() == "quieter", level.has("too")
    role = "too" if too and not quiet else "more" if quiet == too else "less"
    kept = [token for token in level.tokens if token.role != "too"]
    return [replace(token, role=role) if token is level.subject else token for token in kept]


def _qualifies(area: Frame, other: Frame) -> bool:
    """Whether the first only says where or by what the second is meant: "the bass in mono"."""
    if area.role() == "effect" and area.subject is not None and area.subject.subject == "loudness":
        return other.role() == "target" and not area.has("quantity")
    if area.role() in ("area", "everything") and other.role() == "mono":
        return True
    if area.role() != "area" or other.role() != "descriptor" or area.has("keep"):
        return False
    if area.has("quantity") and not _only_where(area, other):
        return False
    adjacent = area.tokens[-1] is area.subject and other.tokens[0] is other.subject
    return adjacent or not area.has("more", "less", "remove", "too", "not", "enough", "degree")


def _only_where(area: Frame, other: Frame) -> bool:
    """ "Boomy in the low end around 120": beside a fault a region and a frequency say where it lies."""
    numbers = [token for token in area.tokens if token.role == "quantity"]
    fault = other.subject is not None and other.subject.meaning.fault and not other.has("quantity")
    return fault and all(token.unit == "hz" for token in numbers)


def confidence(clause: Clause) -> float:
    """Share of the clause's words that carry a meaning; filler counts neither way."""
    counted = [token for token in clause.tokens if token.role not in _SILENT]
    if not counted:
        return 0.0
    heard = sum(token.role not in _UNHEARD for token in counted)
    return round(heard / len(counted), 2)


def _bounds(tokens: tuple[Token, ...], subjects: list[int]) -> list[tuple[int, int]]:
    cuts = [0]
    for first, second in pairwise(subjects):
        cuts.append(_cut_between(tokens, first, second))
    cuts.append(len(tokens))
    if not subjects:
        return []
    return list(pairwise(cuts))


def _cut_between(tokens: tuple[Token, ...], first: int, second: int) -> int:
    """Where the words between two subjects change hands: at the first verb, degree or polarity."""
    for index in range(first + 1, second):
        if tokens[index].role in _LEADING:
            return index
    return second
