"""Texts of pages: languages, errors, events, permissions."""
