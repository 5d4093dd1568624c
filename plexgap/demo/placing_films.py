"""From film cases to the world: films and collections into the catalogue and Plex, and their truth.

Changes when a collection case can say something new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from plexgap.demo import names
from plexgap.demo.library import FilmEntry
from plexgap.demo.listed import ListedCollection, ListedFilm
from plexgap.demo.placing import Placing, hex_id
from plexgap.demo.truth import CollectionTruth, FilmTruth
from plexgap.domain.verdicts import State

MOVIES, MOVIES_4K = "Movies", "Movies 4K"


@dataclass(frozen=True, slots=True)
class Copy:
    """One Plex item of a film. `ids` as in `case.Item`; `guid`: plex, local or a legacy agent's name."""

    section: str = MOVIES
    ids: tuple[str, ...] = ("imdb", "tmdb", "tvdb")
    guid: str = "plex"
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A film. `released_in`: days from today, None with `raw` where it has no such day. `copies`: empty = not held."""

    released_in: int | None = None
    raw: str | None = ""
    copies: tuple[Copy, ...] = ()
    title: str | None = None
    adult: bool = False
    video: bool = False
    runtime: int = 104
    has_imdb: bool = True
    on_tmdb: bool = True
    searchable: bool = True


@dataclass(frozen=True, slots=True)
class CollectionCase:
    """A collection in order of release. `missing`, `announced`: places in `parts`, from 0.

    `held`, `listed`: released parts after the filters, stated. `belongs_elsewhere`: its films name another collection.
    """

    tags: str
    parts: tuple[Part, ...]
    held: int
    listed: int
    missing: tuple[int, ...] = ()
    announced: tuple[int, ...] = ()
    state: State | None = None
    shown: bool = True
    on_tmdb: bool = True
    plain_names: bool = False
    name: str | None = field(default=None)


class PlacingFilms:
    """Puts films behind the shows, in the same world. `held`: film items placed in Plex so far."""

    def __init__(self, placing: Placing) -> None:
        self._placing = placing
        # Films and shows count in number spaces of their own, which overlap: film 61,020 is no show.
        self._next_film = placing.first_show
        self._next_collection = 9_100 + 7 * (placing.seed % 103)
        self._added = placing.filled
        self.held = 0

    @property
    def seed(self) -> int:
        return self._placing.seed

    @property
    def today(self) -> date:
        return self._placing.today

    def collection(self, case: CollectionCase) -> CollectionTruth:
        """Places one collection with its films and states its truth."""
        self._next_collection += 2
        title = case.name or self._placing.titles.next()
        films = [self._list(part, part.title or names.sequel(title, place)) for place, part in enumerate(case.parts, 1)]
        made = ListedCollection(
            tmdb_id=self._next_collection,
            name=names.collection_name(title),
            parts=[film.tmdb_id for film in films],
            on_tmdb=case.on_tmdb,
            plain_names=case.plain_names,
        )
        self._placing.catalogue.collections[made.tmdb_id] = made
        for film, part in zip(films, case.parts, strict=True):
            film.collection = made.tmdb_id
            self._hold(film, part)
        truth = CollectionTruth(
            tags=frozenset(case.tags.split()),
            tmdb_id=made.tmdb_id,
            name=made.name,
            state=case.state or (State.GAPS if case.missing else State.COMPLETE),
            held=case.held,
            listed=case.listed,
            missing=tuple(films[place].tmdb_id for place in case.missing),
            announced=tuple(films[place].tmdb_id for place in case.announced),
            shown=case.shown,
        )
        self._placing.collection_truths.append(truth)
        return truth

    def single(self, part: Part, tags: str = "") -> None:
        """A film of no collection. With tags it is one that no id leads from."""
        film = self._list(part, part.title or self._placing.titles.next())
        keys = self._hold(film, part)
        if tags:
            found = film.tmdb_id if film.on_tmdb and film.searchable else None
            self._placing.film_truths.append(FilmTruth(frozenset(tags.split()), film.title, film.year, keys, found))

    def _list(self, part: Part, title: str) -> ListedFilm:
        self._next_film += 3
        day = None if part.released_in is None else self.today + timedelta(days=part.released_in)
        film = ListedFilm(
            tmdb_id=self._next_film,
            imdb_id=f"tt{1_900_000 + self._next_film}" if part.has_imdb else None,
            title=title,
            year=day.year if day else None,
            release_date=day.isoformat() if day else part.raw,
            runtime=part.runtime,
            adult=part.adult,
            video=part.video,
            on_tmdb=part.on_tmdb,
            searchable=part.searchable,
        )
        self._placing.catalogue.add_film(film)
        return film

    def _hold(self, film: ListedFilm, part: Part) -> tuple[str, ...]:
        library = self._placing.library
        keys = []
        for copy in part.copies:
            key = library.new_keys()
            self._added += 1_200
            library.add_film(
                FilmEntry(
                    section=library.titled(copy.section),
                    key=key,
                    film=film,
                    title=film.title,
                    year=film.year,
                    guid=_guid(self.seed, copy, film, key),
                    guids=_outside(copy, film),
                    added=self._added,
                    edition=copy.edition,
                    watched=key % 3 == 0,
                )
            )
            keys.append(str(key))
            self.held += 1
        return tuple(keys)


def _guid(seed: int, copy: Copy, film: ListedFilm, key: int) -> str:
    if copy.guid == "plex":
        return f"plex://movie/{hex_id(seed, 'movie', film.tmdb_id)}"
    if copy.guid == "imdb":
        return f"com.plexapp.agents.imdb://{film.imdb_id}?lang=en"
    if copy.guid == "themoviedb":
        return f"com.plexapp.agents.themoviedb://{film.tmdb_id}?lang=en"
    return f"local://{key}"


def _outside(copy: Copy, film: ListedFilm) -> tuple[str, ...]:
    if copy.guid != "plex":
        return ()
    known = {"imdb": film.imdb_id, "tmdb": film.tmdb_id, "tvdb": film.tvdb_id}
    return tuple(f"{name}://{known[name]}" for name in copy.ids if known[name] is not None)
