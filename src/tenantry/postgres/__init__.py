"""PostgreSQL: the embedded server, connections, one-message exchanges, transactions, migrations."""
