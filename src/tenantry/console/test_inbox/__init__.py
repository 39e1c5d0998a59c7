"""The emails of development, in the browser."""
