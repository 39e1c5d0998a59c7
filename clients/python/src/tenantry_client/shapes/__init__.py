"""What Tenantry sends, and what stands inside of bodies."""
