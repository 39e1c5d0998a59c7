"""`tenantry dev` and `tenantry serve`."""
