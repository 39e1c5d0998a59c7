"""Organizations: list, overview, settings, deletion."""
