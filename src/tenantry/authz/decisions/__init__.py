"""Access checks with explanations, effective permissions, and members with a permission."""
