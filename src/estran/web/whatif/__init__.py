"""What if: one's own year with changes."""
