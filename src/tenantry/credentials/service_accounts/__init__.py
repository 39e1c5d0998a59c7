"""Service accounts: non-human identities in an organization, with a role and keys."""
