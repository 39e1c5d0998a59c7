"""Forms: fields, errors, choices, confirmations."""
