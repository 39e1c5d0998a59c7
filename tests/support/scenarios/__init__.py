"""Databases and services in which people have done everything that there is to do."""
