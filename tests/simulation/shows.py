"""Invents shows as two catalogues list them, in the shapes in which TMDB and TheTVDB really differ.

A show is made of parts: what was broadcast, once and for all. Each catalogue lists rows, and a row holds one part or
several; what is true of a library is said of parts, so that it doesn't depend on who counts how. Changes when a
catalogue can differ in another way.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from plexgap.domain.episodes import SPECIALS, EpisodeNumber
from plexgap.domain.ids import Source
from tests.simulation import words

TODAY = date(2026, 11, 21)
Entry = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that was broadcast once. `day` None: announced without a date."""

    title: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Row:
    """An episode as a catalogue lists it in its aired order."""

    number: EpisodeNumber
    parts: Entry
    title: str
    day: date | None
    episode_id: int


@dataclass(frozen=True, slots=True)
class Catalogued:
    """The show at one catalogue. `orders`: by name, which number each episode id has there; an episode that an order
    doesn't have stands in none."""

    provider: Source
    show_id: int
    rows: tuple[Row, ...]
    orders: Mapping[str, Mapping[int, EpisodeNumber]] = field(default_factory=dict)

    @property
    def regular(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.number.is_special)


@dataclass(frozen=True, slots=True, eq=False)
class InventedShow:
    """`shape`: how the catalogues differ; `titled`: how the episodes are called."""

    name: str
    year: int
    shape: str
    titled: str
    parts: tuple[Part, ...]
    tmdb: Catalogued
    tvdb: Catalogued

    def at(self, provider: Source) -> Catalogued:
        return self.tmdb if provider is Source.TMDB else self.tvdb


@dataclass
class Draft:
    """One catalogue's way of listing it, while it is made up. `labels`: the seasons' numbers, 1 and on where empty."""

    seasons: list[list[Entry]]
    specials: list[Entry] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)


@dataclass
class Making:
    """A show while it is made up."""

    parts: list[Part]
    tmdb: Draft
    tvdb: Draft

    def both(self, dice: random.Random, *, tmdb_share: float = 0.5) -> tuple[Draft, Draft]:
        """The one that differs, and the other."""
        return (self.tmdb, self.tvdb) if dice.random() < tmdb_share else (self.tvdb, self.tmdb)


Shape = Callable[[Making, random.Random], None]


def _alike(making: Making, dice: random.Random) -> None:
    """Both list the same, as for most shows."""


def _split_otherwise(making: Making, dice: random.Random) -> None:
    """One keeps a season in two halves, or two seasons as one: a winter break, a streaming service's volumes."""
    mine, _ = making.both(dice)
    if len(mine.seasons) > 1 and dice.random() < 0.4:
        at = dice.randrange(len(mine.seasons) - 1)
        mine.seasons[at : at + 2] = [mine.seasons[at] + mine.seasons[at + 1]]
        return
    at = max(range(len(mine.seasons)), key=lambda place: len(mine.seasons[place]))
    season = mine.seasons[at]
    cut = len(season) // 2 + dice.randint(-1, 1)
    mine.seasons[at : at + 1] = [season[:cut], season[cut:]]


def _one_season_at_tmdb(making: Making, dice: random.Random) -> None:
    """TMDB keeps it as one season of a hundred, TheTVDB in several: long anime, children's shows."""
    making.tmdb.seasons = [[entry for season in making.tmdb.seasons for entry in season]]


def _one_season_at_tvdb(making: Making, dice: random.Random) -> None:
    making.tvdb.seasons = [[entry for season in making.tvdb.seasons for entry in season]]


def _special_in_the_season(making: Making, dice: random.Random) -> None:
    """What one has in season 0 (a Christmas special, a pilot film) the other counts in the season."""
    mine, _ = making.both(dice, tmdb_share=0.7)
    for _ in range(dice.randint(1, 3)):
        season = dice.choice([each for each in mine.seasons if len(each) > 3] or mine.seasons)
        at = dice.choice((0, len(season) - 1, dice.randrange(len(season))))
        mine.specials.append(season.pop(at))


