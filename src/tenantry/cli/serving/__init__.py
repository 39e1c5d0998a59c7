"""Commands that serve: development and production."""
