"""Hosted plugins in words: which names mean one, which effect it plays, and what happens where it cannot."""