def _merged_double(making: Making, dice: random.Random) -> None:
    """A double episode on one evening: one lists it once, the other twice."""
    mine, _ = making.both(dice, tmdb_share=0.65)
    for _ in range(dice.randint(1, 2)):
        season = dice.choice(mine.seasons)
        at = dice.choice((0, len(season) - 2))
        if len(season) < 4 or len(season[at]) > 1 or len(season[at + 1]) > 1:
            continue
        first, second = season[at][0], season[at + 1][0]
        making.parts[second] = replace(making.parts[second], day=making.parts[first].day)
        season[at : at + 2] = [(first, second)]


def _segments(making: Making, dice: random.Random) -> None:
    """A cartoon of two or three segments: one lists the segments, the other what was broadcast at a time."""
    mine, _ = making.both(dice)
    each = dice.randint(2, 3)
    for place, season in enumerate(mine.seasons):
        groups = [season[at : at + each] for at in range(0, len(season), each)]
        mine.seasons[place] = [tuple(part for entry in group for part in entry) for group in groups]
        for group in mine.seasons[place]:
            for part in group[1:]:
                making.parts[part] = replace(making.parts[part], day=making.parts[group[0]].day)


def _years(making: Making, dice: random.Random) -> None:
    """One calls its seasons by the year."""
    mine, _ = making.both(dice, tmdb_share=0.3)
    by_year: dict[int, list[Entry]] = {}
    for entry in (entry for season in mine.seasons for entry in season):
        day = making.parts[entry[0]].day
        by_year.setdefault(day.year if day else max(by_year), []).append(entry)
    mine.labels, mine.seasons = list(by_year), list(by_year.values())


def _order_apart(making: Making, dice: random.Random) -> None:
    """A network aired some out of order: one lists them as aired, the other as meant."""
    mine, _ = making.both(dice)
    season = dice.choice(mine.seasons)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(season) - 1)
        season[at], season[at + 1] = season[at + 1], season[at]


# How often each is met, in a hundred shows. Where nobody counted it, it is set high rather than low.
SHAPES: Mapping[str, tuple[int, Shape]] = {
    "alike": (50, _alike),
    "split otherwise": (10, _split_otherwise),
    "one season at TMDB": (6, _one_season_at_tmdb),
    "one season at TheTVDB": (3, _one_season_at_tvdb),
    "special in the season": (9, _special_in_the_season),
    "double counted once": (8, _merged_double),
    "segments": (4, _segments),
    "years": (4, _years),
    "order apart": (6, _order_apart),
}
TITLED = {"own titles": 88, "Episode N": 7, "parts of stories": 5}


@lru_cache(512)
def invent(seed: int, number: int) -> InventedShow:
    """The show of this number: the same for the same seed. Shapes and titles come as often as said, in turn."""
    dice = random.Random(f"{seed}/{number}")
    shape, titled = _drawn({name: share for name, (share, _) in SHAPES.items()}, dice), _drawn(TITLED, dice)
    making = _broadcast(titled, dice, least_seasons=1 if shape in ("alike", "order apart") else 2)
    SHAPES[shape][1](making, dice)
    _later_ones(making, dice)
    year = next(part.day for part in making.parts if part.day is not None).year
    shift = dice.choice((-1, 1)) if dice.random() < 0.06 else 0
    tmdb = _catalogued(Source.TMDB, 1_000 + number, making, making.tmdb, dice, shift)
    tvdb = _catalogued(Source.TVDB, 300_000 + number, making, making.tvdb, dice, 0)
    return InventedShow(
        name=words.show_title(dice),
        year=year,
        shape=shape,
        titled=titled,
        parts=tuple(making.parts),
        tmdb=replace(tmdb, orders=_groups(tmdb, dice)),
        tvdb=replace(tvdb, orders=_tvdb_orders(tvdb, dice)),
    )


def _drawn(shares: Mapping[str, int], dice: random.Random) -> str:
    return dice.choices(list(shares), weights=list(shares.values()))[0]


