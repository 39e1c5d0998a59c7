"""Pages for people without a session: sign-in, sign-up, passwords."""
