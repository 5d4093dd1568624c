"""Held against listed: which listed episodes are absent. Pure; identities before numbers.

Source: design/gaps.md 2 and 4, design/matching.md 2. Time and decisions play no part here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from plexgap.domain.catalogue import AIRED, ListedEpisode, Listing
from plexgap.domain.episodes import SPECIALS, EpisodeNumber
from plexgap.domain.ids import ExternalId, external_id
from plexgap.domain.library import HeldEpisode, HeldShow
from plexgap.domain.verdicts import Absent, Comparison, Extra, Match, MatchRule, SeasonRow

_PLACEHOLDER_YEAR = 1900


def compare(held: Sequence[HeldShow], listing: Listing) -> Comparison:
    """One title's held episodes, the union over its items, against one listing.

    An episode is held when a Plex episode carries the same episode id, whatever its number, or else, for those that
    no id places, the same season and number. Several copies may satisfy one listed episode; one Plex episode
    satisfies only one. Dates that are no dates come out as None.
    """
    episodes = [episode for show in held for episode in show.episodes]
    matched = _matched_by_id(episodes, listing)
    matched |= _matched_by_number((e for e in episodes if e.rating_key not in matched), listing.episodes)
    satisfied: dict[EpisodeNumber, Match] = {}
    for match in matched.values():
        satisfied.setdefault(match.number, match)
    dated = usable_dates(listing)
    absent = tuple(
        Absent(listed.number, listed.title, listed.air_date, listed.episode_id, listed.ids)
        for listed in dated
        if listed.number not in satisfied
    )
    extra = tuple(
        Extra(episode.rating_key, episode.season, episode.number, episode.title, episode.air_date)
        for episode in episodes
        if episode.rating_key not in matched
    )
    return Comparison(
        matches=tuple(satisfied[listed.number] for listed in dated if listed.number in satisfied),
        absent=absent,
        extra=extra,
    )


def season_rows(listing: Listing, comparison: Comparison) -> tuple[SeasonRow, ...]:
    """The listing season by season, one letter an episode, for the gap bar and the totals."""
    absent = {episode.number for episode in comparison.absent}
    rows = []
    for season, episodes in groupby(usable_dates(listing), key=lambda episode: episode.number.season):
        members = tuple(episodes)
        rows.append(
            SeasonRow(
                season=season,
                row="".join("a" if episode.number in absent else "h" for episode in members),
                numbers=tuple(episode.number.number for episode in members),
                days=tuple(episode.air_date.toordinal() if episode.air_date else 0 for episode in members),
            )
        )
    return tuple(rows)


def usable_dates(listing: Listing) -> tuple[ListedEpisode, ...]:
    """The listing's episodes in number order, placeholder dates taken out.

    A placeholder is a date up to 1900 and, from the second season of the aired order on, one before the earliest
    date of the first season: TMDB keeps such dates for episodes it knows only by name.
    """
    episodes = sorted(listing.episodes, key=lambda episode: episode.number)
    first_season = min((e.number.season for e in episodes if e.number.season > SPECIALS), default=None)
    opening = min(
        (
            e.air_date
            for e in episodes
            if e.number.season == first_season and e.air_date is not None and e.air_date.year > _PLACEHOLDER_YEAR
        ),
        default=None,
    )

    def usable(episode: ListedEpisode) -> date | None:
        day = episode.air_date
        if day is None or day.year <= _PLACEHOLDER_YEAR:
            return None
        later = first_season is not None and episode.number.season > first_season
        return None if listing.order == AIRED and later and opening is not None and day < opening else day

    return tuple(replace(e, air_date=day) if (day := usable(e)) != e.air_date else e for e in episodes)


def _matched_by_id(episodes: Iterable[HeldEpisode], listing: Listing) -> dict[str, Match]:
    by_id: dict[ExternalId, EpisodeNumber] = {}
    for entry in listing.episodes:
        for own in (*entry.ids, external_id(listing.provider, entry.episode_id)):
            if own is not None:
                by_id.setdefault(own, entry.number)
    return {
        episode.rating_key: Match(by_id[min(known)], episode.rating_key, MatchRule.EPISODE_ID)
        for episode in episodes
        if (known := [own for own in episode.ids if own in by_id])
    }


def _matched_by_number(episodes: Iterable[HeldEpisode], listed: Iterable[ListedEpisode]) -> dict[str, Match]:
    numbers = {entry.number for entry in listed}
    return {
        episode.rating_key: Match(number, episode.rating_key, MatchRule.NUMBER)
        for episode in episodes
        if episode.season is not None
        and episode.number is not None
        and (number := EpisodeNumber(episode.season, episode.number)) in numbers
    }
