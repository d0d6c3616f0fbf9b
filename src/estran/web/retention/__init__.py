"""What is kept, how exactly and how long: erasure, zones, pauses, rules, dormancy."""
