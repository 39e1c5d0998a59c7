"""What Tenantry sends, and what bodies consist of."""
