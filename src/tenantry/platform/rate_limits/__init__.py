"""Rate limits, counted across all processes of a service."""
