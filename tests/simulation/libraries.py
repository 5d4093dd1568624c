"""What Plex holds of an invented show in one combination of numbering, ids, titles, dates and settings.

What is held follows from what was left out, never the other way round. Changes when Plex can show an episode otherwise.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.domain.library import HeldEpisode, HeldShow, ShowItem
from tests.simulation import words
from tests.simulation.shows import TODAY, Catalogued, InventedShow, Row

_FEW = 3


class Numbering(StrEnum):
    """How the files are numbered. The aired orders of the two catalogues count apart: they differ in half the shows."""

    TMDB = "aired, TMDB's"
    TVDB = "aired, TheTVDB's"
    DVD = "DVD"
    ABSOLUTE = "absolute"
    ONE_SEASON = "one season"


class Ids(StrEnum):
    ALL = "ids on all"
    HALF = "ids on half"
    NONE = "no ids"


class Titles(StrEnum):
    SAME = "titles the same"
    FOREIGN = "titles foreign"
    EPISODE_N = "titles 'Episode N'"


class Dates(StrEnum):
    SAME = "dates the same"
    DAY_OFF = "dates a day off"
    WEEKS_OFF = "dates weeks off"
    NONE = "no dates"


class Key(StrEnum):
    YES = "TVDB key"
    NO = "no TVDB key"


class Setting(StrEnum):
    """Whether Plex says the order of the show (`showOrdering`)."""

    SAID = "Plex says the order"
    NOT = "Plex says nothing"


class Lack(StrEnum):
    THREE = "three lack"
    ONE_SEASON_HELD = "one season held"


@dataclass(frozen=True, slots=True)
class Combination:
    numbering: Numbering
    ids: Ids
    titles: Titles
    dates: Dates
    key: Key
    setting: Setting
    lack: Lack

    def __iter__(self) -> Iterator[StrEnum]:
        return iter((self.numbering, self.ids, self.titles, self.dates, self.key, self.setting, self.lack))


DIMENSIONS = (Numbering, Ids, Titles, Dates, Key, Setting, Lack)
COMBINATIONS = tuple(Combination(*each) for each in itertools.product(*DIMENSIONS))


@dataclass(frozen=True, slots=True)
class Library:
    """`held` as plexgap sees it; `parts`: what of the show is really there. `ordering`: Plex's showOrdering."""

    held: HeldShow
    parts: frozenset[int]
    ordering: str


@dataclass(frozen=True, slots=True)
class _Copy:
    """A Plex episode before its details: the row of the catalogue that Plex took it from, under its number."""

    number: EpisodeNumber
    row: Row


def numbered(show: InventedShow, numbering: Numbering) -> tuple[Source, str, tuple[_Copy, ...]] | None:
    """The catalogue that Plex took it from, what its showOrdering would be ("" where there is no name for it), and
    every aired episode under its number. None: nobody can hold this show so."""
    if numbering is Numbering.TMDB:
        return Source.TMDB, "tmdbAiring", _as_aired(show.tmdb)
    if numbering is Numbering.TVDB:
        return Source.TVDB, "aired", _as_aired(show.tvdb)
    if numbering is Numbering.ONE_SEASON:
        mine = show.tmdb if len(show.parts) % 2 else show.tvdb
        through = tuple(_Copy(EpisodeNumber(1, at), row) for at, row in enumerate(_aired(mine), start=1))
        return mine.provider, "", (*through, *_specials(mine))
    name = "dvd" if numbering is Numbering.DVD else "absolute"
    order = show.tvdb.orders.get(name)
    return None if order is None else (Source.TVDB, name, _in_order(show.tvdb, order, counted_on=name == "absolute"))


