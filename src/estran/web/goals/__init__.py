"""Goals of one's own choosing: made, followed, made smaller, paused, ended."""
