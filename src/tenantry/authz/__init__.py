"""Who asks, and what they may do where: tokens, permissions, and the way into an organization."""
