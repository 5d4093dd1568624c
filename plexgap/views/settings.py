"""What the settings' page and commands say of services that were tried. Changes when these sentences do."""

from __future__ import annotations

from plexgap.domain.account import OwnServer, PlexFound
from plexgap.gaps import policy
from plexgap.gaps.orders import order_words
from plexgap.jobs.updates import Clone
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


# Whom to ask, and the orders that can be tried first.
ASKED = {
    "auto": "TMDB, and TheTVDB where numbers leave a show open",
    "tmdb": "TMDB alone",
    "tvdb": "TheTVDB alone",
}
ORDERS = {
    "": "What fits best",
    **{order: order_words(order).capitalize() for order in ("aired", "absolute", "alternate", "regional")},
    "dvd": "DVD order",
}

# Programs that search many indexers, at the address they have when nobody moved them. Their own pages take a search
# from the address: Prowlarr's do not (github.com/Prowlarr/Prowlarr/issues/1167).
PRESETS = {
    "NZBHydra2": "http://127.0.0.1:5076/?mode=search&category=All&query={query}",
    "Jackett": "http://127.0.0.1:9117/UI/Dashboard#search={query}",
    "IMDb": "https://www.imdb.com/title/{imdbid}/",
}


def order_name(order: str) -> str:
    """ "DVD order", "Episode group 5acf93e60e0a26346d0000ce"."""
    return ORDERS.get(order) or f"Episode group {order.removeprefix('group:')}"


def start_of(missing_policy: str) -> str:
    """ "S02E05" of a policy that starts there, else ""."""
    start = policy.start_of(missing_policy)
    return str(start) if start is not None else ""


def titles_in(text: str) -> tuple[str, ...]:
    """The titles that stand on lines of their own, each once."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def version_line(found: Clone, *, asked: bool) -> str:
    """How the clone stands to its upstream. `asked`: the repository was asked just now."""
    at = f"At commit {found.commit}" + (f" of {found.branch}" if found.branch else "")
    if found.behind:
        behind = f"{at}, {count(found.behind, 'change')} behind {found.upstream}."
        return f"{behind} {found.obstacle}".strip()
    if found.obstacle:
        return f"{at}. {found.obstacle}"
    return f"{at}, which is the newest of {found.upstream}." if asked else f"{at}."
