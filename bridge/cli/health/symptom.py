"""One thing that doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Symptom:
    """found: what is so. mend: what to do about it, "" where nothing needs doing.

    status: "warn" where something optional is missing, "fail" where jobs cannot be done.
    """

    name: str
    status: Status
    found: str
    mend: str = ""

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "status": self.status, "found": self.found, "mend": self.mend}
