"""Services that every module uses: audit events, email, rate limits, idempotency."""
