"""Tables of journeys: opened, their columns told apart, their rows made into journeys."""
