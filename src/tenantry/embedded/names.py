"""How the program around this server is called: in messages, and in the names of its files."""

NAME = "tenantry"
PRODUCT = "Tenantry"
HOME = "TENANTRY_HOME"
"""The setting of the folder that all of it is in."""
