"""Tokens and keys in the API."""
