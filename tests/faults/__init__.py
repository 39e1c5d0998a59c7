"""The service under faults: real processes on loopback, and a checker that afterwards looks."""
