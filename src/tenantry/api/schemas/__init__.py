"""The JSON schemas of bodies, queries, pages of lists and problems."""
