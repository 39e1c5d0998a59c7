"""Chance walks through the life of organizations; a small model foretells each answer."""
