"""Absent episodes under the numbers of TMDB's aired order, which outside addresses count by. Pure.

Source: design/gaps.md 9. Changes when the way from one catalogue's numbers to the other's changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from plexgap.domain.catalogue import AIRED, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import Source
from plexgap.domain.library import HeldEpisode
from plexgap.domain.verdicts import Absent, MatchRule
from plexgap.gaps.held import pair
from plexgap.gaps.numbering import aired_numbering
from plexgap.gaps.orders import Settled

_SURE = (MatchRule.EPISODE_ID, MatchRule.NUMBER_CONFIRMED, MatchRule.TITLE_AND_DATE)


def in_aired_numbers(absent: Sequence[Absent], settled: Settled, known: Listing) -> tuple[Absent, ...]:
    """The same with their aired numbers, where another order is shown. `known`: the listing in aired order of the
    catalogue that knows the title; where that is not TMDB, nobody knows them."""
    if known.provider is not Source.TMDB or (settled.aired.provider is Source.TMDB and settled.shown.order == AIRED):
        return tuple(absent)
    same = settled.aired.provider is Source.TMDB
    numbers = {e.episode_id: e.number for e in known.episodes} if same else _of_the_other(settled.aired, known)
    return tuple(replace(e, aired=numbers.get(e.episode_id) if e.episode_id else None) for e in absent)


def _of_the_other(listing: Listing, known: Listing) -> dict[int | None, EpisodeNumber]:
    """By the episode ids of `listing`, where both catalogues surely mean the same one."""
    as_held = [
        HeldEpisode(str(e.episode_id), e.number.season, e.number.number, e.title, e.air_date, e.ids)
        for e in listing.episodes
        if e.episode_id is not None
    ]
    matches = pair(as_held, known.provider, aired_numbering(known).listed).matches
    return {int(key): match.number for key, match in matches.items() if match.rule in _SURE}
