"""What the settings' page and commands say of services that were tried. Changes when these sentences do."""

from __future__ import annotations

from plexgap.domain.account import OwnServer, PlexFound
from plexgap.views.words import count

REFUSED_BY_PLEX = "Plex refused the token. Copy it once more; it has about 20 letters and digits."
REFUSED_BY_TMDB = "TMDB refused this key. Copy it once more; it has 32 characters, or starts with eyJ."
KEY_WORKS = "The key works."


def connected(found: PlexFound) -> str:
    """ "Connected to Attic, 3 libraries, 60 shows, 812 films."; what there is none of is left out."""
    held = [
        count(len(found.sections), "library", "libraries"),
        *((count(found.shows, "show"),) if found.shows else ()),
        *((count(found.films, "film"),) if found.films else ()),
    ]
    return f"Connected to {found.server}, {', '.join(held)}."


def server_name(server: OwnServer) -> str:
    """ "Attic", "Cellar, shared by ola"."""
    return f"{server.name}, shared by {server.owner}" if server.owner else server.name
