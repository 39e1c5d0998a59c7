"""Answers that are stored so that a call can be repeated, and when they are deleted or erased."""
