"""Sound like that record: a reference in words, what it asks of the sound, and a plan that was tried and corrected."""
