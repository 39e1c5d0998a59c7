"""The emails of development, shown in the browser."""
