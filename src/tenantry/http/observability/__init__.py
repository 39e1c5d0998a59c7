"""Logs, metrics and traces of requests and jobs."""
