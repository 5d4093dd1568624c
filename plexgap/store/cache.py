"""The JSON cache: what catalogues listed, one readable file a show. Verdicts are made from these files.

Changes when the form of the files changes; then FORM grows by one and older files count as absent. Everything here
may be deleted at any time: it costs requests, nothing else. Whether an answer still holds is decided in
gaps/freshness, never here.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PositiveInt
from pydantic_core import to_json

from plexgap.domain.catalogue import AIRED, Hits, KnownOrder, ListedEpisode, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, external_id, parse_guid
from plexgap.store.files import could_not, write_atomically
from plexgap.store.film_files import FilmFiles
from plexgap.store.json_files import StoredCandidate, candidates, read, title_mark, write

log = logging.getLogger(__name__)

FORM = 1

_KEPT_TITLES = ("tv-", "movie-", "collection-")
_TITLES = tuple(f"{start}*.json" for start in _KEPT_TITLES)
_ORDER = re.compile(r"[a-z]+(:[A-Za-z0-9]+)?")


@dataclass(frozen=True, slots=True)
class Found:
    """Which shows of a catalogue an id of another source belongs to; none: the catalogue knows none."""

    outside: ExternalId
    show_ids: tuple[int, ...]
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Searched:
    """What a catalogue offers for a title; `year`: the year that was sought with it."""

    title: str
    year: int | None
    hits: Hits
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class CacheStats:
    """What is kept: listings, bytes of all files, and when the oldest listing was written, as it was fetched."""

    titles: int
    bytes: int
    oldest: datetime | None


class _Stored(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _StoredEpisode(_Stored):
    season: Annotated[int, Field(ge=0)]
    number: Annotated[int, Field(ge=0)]
    title: str = ""
    air_date: date | None = None
    runtime_min: int | None = None
    id: int | None = None
    ids: tuple[str, ...] = ()


class _StoredOrder(_Stored):
    order: str
    name: str
    kind: str


class _StoredListing(_Stored):
    form: Literal[1]
    provider: Source
    id: PositiveInt
    order: str
    fetched_at: AwareDatetime
    title: str
    year: int | None
    status: str
    ids: tuple[str, ...]
    next_air_date: date | None
    complete: Literal[True]
    orders: tuple[_StoredOrder, ...] | None = None
    episodes: tuple[_StoredEpisode, ...]


class _StoredFound(_Stored):
    form: Literal[1]
    provider: Source
    outside: str
    fetched_at: AwareDatetime
    show_ids: tuple[PositiveInt, ...]


class _StoredSearch(_Stored):
    form: Literal[1]
    provider: Source
    title: str
    year: int | None
    fetched_at: AwareDatetime
    more: bool
    candidates: tuple[StoredCandidate, ...]


class Listings:
    """The files below `folder`: `tmdb/tv-1396.json` a listing, `tmdb/find-tvdb-81189.json` an answer to `find`,
    `tmdb/search-0f3a....json` one to a search; `find-tmdb-1396.json` under `tmdb` says that TMDB has no such show.
    Those of films are read and written by `films`, and emptied with the others.

    A file that can't be read, is of another form, or says that it is another show's counts as absent: it is logged,
    and the next save replaces it. Safe to use from several threads and processes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.films = FilmFiles(folder)

    def load(self, provider: Source, show_id: int, order: str = AIRED) -> Listing | None:
        """The listing as it was saved, of whatever age; None when there is none that can be read."""
        path = self._folder / self.listing_file(provider, show_id, order)
        stored = read(path, _StoredListing, FORM)
        if stored is None:
            return None
        if (stored.provider, stored.id, stored.order) != (provider, show_id, order):
            log.warning("%s is the listing of another title, left out", path)
            return None
        return _to_listing(stored)

    def save(self, listing: Listing) -> None:
        """Keeps it in place of the one before. Raises StoreError."""
        path = self._folder / self.listing_file(listing.provider, listing.show_id, listing.order)
        write_atomically(path, _to_text(listing), private=True, durable=False)

    def drop(self, provider: Source, show_id: int) -> None:
        """Forgets a show that the catalogue no longer lists, in every order. Raises StoreError."""
        aired = self._folder / self.listing_file(provider, show_id)
        for path in (aired, *aired.parent.glob(f"{aired.stem}-*.json")):
            _remove(path)

    def stamp(self, provider: Source, show_id: int, order: str = AIRED) -> int | None:
        """Moves with every save: when the file was last written, in nanoseconds; None when there is none."""
        return self.stamp_of(self.listing_file(provider, show_id, order))

    def stamp_of(self, file: str) -> int | None:
        """The same of any of our files by its name below the folder; None for "", which is none."""
        try:
            return os.stat(f"{self._folder}/{file}").st_mtime_ns if file else None  # noqa: PTH116 - asked by the thousand
        except OSError:
            return None

    def listing_file(self, provider: Source, show_id: int, order: str = AIRED) -> str:
        """Its name below the folder: of numbers and checked words alone, so that no name leads out of it."""
        if show_id <= 0 or not _ORDER.fullmatch(order):
            raise ValueError(f"{provider} {show_id} in {order!r} order is no listing")
        suffix = "" if order == AIRED else f"-{order.replace(':', '-')}"
        return f"{provider}/tv-{show_id}{suffix}.json"

    def found_file(self, provider: Source, outside: ExternalId) -> str:
        """Its name below the folder."""
        if external_id(outside.source, outside.value) != outside:
            raise ValueError(f"{outside} is no id")
        return f"{provider}/find-{outside.source}-{outside.value}.json"

    def search_file(self, provider: Source, title: str, year: int | None) -> str:
        """Its name below the folder. Titles hold anything: the name is made of their hash."""
        return f"{provider}/search-{title_mark(title, year)}.json"

    def found(self, provider: Source, outside: ExternalId) -> Found | None:
        """What `find` last said of this id, of whatever age; None when that was never asked or can't be read."""
        path = self._folder / self.found_file(provider, outside)
        stored = read(path, _StoredFound, FORM)
        if stored is None:
            return None
        if (stored.provider, stored.outside) != (provider, str(outside)):
            log.warning("%s is the answer for another id, left out", path)
            return None
        return Found(outside, stored.show_ids, stored.fetched_at)

    def save_found(self, provider: Source, found: Found) -> None:
        """Keeps it in place of the one before. Raises StoreError."""
        stored = {
            "form": FORM,
            "provider": provider,
            "outside": str(found.outside),
            "fetched_at": found.fetched_at.isoformat(),
            "show_ids": found.show_ids,
        }
        path = self._folder / self.found_file(provider, found.outside)
        write(path, stored)

    def searched(self, provider: Source, title: str, year: int | None) -> Searched | None:
        """What was last offered for this title and year, of whatever age; None when that was never asked or can't be
        read."""
        path = self._folder / self.search_file(provider, title, year)
        stored = read(path, _StoredSearch, FORM)
        if stored is None:
            return None
        if (stored.provider, stored.title, stored.year) != (provider, title, year):
            log.warning("%s is the answer for another title, left out", path)
            return None
        offered = tuple(each.read(provider) for each in stored.candidates)
        return Searched(title, year, Hits(offered, stored.more), stored.fetched_at)

    def save_searched(self, provider: Source, searched: Searched) -> None:
        """Keeps it in place of the one before. Raises StoreError."""
        stored = {
            "form": FORM,
            "provider": provider,
            "title": searched.title,
            "year": searched.year,
            "fetched_at": searched.fetched_at.isoformat(),
            "more": searched.hits.more,
            "candidates": candidates(searched.hits.candidates),
        }
        path = self._folder / self.search_file(provider, searched.title, searched.year)
        write(path, stored)

    def stats(self) -> CacheStats:
        """What is kept now, from the files alone: none of them is read."""
        size, written = 0, []
        for path in self._files():
            try:
                file = path.stat()
            except OSError:
                continue
            size += file.st_size
            if path.name.startswith(_KEPT_TITLES):
                written.append(file.st_mtime)
        oldest = datetime.fromtimestamp(min(written), UTC) if written else None
        return CacheStats(len(written), size, oldest)

    def clear(self) -> int:
        """Deletes everything; how many files that were. Raises StoreError when one can't be deleted."""
        return sum(_remove(path) for path in self._files())

    def _files(self) -> Iterator[Path]:
        for provider in Source:
            for form in (*_TITLES, "find-*.json", "search-*.json"):
                yield from sorted((self._folder / provider).glob(form))


