"""Whatever is said of access is the same everywhere, and what a small model says."""
