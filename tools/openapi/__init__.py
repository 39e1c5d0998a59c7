"""Writes the OpenAPI document, which the service serves as it is committed."""
