"""Reading what people have: one folder a format, found by structure and never by name."""
