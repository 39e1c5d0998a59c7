"""Why the service does not start."""


class CannotStart(Exception):
    """Something stands against starting; the message names it and its mend."""
