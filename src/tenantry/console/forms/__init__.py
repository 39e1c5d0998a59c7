"""Forms: what was submitted, what is wrong with it, what they offer."""
