"""Words about the plan that stands: "put the EQ after the compressor", "same on the drums", "make the cut at 300
narrower", "bypass the reverb". They change its steps, and add none.

The phrases stand in the lexicon under `edits`; what a clause says beside them (effects, places, numbers) is heard by
its tokens as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from bridge.effects import BY_NAME
from bridge.effects.effect import LAST_WORD
from bridge.planning.bands import NOTCH
from bridge.planning.clauses import Clause
from bridge.planning.hearing.ear import BARE, Ear
from bridge.planning.hearing.edit_bands import band_edit
from bridge.planning.hearing.edit_numbers import bare_edit, number_edit, setting_edit, step_edit
from bridge.planning.hearing.edit_said import Said, degree, said_in
from bridge.planning.hearing.of_turns import of_turns
from bridge.planning.hearing.only_so_much import only_so_much
from bridge.planning.hearing.refer import add, effects, refers, standing
from bridge.planning.hearing.symptom import hear_symptom
from bridge.planning.plan import Plan


def hear_edit(ear: Ear, clause: Clause) -> bool:
    """Whether the clause was about the plan, and has been heard."""
    said = said_in(clause, ear.context.lexicon.edit_phrases)
    if said.has("interjection", "instead") and _nothing_beside(clause, said):
        return True
    if said.has("praise") and _nothing_beside(clause, said):
        ear.content = True
        return True
    if _notch_there(ear, clause) or _shape_alone(ear, clause, said):
        return True
    plan = ear.context.previous
    if plan is not None and (hear_symptom(ear, clause, said, plan) or of_turns(ear, clause, said, plan)):
        return True
    if plan is not None and refers(ear, clause, said, plan):
        return True
    if plan is None or not (said.names or any(t.role in ("parameter", "quantity") for t in clause.tokens)):
        return False
    listeners: tuple[Callable[[Ear, Clause, Said, Plan], bool], ...] = (
        _swap, _order, _switch, _only, _same, _again, _numbers,
    )  # fmt: skip
    return any(listen(ear, clause, said, plan) for listen in listeners)


def _notch_there(ear: Ear, clause: Clause) -> bool:
    """ "A squeal around 3.8k, notch it out": the frequency was that of the cut before it."""
    last = ear.intents[-1] if ear.intents else None
    meant = [token for token in clause.tokens if token.role not in ("filler", "mark")]
    if last is None or last.operation != "band" or float(last.given.get("gain_db", 0.0)) >= 0:
        return False
    if len(meant) != 1 or (meant[0].role, meant[0].subject) != ("shape", "notch"):
        return False
    ear.intents[-1] = last.model_copy(update={"given": last.given | NOTCH})
    return True


def _shape_alone(ear: Ear, clause: Clause, said: Said) -> bool:
    """ "Notch at 1.85k, narrow": the band before, where the clause says nothing else."""
    last = ear.intents[-1] if ear.intents else None
    if last is None or last.operation != "band" or not said.has("narrower", "broader"):
        return False
    if not _nothing_beside(clause, said):
        return False
    q = float(last.given.get("q", 1.0)) * (2.0 if said.has("narrower") else 0.5)
    ear.intents[-1] = last.model_copy(update={"given": last.given | {"q": q}})
    return True


def _nothing_beside(clause: Clause, said: Said) -> bool:
    return all(
        any(token is other for other in said.used) or token.role in ("filler", "mark")
        for token in clause.tokens
    )


def _swap(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """Two steps change places; of more, it must be said which."""
    if not said.has("swap"):
        return False
    steps = [step for step in plan.steps if BY_NAME[step.effect].stage not in LAST_WORD]
    if len(steps) == 2:
        add(ear, clause, "order", steps[0].effect, {"after": steps[1].effect})
    elif len(steps) < 2:
        ear.impossible.append(f'"{clause.text}": there are no two steps that could change places.')
    else:
        names = [step.effect.replace("_", " ") for step in steps]
        after = next(iter(ear.context.lexicon.edits.get("after", ("after",))))
        pairs = [(f"{one} {after} {two}", f"put the {one} {after} the {two}") for one, two in pairwise(names)]
        ear.ask(f"Which two? The order is {', '.join(names)}.", *pairs)
    return True


def _order(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "the reverb before the compressor": one effect, the word, another effect."""
    way = next((name for name in ("before", "after") if name in said.at), "")
    named = effects(clause)
    if not way or len(named) != 2:
        return False
    at = said.at[way]
    first, second = (clause.tokens.index(token) for token in named)
    if not first < at < second:
        return False
    moved, other = (token.subject for token in named)
    if moved not in standing(plan):
        add(ear, clause, "effect", moved)
    add(ear, clause, "order", moved, {way: other})
    return True


