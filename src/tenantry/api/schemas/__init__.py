"""What bodies, queries, pages of lists and problems look like in JSON."""
