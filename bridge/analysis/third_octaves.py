"""Third-octave bands."""

from __future__ import annotations

THIRD_OCTAVES_HZ = tuple(1000.0 * 10 ** (n / 10) for n in range(-17, 14))
"""Exact centres from 20 Hz to 20 kHz (IEC 61260-1:2014, 5.2, base ten)."""

FAINT_DB = 70.0
"""So far below its loudest band a spectrum is leakage of the window, dither or codec noise: shapes are held up to it
before they are judged or compared."""
