"""Effects: one file each. To add one, write the file and add its class to EFFECTS."""

from __future__ import annotations

from bridge.effects.effect import Effect

EFFECTS: tuple[type[Effect], ...] = ()

BY_NAME: dict[str, type[Effect]] = {effect.name: effect for effect in EFFECTS}
