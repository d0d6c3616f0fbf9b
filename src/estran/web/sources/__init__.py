"""Where a person's data comes from: what each source covers, which one counts, and why."""
