"""Savings: a stated baseline, each step of the comparison, and what a person keeps of it."""
