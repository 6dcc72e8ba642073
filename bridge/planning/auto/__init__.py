"""Tools that are one call each: what they are called, and how a wish for one becomes a step or a reason for none."""
