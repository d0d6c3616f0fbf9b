"""What a person does with their own data: bring it, read it, correct it, take it away."""
