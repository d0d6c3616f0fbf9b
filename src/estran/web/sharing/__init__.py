"""A picture of a trip to show to others."""
