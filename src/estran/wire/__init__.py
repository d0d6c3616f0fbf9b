"""What phones and trackers send: calls read into evidence, and the answers that they expect."""
