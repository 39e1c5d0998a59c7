"""Identities: people by the names that trusted issuers know them by."""
