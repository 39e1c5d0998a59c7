"""Organizations: new, overview, settings, deletion."""
