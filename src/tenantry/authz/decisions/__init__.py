"""Checks: may this person do this, there? Why, or why not; and who can."""
