"""Accounts: a person with a personal organization and a first session; and their password."""
