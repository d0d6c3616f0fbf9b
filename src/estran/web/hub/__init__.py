"""The coach's front page: one place from which all its pages are found."""
