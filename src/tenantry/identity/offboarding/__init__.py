"""Departures: a person leaves, and all that they had there goes with them."""
