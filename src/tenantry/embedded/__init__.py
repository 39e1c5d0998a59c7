"""PostgreSQL for those who have none: found, made, started and stopped by ourselves."""
