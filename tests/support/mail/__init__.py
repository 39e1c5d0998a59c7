"""Mail servers and mailboxes, and what arrives there."""
