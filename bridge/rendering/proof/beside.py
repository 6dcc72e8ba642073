"""How much of a result lies beside its source: room, echoes and copies that swing, which no short filter makes."""

from __future__ import annotations

from itertools import islice

import numpy as np
from numpy.typing import NDArray

from bridge.effects.processor import Sound

_LONGEST_S = 60.0
_BLOCK = 65536
_FIRM = 1e-6
"""Of the source's power, added to each lag 0, so that silence between lines of a spectrum does not decide."""

Wave = NDArray[np.float64]


def beside_percent(source: Sound, result: Sound, reach_ms: float) -> float | None:
    """Amplitude of what is left of the result without the best filter of the source whose response is no longer than
    `reach_ms` to both sides, of what that filter gives, in per cent, over the first minute.

    A gain gives 0, and so does an equalizer whose response is no longer. Echoes and rooms give what is mixed in, as
    long as the sound changes; a gain or a copy that swings gives its swing. None for silence. The filter is Wiener's:
    least squares over all frames (S. Haykin, "Adaptive Filter Theory", 5th ed. 2014, chapter 2).
    """
    one, two = _first_minute(source), _first_minute(result)
    frames = min(one.shape[1], two.shape[1])
    taps = max(1, round(reach_ms * source.rate / 1000))
    if frames <= 2 * taps or one.shape[0] != two.shape[0]:
        return None
    parts = [_split(one[row, :frames], two[row, :frames], taps) for row in range(one.shape[0])]
    made, left = (sum(part[index] for part in parts) for index in (0, 1))
    return float(100 * np.sqrt(left / made)) if made > 0 else None


def _split(source: Wave, result: Wave, taps: int) -> tuple[float, float]:
    """Energy of what the filter makes of the source, and of the rest."""
    from scipy.fft import irfft, next_fast_len, rfft
    from scipy.linalg import solve_toeplitz

    whole = float(result @ result)
    size = next_fast_len(source.size + 2 * taps + 1, real=True)
    one, two = rfft(source, size), rfft(result, size)
    own = irfft(np.abs(one) ** 2, size)[: 2 * taps + 1]
    if not own[0] > 0:
        return 0.0, whole
    across = irfft(two * np.conj(one), size)
    across = np.concatenate([across[size - taps :], across[: taps + 1]])
    own[0] *= 1 + _FIRM
    made = float(across @ solve_toeplitz(own, across))
    return made, max(0.0, whole - made)


def _first_minute(sound: Sound) -> Wave:
    """[shape=(channels, frames)]."""
    wanted = round(_LONGEST_S * sound.rate)
    blocks = list(islice(sound.blocks(_BLOCK), -(-wanted // _BLOCK)))
    nothing = np.zeros((sound.channels, 0), np.float32)
    return np.concatenate([nothing, *blocks], axis=1)[:, :wanted].astype(np.float64)
