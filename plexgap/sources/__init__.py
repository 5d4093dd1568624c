"""The edge to services: one file an API, its wire forms private to it."""
