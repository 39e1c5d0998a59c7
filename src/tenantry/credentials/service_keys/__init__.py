"""Service keys: the product's own secrets, with which it can check access and nothing else."""
