"""The JSON API under /api/v1: handlers parse, call one use case, and render."""
