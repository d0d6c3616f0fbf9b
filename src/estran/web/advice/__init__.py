"""Other ways for usual trips, and what speaks against them."""
