"""Option: one answer that a question offers."""

from __future__ import annotations

from pydantic import Field

from bridge.planning.value import Value


class Option(Value):
    """label: as it is shown. words: the request that it stands for, planned in the place of the one that was asked
    about."""

    label: str = Field(min_length=1)
    words: str = Field(min_length=1)
