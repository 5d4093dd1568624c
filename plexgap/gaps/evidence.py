"""What titles and dates say of a pair of episodes: what confirms it, what contradicts it. Pure.

Source: design/matching.md 2. Built for the held episodes of one Plex item and one listing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from plexgap.domain.catalogue import ListedEpisode
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.library import HeldEpisode

_NEAR_DAYS = 1
_RELIABLE_SHARE = 0.8
_SHORTEST_TITLE = 5
_FEW = 5
# "Episode 5", "Part 2", "Pilot", "TBA", "S01E05", a date: such a title stands on any episode.
_SAYS_NOTHING = re.compile(
    r"(?:s\d+)?(?:(?:the)?pilot|tb[acd]|untitled|unknown|(?:episode|epizod\w*|episodio|folge|afsnit|avsnitt|part|chapter|ep|e)?\d*)"
)


def plain_title(title: str) -> str:
    """The title as it is compared: no accents, case, spaces or punctuation; "" where it says nothing."""
    letters = unicodedata.normalize("NFKD", title.replace("&", " and ")).casefold()
    plain = "".join(letter for letter in letters if letter.isalnum())
    return "" if len(plain) < _SHORTEST_TITLE or _SAYS_NOTHING.fullmatch(plain) else plain


class Evidence:
    """Which listed episode a held one names by its title or its date."""

    def __init__(
        self, held: Sequence[HeldEpisode], listed: Sequence[ListedEpisode], known: Mapping[str, EpisodeNumber]
    ) -> None:
        """`known`: the places of those that an id has placed, by rating key."""
        self._listed: dict[EpisodeNumber, ListedEpisode] = {}
        for episode in listed:
            self._listed.setdefault(episode.number, episode)
        self._titles = _unique((plain_title(episode.title), episode.number) for episode in listed)
        dated = sorted((e.air_date.toordinal(), e.number) for e in listed if e.air_date is not None)
        self._days = [day for day, _ in dated]
        self._numbers = [number for _, number in dated]
        self._plain = {episode.rating_key: plain_title(episode.title) for episode in held}
        days = [episode.air_date.toordinal() for episode in held if episode.air_date is not None]
        near = sum(bool(self._around(day, _NEAR_DAYS)) for day in days)
        apart = self._days_apart(held, known)
        self._reliable = (
            bool(days)
            and near >= _RELIABLE_SHARE * len(days)
            and not _another_calendar(apart or self._by_numbers(held))
        )
        # Where nothing places any, five that fall on listed days are taken for the same calendar.
        on_days = len(days) >= _FEW and all(self._around(day, 0) for day in days)
        self._within = 0 if (all(gap == 0 for gap in apart) if apart else on_days) else _NEAR_DAYS

    def by_title(self, held: HeldEpisode) -> EpisodeNumber | None:
        """The one listed episode that bears its title."""
        plain = self._plain[held.rating_key]
        return self._titles.get(plain) if plain else None

    def by_date(self, held: HeldEpisode) -> EpisodeNumber | None:
        """The one listed episode of its date, where dates may speak for themselves."""
        if held.air_date is None or not self._reliable:
            return None
        found = self._around(held.air_date.toordinal(), self._within)
        return found[0] if len(found) == 1 else None

    def same_day(self, held: HeldEpisode, number: EpisodeNumber) -> bool:
        """Whether the dates of the two lie within a day: late nights and time zones."""
        listed = self._listed[number].air_date
        return listed is not None and held.air_date is not None and abs(listed - held.air_date).days <= _NEAR_DAYS

    def confirms(self, held: HeldEpisode, number: EpisodeNumber) -> bool:
        """Whether the title, or the date with nothing in the title against it, says that the two are one."""
        title = self.by_title(held)
        return title == number or (title is None and self.same_day(held, number))

    def tells(self, held: HeldEpisode, number: EpisodeNumber) -> bool:
        """Whether its title or its date is that of this episode and of no other: what an order is weighed by."""
        return number in (self.by_title(held), self.by_date(held))

    def contradicts(self, held: HeldEpisode, number: EpisodeNumber) -> bool:
        """Whether its title is that of another listed episode, or its date that of others. What is found nowhere says
        nothing, nor does a date where the listed episode has none."""
        title = self.by_title(held)
        if title is not None:
            return title != number
        if held.air_date is None or not self._reliable or self._listed[number].air_date is None:
            return False
        return not self.same_day(held, number) and bool(self._around(held.air_date.toordinal(), self._within))

    def _around(self, day: int, within: int) -> list[EpisodeNumber]:
        start = bisect_left(self._days, day - within)
        end = bisect_left(self._days, day + within + 1)
        return self._numbers[start:end]

    def _days_apart(self, held: Iterable[HeldEpisode], known: Mapping[str, EpisodeNumber]) -> list[int]:
        """How many days the dates of the two lie apart, of those that an id or a title places."""
        return self._gaps((episode, known.get(episode.rating_key) or self.by_title(episode)) for episode in held)

    def _by_numbers(self, held: Iterable[HeldEpisode]) -> list[int]:
        """The same of those that bear a listed number; empty unless nearly all lie equally far apart, as they do in
        a country that broadcasts a show some weeks later. Another numbering shows other gaps."""
        numbered = (
            (episode, EpisodeNumber(episode.season, episode.number))
            for episode in held
            if episode.season is not None and episode.number is not None
        )
        gaps = self._gaps(numbered)
        most = Counter(gaps).most_common(1)
        return gaps if most and len(gaps) >= _FEW and most[0][1] >= _RELIABLE_SHARE * len(gaps) else []

    def _gaps(self, pairs: Iterable[tuple[HeldEpisode, EpisodeNumber | None]]) -> list[int]:
        return [
            (held.air_date - listed.air_date).days
            for held, number in pairs
            if number is not None
            and held.air_date is not None
            and (listed := self._listed.get(number)) is not None
            and listed.air_date is not None
        ]


def _another_calendar(gaps: Sequence[int]) -> bool:
    """Whether too many known pairs lie more than a day apart: dates of that show say nothing by themselves."""
    return bool(gaps) and sum(abs(gap) <= _NEAR_DAYS for gap in gaps) < _RELIABLE_SHARE * len(gaps)


def _unique(pairs: Iterable[tuple[str, EpisodeNumber]]) -> dict[str, EpisodeNumber]:
    """Titles that say something and stand once."""
    known = [(title, number) for title, number in pairs if title]
    often = Counter(title for title, _ in known)
    return {title: number for title, number in known if often[title] == 1}
