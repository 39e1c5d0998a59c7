"""Operators: the people who run the service."""
