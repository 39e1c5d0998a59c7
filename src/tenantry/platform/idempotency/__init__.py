"""Stored responses, with which a repeated call has no second effect."""
