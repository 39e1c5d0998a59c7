"""The JSON door, under /api/v1: it parses, calls one act, and renders."""
