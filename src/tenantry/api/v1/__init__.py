"""Version 1 of the API: one file a resource, grouped as the modules are."""
