"""Inviting people, and accepting an invitation."""
