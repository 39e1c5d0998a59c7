"""Rates: how often something may be done, counted across all processes of a service."""
