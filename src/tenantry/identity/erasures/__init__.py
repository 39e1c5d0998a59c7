"""Erasures: deleted people are removed from past records, piece by piece.

What is deleted and what is kept, and why: docs/retention.md.
"""
