"""A PostgreSQL server that comes with the package: found, created, started and stopped here."""
