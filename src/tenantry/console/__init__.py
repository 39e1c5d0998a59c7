"""The website: pages rendered on the server, one folder per noun."""
