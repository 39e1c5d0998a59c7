"""The declarations of calls, and the table that finds them by path."""
