"""People: users, accounts, sessions, external identities, operators, and how they leave."""
