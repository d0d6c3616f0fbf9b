"""Groups by choice: family or friends see what each member agrees to, nothing else."""
