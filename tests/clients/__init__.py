"""The Python client and guard, against a running service."""
