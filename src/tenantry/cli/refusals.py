"""Why the service does not start."""


class CannotStart(Exception):
    """Something stands against starting; the message names it and its mend."""


class CannotStartYet(CannotStart):
    """The same for a temporary cause: starting again later may help."""
