"""People: one row a person, wherever they belong."""
