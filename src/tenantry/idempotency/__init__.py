"""Answers that are kept so that a call can be repeated: how long, and for whom no more."""
