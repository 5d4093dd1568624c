"""One show under the numbers of several orders: the same episodes, told by the catalogue's own ids. Pure.

Source: design/matching.md 3. Changes when the way an order's numbers are put beside the aired ones changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from plexgap.domain.catalogue import ABSOLUTE, AIRED, ListedEpisode, Listing
from plexgap.domain.episodes import SPECIALS, EpisodeNumber

_PLACEHOLDER_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Numbering:
    """A show under the numbers of `order`, to place held episodes by: `listed` in number order, dates usable.

    Two may bear the same number, and a special of the aired order may bear a regular one.
    """

    order: str
    listed: tuple[ListedEpisode, ...]

    def placed_in(self, shown: Numbering) -> Mapping[EpisodeNumber, tuple[EpisodeNumber, ...]] | None:
        """Which numbers of `shown` the episodes of each number here have; None: each its own."""
        if self is shown:
            return None
        there = {_key(episode): episode.number for episode in shown.listed}
        numbers: dict[EpisodeNumber, tuple[EpisodeNumber, ...]] = {}
        for episode in self.listed:
            if (number := there.get(_key(episode))) is not None:
                numbers[episode.number] = (*numbers.get(episode.number, ()), number)
        return numbers


def aired_numbering(aired: Listing) -> Numbering:
    """The show as it was aired."""
    return Numbering(AIRED, usable_dates(aired))


def numbering(aired: Listing, other: Listing) -> Numbering:
    """The show under the numbers of another order, to place held episodes by.

    An order that lists fewer regular episodes than the aired one is incomplete: what it leaves out keeps its aired
    number, where that is free; an absolute order is counted on instead: nobody numbers the end of one in seasons.
    Specials that it doesn't number keep theirs in any case.
    """
    known = {_key(episode): episode for episode in usable_dates(aired)}
    rows = [_renumbered(known, episode) for episode in other.episodes]
    taken = {row.number for row in rows}
    numbered = {_key(row) for row in rows}
    partial = _is_partial(aired, other)
    rest = [
        episode
        for key, episode in known.items()
        if key not in numbered and episode.number not in taken and (partial or episode.number.is_special)
    ]
    if other.order == ABSOLUTE:
        rest = _counted_on(rows, rest)
    return Numbering(other.order, tuple(sorted((*rows, *rest), key=lambda episode: episode.number)))


def shown_numbering(aired: Listing, other: Listing) -> Numbering:
    """The show as it is shown to someone whose files follow the other order: every episode once, each number once.

    What is a special when aired stays one, under its aired number. The second of two that share a number stands behind
    the last of its season. What an incomplete order leaves out keeps its aired number; where those clash, the whole is
    shown in aired order.
    """
    known = {_key(episode): episode for episode in usable_dates(aired)}
    shown = {e.number: (key, e) for key, e in known.items() if e.number.is_special}
    placed = {key for key, _ in shown.values()}
    rows = sorted((row for row in other.episodes if not row.number.is_special), key=lambda row: row.number)
    last = {row.number.season: row.number.number for row in rows}
    for row in rows:
        key, number = _key(row), row.number
        if key in placed:
            continue
        if number in shown:
            last[number.season] += 1
            number = EpisodeNumber(number.season, last[number.season])
        shown[number] = (key, replace(_renumbered(known, row), number=number))
        placed.add(key)
    for key, episode in known.items() if _is_partial(aired, other) else ():
        if key in placed:
            continue
        if episode.number in shown:
            return aired_numbering(aired)
        shown[episode.number] = (key, episode)
    ordered = sorted(shown)
    return Numbering(other.order, tuple(shown[number][1] for number in ordered))


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


def _counted_on(rows: Sequence[ListedEpisode], rest: Sequence[ListedEpisode]) -> list[ListedEpisode]:
    """The rest with its regular episodes numbered on behind the last of an order."""
    last = max((row.number for row in rows if not row.number.is_special), default=EpisodeNumber(1, 0))
    regular = [episode for episode in rest if not episode.number.is_special]
    numbers = (EpisodeNumber(last.season, last.number + place) for place in range(1, len(regular) + 1))
    counted = [replace(episode, number=number) for episode, number in zip(regular, numbers, strict=True)]
    return [*(episode for episode in rest if episode.number.is_special), *counted]


def _is_partial(aired: Listing, other: Listing) -> bool:
    return _regular(other.episodes) < _regular(aired.episodes)


def _regular(episodes: Sequence[ListedEpisode]) -> int:
    return sum(not episode.number.is_special for episode in episodes)


def _renumbered(known: Mapping[Hashable, ListedEpisode], row: ListedEpisode) -> ListedEpisode:
    """The episode as the aired order knows it, under the number of this row."""
    own = known.get(_key(row))
    return row if own is None else replace(own, number=row.number)


def _key(episode: ListedEpisode) -> Hashable:
    return episode.number if episode.episode_id is None else episode.episode_id
