"""The door for people: pages, rendered by the server."""