def _remove(path: Path) -> bool:
    """Whether it was there. Raises StoreError."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise could_not("deleted", path, error) from error
    return True


def _to_listing(stored: _StoredListing) -> Listing:
    return Listing(
        provider=stored.provider,
        show_id=stored.id,
        order=stored.order,
        title=stored.title,
        year=stored.year,
        status=stored.status,
        ids=_to_ids(stored.ids),
        episodes=tuple(
            ListedEpisode(
                number=EpisodeNumber(episode.season, episode.number),
                title=episode.title,
                air_date=episode.air_date,
                runtime_min=episode.runtime_min,
                episode_id=episode.id,
                ids=_to_ids(episode.ids),
            )
            for episode in stored.episodes
        ),
        fetched_at=stored.fetched_at.astimezone(UTC),
        next_air_date=stored.next_air_date,
        orders=None
        if stored.orders is None
        else tuple(KnownOrder(each.order, each.name, each.kind) for each in stored.orders),
    )


def _to_ids(texts: Iterable[str]) -> frozenset[ExternalId]:
    return frozenset(found for text in texts if (found := parse_guid(text)) is not None)


def _to_text(listing: Listing) -> str:
    """One line a field and one line an episode, which a person can read and `diff` can compare. Not by `json`, which
    takes three times as long for that many short lines."""
    head: dict[str, object] = {
        "form": FORM,
        "provider": listing.provider,
        "id": listing.show_id,
        "order": listing.order,
        "fetched_at": listing.fetched_at.isoformat(),
        "title": listing.title,
        "year": listing.year,
        "status": listing.status,
        "ids": sorted(map(str, listing.ids)),
        "next_air_date": _day(listing.next_air_date),
        "complete": True,
    }
    if listing.orders is not None:
        head["orders"] = [asdict(order) for order in listing.orders]
    lines = [f" {_json(name)}: {_json(value)}," for name, value in head.items()]
    episodes = ",\n".join(f"  {_json(_episode(episode))}" for episode in listing.episodes)
    return "\n".join(["{", *lines, ' "episodes": [', episodes, " ]", "}", ""])


def _episode(episode: ListedEpisode) -> dict[str, object]:
    """What is not known is left out."""
    season, number = episode.number
    values: dict[str, object] = {"season": season, "number": number}
    if episode.title:
        values["title"] = episode.title
    if episode.air_date is not None:
        values["air_date"] = episode.air_date.isoformat()
    if episode.runtime_min is not None:
        values["runtime_min"] = episode.runtime_min
    if episode.episode_id is not None:
        values["id"] = episode.episode_id
    if episode.ids:
        values["ids"] = sorted(map(str, episode.ids))
    return values


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _json(value: object) -> str:
    return to_json(value).decode()
