"""TMDB's episode groups: which of them number episodes, and one as a listing. Changes when TMDB's groups do.

Source: reference/tmdb.md 4.3.
"""

from __future__ import annotations

from datetime import datetime

from plexgap.domain.catalogue import GROUP, KnownOrder, ListedEpisode, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer
from plexgap.domain.ids import ExternalId, Source
from plexgap.sources import tmdb_wire as wire

# TMDB's type of a group and its kind, in the order in which they are worth trying. 5, a story arc, is no numbering.
_KINDS = {2: "absolute", 3: "dvd", 6: "production", 4: "digital", 7: "tv", 1: "aired"}
_WORTH = tuple(_KINDS.values())


def known_orders(groups: wire.Groups) -> tuple[KnownOrder, ...]:
    """Those that number episodes, the ones most worth trying first; of equal ones as TMDB lists them."""
    found = [
        KnownOrder(f"{GROUP}{row.id}", row.name or "", _KINDS[row.type])
        for row in groups.results
        if row.type in _KINDS and row.episode_count != 0
    ]
    return tuple(sorted(found, key=lambda order: _WORTH.index(order.kind)))


def to_listing(show_id: int, order: str, group: wire.Group, fetched_at: datetime) -> Listing:
    """The group's episodes in number order; nothing of the show itself is in it. BadAnswer: it is another show's.

    The numbers inside an episode are those of the aired order: its season here is the place of its part, its number
    its own place there.
    """
    found = [(part.order, episode) for part in group.groups for episode in part.episodes]
    if any(episode.show_id not in (show_id, None) for _, episode in found):
        raise BadAnswer(
            wire.NAME,
            f"{order}: it is of another show than {show_id}",
            "TMDB answered with an order of another show. Try again later.",
        )
    episodes = [
        ListedEpisode(
            number=EpisodeNumber(season, episode.order + 1),
            title=episode.name or "",
            air_date=wire.day(episode.air_date, show_id, f"episode {episode.id}"),
            runtime_min=episode.runtime or None,
            episode_id=episode.id,
        )
        for season, episode in found
    ]
    return Listing(
        provider=Source.TMDB,
        show_id=show_id,
        order=order,
        title="",
        year=None,
        status="",
        ids=frozenset({ExternalId(Source.TMDB, str(show_id))}),
        episodes=tuple(sorted(episodes, key=lambda episode: episode.number)),
        fetched_at=fetched_at,
    )
