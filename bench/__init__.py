"""Measure, beside peers, in one run; figures are printed, never asserted."""
