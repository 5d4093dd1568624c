"""Held against listed: which listed episodes are absent. Pure; identities before numbers.

Source: design/gaps.md 2 and 4, design/matching.md 2. Time and decisions play no part here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from plexgap.domain.catalogue import AIRED, ListedEpisode, Listing
from plexgap.domain.episodes import SPECIALS, EpisodeNumber
from plexgap.domain.library import HeldEpisode, HeldShow
from plexgap.domain.verdicts import Absent, Comparison, Extra, Match, MatchRule, SeasonRow, Weight
from plexgap.gaps.further import further
from plexgap.gaps.held import Paired, pair

_PLACEHOLDER_YEAR = 1900
_AGREEING = frozenset(MatchRule) - {MatchRule.NUMBER, MatchRule.NEIGHBOURS, MatchRule.FILE}


def compare(held: Sequence[HeldShow], listing: Listing) -> Comparison:
    """One title's held episodes, the union over its items, against one listing.

    Each item's episodes are placed by themselves (gaps/held.py); several copies may satisfy one listed episode, one
    Plex episode satisfies only one. Dates that are no dates come out as None.
    """
    listed = usable_dates(listing)
    paired = [pair(show.episodes, listing, listed) for show in held]
    matched = {key: match for one in paired for key, match in one.matches.items()}
    satisfied: dict[EpisodeNumber, Match] = {}
    for match in matched.values():
        satisfied.setdefault(match.number, match)
    satisfied |= _in_files(held, paired, listed, satisfied)
    episodes = [episode for show in held for episode in show.episodes]
    return Comparison(
        matches=tuple(satisfied[one.number] for one in listed if one.number in satisfied),
        absent=tuple(
            Absent(one.number, one.title, one.air_date, one.episode_id, one.ids)
            for one in listed
            if one.number not in satisfied
        ),
        extra=tuple(
            Extra(episode.rating_key, episode.season, episode.number, episode.title, episode.air_date)
            for episode in episodes
            if episode.rating_key not in matched
        ),
        weight=_weight(episodes, matched, trusted=all(one.trusted for one in paired)),
    )


def _in_files(
    held: Sequence[HeldShow],
    paired: Sequence[Paired],
    listed: Sequence[ListedEpisode],
    satisfied: Mapping[EpisodeNumber, Match],
) -> dict[EpisodeNumber, Match]:
    """What lacks by itself, but stands in a file of a held one that holds several."""
    order = [episode.number for episode in listed]
    absent = [number for number in order if number not in satisfied]
    found: dict[EpisodeNumber, Match] = {}
    for show, one in zip(held, paired, strict=True):
        placed = {key: match.number for key, match in one.matches.items()}
        for number, key in further(show.episodes, placed, order, absent).items():
            found.setdefault(number, Match(number, key, MatchRule.FILE))
    return found


def _weight(episodes: Iterable[HeldEpisode], matched: Mapping[str, Match], *, trusted: bool) -> Weight:
    regular = [episode for episode in episodes if episode.season != SPECIALS]
    rules = [matched[e.rating_key].rule if e.rating_key in matched else None for e in regular]
    return Weight(
        held=len(regular),
        unmatched=sum(rule is None for rule in rules),
        sure=sum(rule in (MatchRule.EPISODE_ID, MatchRule.NUMBER_CONFIRMED) for rule in rules),
        dated=sum(episode.air_date is not None for episode in regular),
        agreeing=sum(rule in _AGREEING for rule in rules),
        trusted=trusted,
        number_confirmed=any(rule in (MatchRule.EPISODE_ID, MatchRule.NUMBER_CONFIRMED) for rule in rules),
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
