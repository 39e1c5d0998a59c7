"""The door of the operator: the `tenantry` command."""
