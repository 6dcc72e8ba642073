"""The wishes themselves, held against the finished sound: one check each, or why none can be made."""