def library(show: InventedShow, combination: Combination, seed: int) -> Library | None:
    """What Plex holds; None where the combination can't be, or is no other than one before."""
    found = numbered(show, combination.numbering)
    if found is None:
        return None
    provider, ordering, copies = found
    said = combination.setting is Setting.SAID
    if said and not ordering:
        return None
    # Titles, dates and ids don't change what is left out: one show loses the same in all of them.
    dice = random.Random(f"{seed}/{show.name}/{combination.numbering}/{combination.lack}")
    kept = _lacking_three(copies, dice) if combination.lack is Lack.THREE else _one_season(copies, show, dice)
    detail = random.Random(f"{seed}/{show.name}/{'/'.join(combination)}")
    episodes = (*_episodes(show, show.at(provider), kept, combination, detail), *_unlisted(show, kept, copies, dice))
    item = ShowItem(
        rating_key="1",
        section_uuid="tv",
        section_title="TV Shows",
        title=show.name,
        year=show.year,
        guid="plex://show/1",
        ids=_show_ids(show),
        revision=1,
    )
    parts = frozenset(part for copy in kept for part in copy.row.parts)
    in_order = tuple(sorted(episodes, key=lambda episode: (episode.season or 0, episode.number or 0)))
    return Library(HeldShow(item, in_order), parts, ordering if said else "")


def _show_ids(show: InventedShow) -> frozenset[ExternalId]:
    given = (external_id(Source.TMDB, show.tmdb.show_id), external_id(Source.TVDB, show.tvdb.show_id))
    return frozenset(each for each in given if each is not None)


def _aired(mine: Catalogued) -> tuple[Row, ...]:
    return tuple(row for row in mine.regular if row.day is not None and row.day <= TODAY)


def _specials(mine: Catalogued) -> tuple[_Copy, ...]:
    """Half of the people have them."""
    rows = [row for row in mine.rows if row.number.is_special and row.day is not None and row.day <= TODAY]
    return tuple(_Copy(row.number, row) for row in rows) if mine.show_id % 2 else ()


def _as_aired(mine: Catalogued) -> tuple[_Copy, ...]:
    return (*(_Copy(row.number, row) for row in _aired(mine)), *_specials(mine))


def _in_order(mine: Catalogued, order: Mapping[int, EpisodeNumber], *, counted_on: bool) -> tuple[_Copy, ...]:
    """Under the order's numbers. What it doesn't have is counted on behind its last, or stands under its aired number
    where that is free."""
    copies = [_Copy(order[row.episode_id], row) for row in mine.rows if row.episode_id in order]
    taken = {copy.number for copy in copies}
    for row in (row for row in _aired(mine) if row.episode_id not in order):
        number = EpisodeNumber(1, max(taken).number + 1) if counted_on else row.number
        if number not in taken:
            copies.append(_Copy(number, row))
            taken.add(number)
    specials = [copy for copy in _specials(mine) if copy.row.episode_id not in order]
    return (*sorted(copies, key=lambda copy: copy.number), *specials)


