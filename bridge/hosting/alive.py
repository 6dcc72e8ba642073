"""What counts as a sign of life of a process that says nothing."""

from __future__ import annotations

ALIVE_SHARE = 0.02
"""Share of the time that it uses the processor. Where many compete, a hard-working one may get no more than a tenth;
one that sleeps uses a thousandth."""
