"""Errors that end a command."""


class CannotStart(Exception):
    """The command cannot run; the message says why, and how to fix it."""


class CannotStartYet(CannotStart):
    """The same for a temporary cause: trying again later may help."""
