"""Figures, each beside its limit or its peer."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""As `dawbridge` itself has it."""
