"""Groups: several stems that people call by one name ("the drums", "the guitars"), and what single ones answer to."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bridge.analysis.reading import Analysis
from bridge.planning.mixing.role import Found, Role, role_of
from bridge.planning.particles import NO_PARTICLES, Particles

Groups = Mapping[str, tuple[str, ...]]
"""By name, the stems of a group; two or more."""

_FAMILIES = ("drums", "vocals")
"""What people speak of as one thing, whatever roles are in it."""
_MICROPHONES = ("room", "rooms", "room mic", "room mics")
"""In the table of roles: what means a reverb of one sound alone, and a stem where one of that role is among
several."""


def found_roles(analyses: Mapping[str, Analysis], roles: Mapping[str, Role]) -> dict[str, Found]:
    """Of every stem."""
    return {name: role_of(name, each, roles) for name, each in analyses.items()}


def groups_of(found: Mapping[str, Found]) -> dict[str, tuple[str, ...]]:
    """Families and roles of two stems or more, by names that no stem has."""
    made: dict[str, tuple[str, ...]] = {}
    for family in _FAMILIES:
        made[family] = tuple(name for name, each in found.items() if each.role.family == family)
    for role in {each.role.name: each.role for each in found.values()}.values():
        name = role.name.replace("_", " ")
        plural = name if name.endswith("s") else f"{name}s"
        made.setdefault(plural, tuple(stem for stem, each in found.items() if each.role is role))
    told = {each.by for each in found.values()} - {"nothing"}
    return {name: stems for name, stems in made.items() if len(stems) > 1 and name not in found and told}


def words_for(
    found: Mapping[str, Found], groups: Groups, nouns: Collection[str], little: Particles = NO_PARTICLES
) -> list[tuple[str, str]]:
    """(word, stem or group) pairs for what stems are called besides their names; nouns: words that mean instruments.

    A word of a role belongs to its stem where it has one, else to the group.
    """
    pairs: list[tuple[str, str]] = []
    taken = {name.lower() for name in found}
    for name, stems in groups.items():
        buses = [f"{name.removesuffix('s')} {bus}" for bus in little.said.get("bus", ())]
        wholes = [f"{every} {name}" for every in little.said.get("all", ())]
        pairs += [(word, name) for word in (name, *buses, *wholes)]
        if name in _FAMILIES:
            main = next((each.role.words for each in found.values() if each.role.name == name), ())
            pairs += [(word, name) for word in main if word in nouns]
        else:
            role = found[stems[0]].role.words
            pairs += [(word, name) for word in role if word in nouns or word in _MICROPHONES]
    counts = [each.role.name for each in found.values()]
    for stem, each in found.items():
        if counts.count(each.role.name) == 1 and each.by != "nothing":
            pairs += [(word, stem) for word in each.role.words if word in nouns or word in _MICROPHONES]
    return [(word, where) for word, where in pairs if word not in taken]
