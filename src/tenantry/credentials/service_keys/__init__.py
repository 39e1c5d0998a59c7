"""The product's own secrets, made by operators: they ask about access, and enter nothing."""
