"""Access to PostgreSQL: connections, pipelined statements, transactions, retries, migrations."""
