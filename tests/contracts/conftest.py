"""The stage on which promises are held against the service."""
