"""Helpers that every module may use, and that know nothing of organizations."""
