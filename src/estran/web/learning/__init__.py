"""What comes back: usual trips, and the same word for those like one."""
