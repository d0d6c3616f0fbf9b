"""A year in review."""
