"""Users, accounts and operators in the API."""
