"""What is in the database, what must hold there, and how to make it fail."""
