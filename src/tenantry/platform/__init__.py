"""What every module builds on: audit events, email, rate limits, idempotency."""
