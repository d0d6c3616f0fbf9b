"""What anybody may read: the start page, the example person, how privacy works."""
