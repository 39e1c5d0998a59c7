"""What is declared of a call, above its handler, and the table that finds it by its path."""
