"""Commands of the app of phones and trackers."""
