"""Sessions: one for each sign-in, renewed by refresh tokens that rotate."""
