"""`python -m bench`: see load.py."""

from bench.load import main

main()