def _broadcast(titled: str, dice: random.Random, least_seasons: int) -> Making:
    """The parts in seasons, in the rhythm of a weekly, daily or streamed show, or one of two an evening."""
    count = max(least_seasons, dice.choices((1, 2, 3, 4, 5, 8), weights=(15, 20, 20, 20, 15, 10))[0])
    usual = dice.choices((6, 8, 10, 13, 22, 26), weights=(10, 20, 25, 20, 15, 10))[0]
    rhythm = dice.choices(("weekly", "daily", "at once", "two an evening"), weights=(68, 8, 16, 8))[0]
    start = date(dice.randint(1985, 2026 - count), dice.randint(1, 9), dice.randint(1, 28))
    parts: list[Part] = []
    seasons: list[list[Entry]] = []
    for season in range(count):
        length = max(4, usual + (dice.randint(-2, 3) if dice.random() < 0.5 else 0))
        day = start + timedelta(days=364 * season + 7 * dice.randint(-4, 4) * bool(season))
        first = len(parts)
        for place in range(length):
            parts.append(Part(_title(titled, dice, place, parts), min(day, TODAY - timedelta(days=5))))
            day += _until_next(rhythm, place, dice)
        seasons.append([(part,) for part in range(first, len(parts))])
    return Making(parts, Draft([list(season) for season in seasons]), Draft([list(season) for season in seasons]))


def _until_next(rhythm: str, place: int, dice: random.Random) -> timedelta:
    if rhythm == "at once":
        return timedelta()
    if rhythm == "daily":
        return timedelta(days=3 if place % 5 == 4 else 1)
    if rhythm == "two an evening" and place % 2 == 0:
        return timedelta()
    return timedelta(days=7 * (1 + (dice.random() < 0.1) * dice.randint(1, 4)))


def _title(titled: str, dice: random.Random, place: int, before: Sequence[Part]) -> str:
    if titled == "Episode N":
        return f"Episode {place + 1}"
    if titled == "parts of stories":
        story = before[-1].title[:-4] if place % 2 and before else words.episode_title(dice)
        return f"{story} ({place % 2 + 1})"
    return words.episode_title(dice)


def _later_ones(making: Making, dice: random.Random) -> None:
    """A few specials that both list, and what is announced of a show that goes on."""
    for _ in range(dice.choice((0, 0, 1, 3, 6))):
        day = making.parts[0].day
        assert day is not None
        making.parts.append(Part(words.episode_title(dice), day + timedelta(days=dice.randint(-30, 900))))
        for draft in (making.tmdb, making.tvdb):
            draft.specials.append((len(making.parts) - 1,))
    if dice.random() < 0.2:
        dated = dice.random() < 0.5
        for place in range(dice.randint(1, 6)):
            making.parts.append(Part("TBA", TODAY + timedelta(days=4 + 7 * place) if dated else None))
            for draft in (making.tmdb, making.tvdb):
                draft.seasons[-1].append((len(making.parts) - 1,))


def _catalogued(
    provider: Source, show_id: int, making: Making, draft: Draft, dice: random.Random, shift: int
) -> Catalogued:
    """`shift`: the days by which all its dates differ from the other's."""
    labels = draft.labels or range(1, len(draft.seasons) + 1)
    first_id = show_id * 1_000 + (50_000_000 if provider is Source.TVDB else 0)
    rows: list[Row] = []
    for season, entries in ((SPECIALS, draft.specials), *zip(labels, draft.seasons, strict=True)):
        for number, entry in enumerate(entries, start=1):
            parts = [making.parts[part] for part in entry]
            day = parts[0].day
            title = _listed_title(provider, number, [part.title for part in parts], dice)
            shifted = day and day + timedelta(days=shift)
            rows.append(Row(EpisodeNumber(season, number), entry, title, shifted, first_id + len(rows)))
    return Catalogued(provider, show_id, tuple(rows))


