"""What peers get wrong, as tests that hold here."""
