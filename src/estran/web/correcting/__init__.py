"""Correcting anything: a trip's own page, many at once, what is missing, what is unsure."""
