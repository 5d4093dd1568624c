"""What is ahead of a library: upcoming, just out and undated episodes and films, as the page, the calendar and the feed
name them. Changes when that counts or names something otherwise.

The report decides which they are (design/gaps.md 2): nothing ignored, excluded, held or unjudged stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plexgap.domain.episodes import EpisodeNumber, numbers_label
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Standing
from plexgap.views import words
from plexgap.views.export import is_future
from plexgap.views.film_lines import is_ahead
from plexgap.views.films import CollectionReport, FilmLine
from plexgap.views.lines import Names
from plexgap.views.report import EpisodeLine, Report, ShowReport


class What(StrEnum):
    """Specials are counted apart from episodes, as everywhere."""

    EPISODE = "episode"
    SPECIAL = "special"
    FILM = "film"


@dataclass(frozen=True, slots=True)
class Coming:
    """An absent episode or film that is ahead, has just come out, or has no date yet.

    `key`: the same as long as its catalogue means the same thing by it, whatever its date and number. `title_id`: of
    its show or, of a film, of itself. `title`: the show's, with the year where two shows share it; or the film's.
    `name`: the episode's, or the film's collection. `day`: the catalogue's, without zone or time; None: no date yet.
    `poster`: what our route of pictures calls it, "" where there is none. `counted`: it counts as missing already
    (`exclude_future` off).
    """

    key: str
    title_id: str
    what: What
    title: str
    number: EpisodeNumber
    name: str
    day: date | None
    source: Source | None
    libraries: tuple[str, ...]
    poster: str
    just_out: bool = False
    counted: bool = False

    @property
    def code(self) -> str:
        """ "S05 E03"; "" of a film."""
        return "" if self.what is What.FILM else numbers_label(self.number.season, (self.number.number,))


@dataclass(frozen=True, slots=True)
class Ahead:
    """All of them: `dated` by day, title and number; `just_out` alike; `undated` by title and number."""

    dated: tuple[Coming, ...]
    just_out: tuple[Coming, ...]
    undated: tuple[Coming, ...]


def ahead(report: Report) -> Ahead:
    """What is ahead of everything that was judged."""
    every = sorted((*_episodes(report), *_films(report)), key=_order)
    return Ahead(
        dated=tuple(one for one in every if one.day is not None and not one.just_out),
        just_out=tuple(one for one in every if one.just_out),
        undated=tuple(one for one in every if one.day is None),
    )


def how_many(found: Iterable[Coming]) -> str:
    """ "3 episodes", "1 episode, 1 special and 2 films"; "" for none."""
    kinds = [one.what for one in found]
    return words.listed(words.count(kinds.count(what), what.value) for what in What if what in kinds)


def of_shows(found: Iterable[Coming]) -> str:
    """ "6 episodes of 6 shows", "1 special of 1 show and 2 films"."""
    known = tuple(found)
    of_a_show = [one for one in known if one.what is not What.FILM]
    shows = len({one.title_id for one in of_a_show})
    told = f"{how_many(of_a_show)} of {words.count(shows, 'show')}" if of_a_show else ""
    return words.listed(part for part in (told, how_many(one for one in known if one.what is What.FILM)) if part)


def episode_key(show: ShowReport, line: EpisodeLine) -> str:
    """ "tmdb-episode-62005"; by its number where the catalogue gives it no id."""
    if show.provider is not None and line.episode_id is not None:
        return f"{show.provider}-episode-{line.episode_id}"
    return f"{show.title_id}-{line.number}".lower()


def film_key(line: FilmLine) -> str:
    return f"tmdb-film-{line.tmdb_id}"


def _episodes(report: Report) -> Iterator[Coming]:
    names = Names(report.shows)
    for show in report.shows:
        if show.is_judged:
            for season in show.all_seasons:
                for line in season.lines:
                    if _is_coming(line, report):
                        yield _episode(show, line, names)


def _is_coming(line: EpisodeLine, report: Report) -> bool:
    if line.standing is Standing.MISSING:
        return is_future(line, report.as_of)
    return line.standing in (Standing.UPCOMING, Standing.JUST_AIRED, Standing.UNDATED)


def _episode(show: ShowReport, line: EpisodeLine, names: Names) -> Coming:
    return Coming(
        key=episode_key(show, line),
        title_id=show.title_id,
        what=What.SPECIAL if line.number.is_special else What.EPISODE,
        title=names.of(show),
        number=line.number,
        name=" ".join(line.title.split()),
        day=line.air_date,
        source=show.provider,
        libraries=show.libraries,
        poster=show.poster_key if show.poster_key.isdigit() else "",
        just_out=line.standing is Standing.JUST_AIRED,
        counted=line.standing is Standing.MISSING,
    )


def _films(report: Report) -> Iterator[Coming]:
    for collection in report.collections:
        if collection.is_judged:
            for line in (*collection.announced, *collection.missing):
                if line.is_announced or is_ahead(line, report.as_of):
                    yield _film(collection, line)


def _film(collection: CollectionReport, line: FilmLine) -> Coming:
    return Coming(
        key=film_key(line),
        title_id=film_key(line),
        what=What.FILM,
        title=" ".join(line.title.split()),
        number=EpisodeNumber(0, 0),
        name=" ".join(collection.name.split()),
        day=line.release_date,
        source=Source.TMDB,
        libraries=collection.libraries,
        poster=f"tmdb-{line.tmdb_id}",
        just_out=line.standing is Standing.JUST_AIRED,
        counted=line.is_missing,
    )


def _order(one: Coming) -> tuple[date, str, str, EpisodeNumber]:
    return (one.day or date.max, one.title.casefold(), one.title_id, one.number)
