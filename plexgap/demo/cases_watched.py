"""Shows on the watchlist that Plex itself doesn't recognise as those of the list, and shows that no library holds."""

from __future__ import annotations

from plexgap.demo.case import RETURNING, Draw, Item, ShowCase, seasons


def by_title_and_year(draw: Draw) -> ShowCase:
    """Never matched by Plex: only its title and year say that it is the show of the list. A search finds it too."""
    return ShowCase(
        tags="complete watchlist watchlist_by_title",
        seasons=seasons(1, draw.between(5, 7)),
        anchor=(1, -draw.between(500, 1_500)),
        items=(Item(guid="local", episode_ids=False),),
    )


def by_outside_id(draw: Draw) -> ShowCase:
    """From an old agent and under another title: only TheTVDB's id says that it is the show of the list."""
    return ShowCase(
        tags="complete watchlist watchlist_by_id legacy_thetvdb",
        seasons=seasons(2, draw.between(6, 8)),
        anchor=(6, -draw.between(2_000, 3_000)),
        items=(Item(guid="thetvdb", title="Die Fährleute vom Kattegat"),),
    )


def not_in_plex(draw: Draw) -> ShowCase:
    """On the list, in no library: nothing is ever said of it."""
    return ShowCase(tags="", seasons=seasons(1, draw.between(6, 10)), anchor=(1, -300), status=RETURNING)


CASES = (by_title_and_year, by_outside_id)
