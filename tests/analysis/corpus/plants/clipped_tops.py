"""Clipping, as it leaves a converter or a fixed-point export, perhaps turned down afterwards."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Driven 3 to 9 dB over a ceiling that lies at or up to 0.5 dB below full scale and cut there.

    One in two is turned down by 1 to 12 dB afterwards; of those half are dithered to 16 bits, as a second export does.
    3 dB is where drums begin to crackle audibly; beyond 9 dB nobody needs a meter.
    """
    ceiling = 10 ** (generator.uniform(-0.5, 0.0) / 20)
    drive = 10 ** (generator.uniform(3.0, 9.0) / 20)
    samples = audio.samples / np.abs(audio.samples).max() * ceiling * drive
    samples = np.clip(samples, -ceiling, min(ceiling, 1 - 2**-15))
    turned_down = generator.uniform() < 0.5
    dithered = generator.uniform() < 0.5
    if turned_down:
        samples = samples * 10 ** (-generator.uniform(1.0, 12.0) / 20)
        if dithered:
            samples = samples + (generator.random(samples.shape) - generator.random(samples.shape)) * 2.0**-15
            samples = np.round(samples * 2**15) / 2**15
    return Audio(samples.astype(np.float32), audio.rate)
