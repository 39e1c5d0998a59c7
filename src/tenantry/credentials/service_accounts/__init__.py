"""Who acts in an organization and is nobody: it has a role, and keys."""
