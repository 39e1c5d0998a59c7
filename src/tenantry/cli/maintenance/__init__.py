"""Commands for backup, restore, migration and diagnosis."""
