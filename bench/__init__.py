"""Measurements of Tenantry: what a request costs, beside a usual service and beside the limit."""
