"""The two services that ours is compared with, their schema, and their data."""
