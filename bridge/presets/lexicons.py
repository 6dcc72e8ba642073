"""Lexicons: the words of a language, from presets/lexicon."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from bridge.errors import BadInput
from bridge.planning.lexicon import Lexicon
from bridge.presets.data import data_folder, table


@lru_cache(maxsize=8)
def load_lexicon(language: str = "en", folder: Path | None = None) -> Lexicon:
    """The lexicon of a language by its two-letter name. Raises BadInput where there is none or it is broken."""
    file = (folder or data_folder()) / "lexicon" / f"{language}.toml"
    if not language.isalpha() or not file.is_file():
        known = ", ".join(languages(folder))
        raise BadInput(f"There is no lexicon for {language!r}; there is: {known}.")
    try:
        return Lexicon.model_validate(table(file))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"Lexicon {file.name}: {place}: {first['msg']}.") from None


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Languages that there are lexicons for."""
    return tuple(sorted(file.stem for file in ((folder or data_folder()) / "lexicon").glob("*.toml")))
