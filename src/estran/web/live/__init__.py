"""Phones and trackers: their tokens, the door they post at, what follows of it."""