def _listed_title(provider: Source, number: int, titles: Sequence[str], dice: random.Random) -> str:
    """Of several parts all titles or that of the first; numbers of "Episode N" are the catalogue's own."""
    if titles[0].startswith("Episode "):
        return f"Episode {number}"
    whole = len(titles) == 1 or dice.random() < 0.5
    title = " / ".join(titles) if whole else titles[0].removesuffix(" (1)")
    return words.otherwise(title, dice) if provider is Source.TVDB else title


def _groups(tmdb: Catalogued, dice: random.Random) -> dict[str, dict[int, EpisodeNumber]]:
    """Episode groups of TMDB: few shows have one, and it is as people made it."""
    orders = {}
    if len(tmdb.regular) > 24 and dice.random() < 0.15:
        orders["group:absolute"] = _through(tmdb.regular)
    if dice.random() < 0.06:
        orders["group:dvd"] = _volumes(tmdb.regular, dice)
    return orders


def _tvdb_orders(tvdb: Catalogued, dice: random.Random) -> dict[str, dict[int, EpisodeNumber]]:
    """Which season types TheTVDB has of it, and how whole they are."""
    aired = tuple(row for row in tvdb.regular if row.day is not None and row.day <= TODAY)
    orders = {}
    if dice.random() < 0.55:
        orders["dvd"] = _dvd(tvdb, aired, dice)
    if dice.random() < 0.45:
        rows = aired
        form = dice.random()
        if form < 0.15:
            rows = aired[: max(4, len(aired) * 2 // 3)]
        elif form < 0.25:
            rows = tuple(sorted((row for row in tvdb.rows if row.day and row.day <= TODAY), key=_by_day))
        orders["absolute"] = _through(rows)
    if dice.random() < 0.08:
        orders["alternate"] = _volumes(aired, dice)
    return orders


def _by_day(row: Row) -> tuple[date, bool, EpisodeNumber]:
    return (row.day or TODAY, row.number.is_special, row.number)


def _dvd(tvdb: Catalogued, aired: Sequence[Row], dice: random.Random) -> dict[int, EpisodeNumber]:
    """As aired, shuffled within the seasons, in other volumes, with a special among them, or without the later ones."""
    form = dice.random()
    if form < 0.25:
        return {row.episode_id: row.number for row in aired}
    if form < 0.6:
        return _shuffled(aired, dice)
    if form < 0.75:
        return _volumes(aired, dice)
    if form < 0.85 and (specials := [row for row in tvdb.rows if row.number.is_special]):
        last = max(row.number for row in aired)
        return {row.episode_id: row.number for row in aired} | {
            dice.choice(specials).episode_id: EpisodeNumber(last.season, last.number + 1)
        }
    seasons = sorted({row.number.season for row in aired})
    kept = set(seasons[: max(1, len(seasons) - dice.randint(1, 2))])
    return _shuffled([row for row in aired if row.number.season in kept], dice)


def _shuffled(rows: Sequence[Row], dice: random.Random) -> dict[int, EpisodeNumber]:
    """The seasons as they are, some episodes in another place of theirs."""
    found: dict[int, EpisodeNumber] = {}
    for season in sorted({row.number.season for row in rows}):
        members = [row for row in rows if row.number.season == season]
        moved = list(members)
        for _ in range(dice.randint(0, max(1, len(members) // 3))):
            moved.insert(dice.randrange(len(moved)), moved.pop(dice.randrange(len(moved))))
        found |= {row.episode_id: at.number for row, at in zip(moved, members, strict=True)}
    return found


def _volumes(rows: Sequence[Row], dice: random.Random) -> dict[int, EpisodeNumber]:
    """Counted in volumes that care for no season."""
    size = dice.choice((6, 8, 12, 16))
    return {row.episode_id: EpisodeNumber(place // size + 1, place % size + 1) for place, row in enumerate(rows)}


def _through(rows: Sequence[Row]) -> dict[int, EpisodeNumber]:
    return {row.episode_id: EpisodeNumber(1, place + 1) for place, row in enumerate(rows)}
