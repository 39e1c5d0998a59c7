"""Sending and accepting invitations."""
