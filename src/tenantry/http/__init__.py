"""What doors share: the parts of the service, and a request as doors see it."""
