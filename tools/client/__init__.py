"""What of the Python client is written from openapi.json: its shapes and its calls."""
