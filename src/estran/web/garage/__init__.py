"""A person's vehicles, passes and habits, and what travelling costs them."""
