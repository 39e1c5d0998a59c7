"""API keys: secrets with which programs act in one organization."""
