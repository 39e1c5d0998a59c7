"""Calls of the API, as its clients make them."""
