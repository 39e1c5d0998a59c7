"""Erasures: what the past tells of a person who has gone is removed, piece by piece.

What goes, what stays, and why: docs/retention.md.
"""
