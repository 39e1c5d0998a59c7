"""What the API and the console share of HTTP: requests, responses, problems, logs, metrics."""
