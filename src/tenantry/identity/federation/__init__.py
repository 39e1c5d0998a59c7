"""Identities: people as trusted issuers identify them."""
