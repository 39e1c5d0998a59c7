"""Access tokens, organization tokens, and the issuers and keys that verify them."""