def _switch(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "bypass the reverb", "turn it back on"."""
    way = "on" if said.has("on") else "off" if said.has("off", "mute") else ""
    named = list(dict.fromkeys(token.subject for token in effects(clause)))
    if not way or (way == "off" and not named):
        return False
    off = [item.subject for item in plan.intents if item.operation == "switch"]
    if way == "on" and not named:
        if not off:
            return False
        named = off[-1:]
    for effect in named:
        if effect in standing(plan):
            add(ear, clause, "switch", effect, {"on": 1.0 if way == "on" else 0.0})
        else:
            ear.impossible.append(f'"{clause.text}": no {effect.replace("_", " ")} stands in the plan.')
    return True


def _only(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """ "only the EQ": of steps that stand there, and with nothing else beside it."""
    named = effects(clause)
    little = ear.context.lexicon.little_words
    definite = any(little.has(word, "definite") for token in clause.tokens for word in token.text.split())
    plain = all(
        token.role in (*BARE, "effect", "keep", "crop") or token in said.used for token in clause.tokens
    )
    if not said.has("only") or not named or not definite or not plain:
        return False
    if any(token.role in ("more", "less", "degree", "place") for token in clause.tokens):
        return False
    if not all(token.subject in standing(plan) for token in named):
        return False
    add(ear, clause, "only", "|".join(dict.fromkeys(token.subject for token in named)))
    return True


def _same(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """What was asked for last, for another place."""
    if not said.has("same", "move") or not any(token.role == "place" for token in clause.tokens):
        return False
    if effects(clause) or any(token.role in ("descriptor", "quantity") for token in clause.tokens):
        return False
    add(ear, clause, "same", "", {"move": 1.0} if said.has("move") and not said.has("same") else {})
    return True


_TIMES = {"opposite": -1.0, "double": 2.0}


def _again(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    for name, factor in _TIMES.items():
        beside = [token for token in clause.tokens if not any(token is other for other in said.used)]
        if said.has(name) and not any(token.role in ("effect", "descriptor", "quantity") for token in beside):
            add(ear, clause, "again", "", {}, factor)
            return True
    return False


def _numbers(ear: Ear, clause: Clause, said: Said, plan: Plan) -> bool:
    """One number of a step: its own, or by how much it changes."""
    if _late_number(ear, clause):
        return True
    amount = degree(clause)
    for found in (
        None if ear.intents else only_so_much(clause, ear.context.lexicon.little_words, plan),
        bare_edit(clause, plan),
        band_edit(clause, said.names, plan, amount),
        None if ear.intents else setting_edit(clause, plan),
        number_edit(clause, said.names, plan, alone=not ear.intents),
        step_edit(clause, said.names, plan, amount),
    ):
        if found is not None:
            add(ear, clause, found.operation, found.subject, found.given)
            ear.intents[-1] = ear.intents[-1].model_copy(
                update={"where": found.where or ear.intents[-1].where}
            )
            return True
    return False


def _late_number(ear: Ear, clause: Clause) -> bool:
    """ "Shorter, like 4": the number that the edit before it meant."""
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    last = ear.intents[-1] if ear.intents else None
    if last is None or last.operation != "effect" or len(last.given) != 1 or clause.opener != ",":
        return False
    plain = all(token.role in ("filler", "mark", "at", "quantity") for token in clause.tokens)
    if len(numbers) != 1 or numbers[0].unit or numbers[0].signed or not plain:
        return False
    name = next(iter(last.given))
    ear.intents[-1] = last.model_copy(update={"given": {name: numbers[0].middle}})
    return True
