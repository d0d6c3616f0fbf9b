"""People: sign up, sign in, and the life of the key to their vault."""
