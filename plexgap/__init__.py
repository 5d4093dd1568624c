"""plexgap: what is missing in a Plex library, and how sure that is."""

__version__ = "0.1.0"
