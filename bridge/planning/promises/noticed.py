"""How much of a change counts as heard: the smallest that people notice, by what it is a change of.

A wish without a number is met where the change is noticed; a part of it ("a touch") where that part is.
"""

from __future__ import annotations

BALANCE_DB = 0.5
"""Of a wide range of frequencies against the rest. Broad resonances (Q 1) are noticed in pink noise from under 1 dB on:
F. E. Toole, S. E. Olive, "The Modification of Timbre by Resonances: Perception and Measurement", J. Audio Eng. Soc.
36(3), 1988. Half a dB is the least that engineers set by hand."""

LOUDNESS_LU = 0.5
"""Of the whole: the tolerance of EBU R 128, below which two programmes are taken for equally loud. Pure level is just
noticed at 0.5 to 1 dB (H. Fastl, E. Zwicker, "Psychoacoustics", 3rd ed. 2007, chapter 7)."""

WIDTH_DB = 0.5
"""Of side against mid. Own: ISO 3382-1:2009 table A.1 gives 0.05 as just noticed of the lateral energy fraction; at
an even mixture (fraction 0.2) that is a change of 1.2 dB, and half of it counts, as the side is lateral alone."""

PUNCH_DB = 0.5
"""Of peaks over the mean (crest factor, PSR). Own: the level step that is just noticed in short sounds, halved, as it
stands for onsets against all the rest."""

DIPS_DB = 0.2
"""Of the depth of pauses between sounds. Own: clarity (C80) is just noticed at 1 dB (ISO 3382-1:2009 table A.1); a dip
averages over moments with and without sound, so half of that."""

TAIL_DB = 1.0
"""Of what goes on behind hits against the hits: what is just noticed of clarity (C80, early against late energy, ISO
3382-1:2009 table A.1), which a hall's tail moves as much."""

SIDES_DB = 1.0
"""Of right against left: the least difference of level that moves a sound in the head (A. W. Mills, "Lateralization of
High-Frequency Tones", J. Acoust. Soc. Am. 32, 1960)."""

NEW_PERCENT = 1.0
"""Of what saturation makes anew. Own: the usual bound of harmonics that nobody minds in music; more is heard."""

PEAK_DB = 0.2
"""Of a peak that was said in numbers: what a true peak meter may read too much (EBU Tech 3341:2016)."""

SPREAD_LU = 0.2
"""Of loud against quiet moments (standard deviation of momentary loudness). Own: half a dB, which is what is noticed of
level, taken off the loudest third of moments makes that much of a normal spread."""

NOISE_DB = 1.0
"""Of noise, hum and hiss, which lie under the sound. Own: the just noticed step of level for quiet sounds, which is
larger than for loud ones (Fastl & Zwicker 2007, figure 7.4)."""

PITCH_CENTS = 5.0
"""Of a shift that was said in numbers. Pitch of complex tones is just noticed at 3 to 6 cents in the middle range
(B. C. J. Moore, "An Introduction to the Psychology of Hearing", 6th ed. 2012, chapter 6)."""

SPEED_PARTS = 0.01
"""Of a tempo that was said in numbers. Tempo is just noticed at 2 to 2.5 % (A. Friberg, J. Sundberg, "Time
discrimination in a monotonic, isochronous sequence", J. Acoust. Soc. Am. 98, 1995); half of that, because the ends of
a file are known to the sample."""

GAIN_DB = 0.5
"""Of a gain that was said in numbers, measured as loudness: the absolute gate may take in other moments."""

BAND_DB, BAND_PART = 1.0, 0.35
"""Of an equalizer's band that was said in numbers, in its third octave: 1 dB (narrow changes are noticed late, Toole &
Olive 1988), or this part of what was asked, because other steps work on the same place."""

UNWANTED_DB = 1.0
"""What must not come about may rise by less than this: twice what is noticed of a balance, as the wish itself moves the
balance too."""

PASS_DB = 6.0
"""What a high-pass or low-pass takes an octave beyond its corner at least: half of what the gentler slope gives."""

CENTROID_HZ = 20.0
"""Of the centre of the spectrum: own, about 1 % of the usual 2 kHz; brightness is judged by ratios of it."""

CORRELATION = 0.05
"""Of left and right. Own: ISO 3382-1:2009 table A.1 gives 0.075 as just noticed of interaural cross-correlation."""

TILT_DB = 0.1
"""An octave: over the eight octaves of music that is nearly 1 dB between its ends. Own."""

TRANSIENTS = 0.5
"""Of `transient_strength`, in its unit. Own."""

BESIDE_PERCENT = 10.0
"""Of room, echoes and copies beside the sound that they are of: 20 dB under it. Single reflections in music and speech
are heard from 15 to 25 dB under the direct sound on (S. E. Olive, F. E. Toole, "The Detection of Reflections in Typical
Rooms", J. Audio Eng. Soc. 37(7/8), 1989)."""

SWING_PERCENT = 3.0
"""Of a level that swings, beside its mean: a degree of modulation of 4 % or more is noticed at 1 to 8 swings a second
(Fastl & Zwicker 2007, section 10.2); its sidebands hold 1 over root 2 of that."""
