"""What callers authenticate with: tokens, API keys, service accounts, service keys."""