def _lacking_three(copies: Sequence[_Copy], dice: random.Random) -> tuple[_Copy, ...]:
    regular = [copy for copy in copies if not copy.number.is_special]
    lost = dice.sample(regular, min(_FEW, len(regular) // 2))
    return tuple(copy for copy in copies if copy not in lost)


def _one_season(copies: Sequence[_Copy], show: InventedShow, dice: random.Random) -> tuple[_Copy, ...]:
    """One season of the files' own numbering; where that has only one, those of one aired season."""
    regular = [copy for copy in copies if not copy.number.is_special]
    by_season: dict[int, list[_Copy]] = {}
    for copy in regular:
        by_season.setdefault(copy.number.season, []).append(copy)
    if len(by_season) == 1:
        season_of = max(
            (_seasons_by_part(mine) for mine in (show.tmdb, show.tvdb)), key=lambda of: len(set(of.values()))
        )
        by_season = {}
        for copy in regular:
            by_season.setdefault(season_of.get(copy.row.parts[0], 0), []).append(copy)
    return tuple(by_season[dice.choice(list(by_season))])


def _seasons_by_part(mine: Catalogued) -> dict[int, int]:
    return {part: row.number.season for row in mine.regular for part in row.parts}


def _episodes(
    show: InventedShow, mine: Catalogued, kept: Sequence[_Copy], combination: Combination, dice: random.Random
) -> tuple[HeldEpisode, ...]:
    with_ids = _with_ids(len(kept), combination.ids, dice)
    days = _days([copy.row.day for copy in kept], combination.dates, dice)
    made = []
    for place, (copy, day) in enumerate(zip(kept, days, strict=True)):
        ids = _episode_ids(show, mine, copy.row) if place in with_ids else frozenset()
        title = _title(copy, combination.titles, dice)
        made.append(HeldEpisode(str(place + 10), *copy.number, title=title, air_date=day, ids=ids))
    return tuple(made)


def _unlisted(
    show: InventedShow, kept: Sequence[_Copy], copies: Sequence[_Copy], dice: random.Random
) -> tuple[HeldEpisode, ...]:
    """One library in eight has something of its own behind a season: deleted scenes, a making-of. Its number is one
    that nobody lists, and that no episode has or had."""
    if dice.random() >= 1 / 8 or not kept:
        return ()
    season = max(copy.number.season for copy in kept)
    listed = (row.number for mine in (show.tmdb, show.tvdb) for row in mine.rows)
    orders = (number for mine in (show.tmdb, show.tvdb) for order in mine.orders.values() for number in order.values())
    numbers = itertools.chain(listed, orders, (copy.number for copy in copies))
    last = max(number.number for number in numbers if number.season == season)
    titles = ("Behind the Scenes", "Deleted Scenes")[: dice.randint(1, 2)]
    return tuple(
        HeldEpisode(f"9{place}", season, last + place, title=title) for place, title in enumerate(titles, start=1)
    )


def _with_ids(count: int, ids: Ids, dice: random.Random) -> set[int]:
    """Half: those added before some day, or scattered."""
    if ids is Ids.HALF:
        return set(range(count // 2)) if dice.random() < 0.5 else set(dice.sample(range(count), count // 2))
    return set(range(count)) if ids is Ids.ALL else set()


def _episode_ids(show: InventedShow, mine: Catalogued, row: Row) -> frozenset[ExternalId]:
    """Plex's ids of an episode: that of the catalogue it came from, and the other's where that one's begins alike. One
    show in four has those of one catalogue alone."""
    known = {mine.provider: row.episode_id}
    other = show.tvdb if mine is show.tmdb else show.tmdb
    twin = next((each for each in other.rows if each.parts[0] == row.parts[0]), None)
    if twin is not None and show.tmdb.show_id % 4:
        known[other.provider] = twin.episode_id
    given = (external_id(source, value) for source, value in known.items())
    return frozenset(each for each in given if each is not None)


def _days(days: Sequence[date | None], dates: Dates, dice: random.Random) -> list[date | None]:
    """A day off: a time zone, for all of them or by chance. Weeks off: another country, in the same rhythm some weeks
    later, or in a rhythm of its own."""
    if dates is Dates.NONE:
        return [None] * len(days)
    if dates is Dates.SAME:
        return list(days)
    if dates is Dates.DAY_OFF:
        by = dice.choice(((1,), (-1,), (-1, 0, 1)))
        return [day and day + timedelta(days=dice.choice(by)) for day in days]
    if dice.random() < 0.3:
        first = min(day for day in days if day is not None) + timedelta(days=dice.randint(60, 500))
        step = dice.choice((1, 7))
        return [day and first + timedelta(days=step * place) for place, day in enumerate(days)]
    later = timedelta(days=7 * dice.randint(2, 40) + dice.choice((0, 0, 1, 3)))
    return [day and day + later for day in days]


def _title(copy: _Copy, titles: Titles, dice: random.Random) -> str:
    if titles is Titles.FOREIGN:
        return words.foreign_title(dice)
    return copy.row.title if titles is Titles.SAME else f"Episode {copy.number.number}"


def of_another(library: Library, other: InventedShow) -> Library:
    """The same files, but the show's ids in Plex are another show's."""
    item = replace(library.held.item, ids=_show_ids(other))
    return replace(library, held=replace(library.held, item=item))
