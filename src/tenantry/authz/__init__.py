"""Who may do what: permissions, roles, decisions, and the statements that enforce them."""
