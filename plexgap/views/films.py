"""What a report says of films: every collection that was begun, and the held films that could not be placed.

One moment, one person's settings, as in views/report.py. Nothing here is counted a second time elsewhere: every page
and every export takes its numbers from FilmTally. Source: design/gaps.md 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from plexgap.domain.catalogue import Candidate
from plexgap.domain.decisions import Ignore, TitleRef
from plexgap.domain.ids import ExternalId
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps.links import Link

_ANNOUNCED = (Standing.JUST_AIRED, Standing.UPCOMING, Standing.UNDATED)


@dataclass(frozen=True, slots=True)
class FilmLine:
    """A film of a collection as it stands now, held or not. It is keyed by `tmdb_id`.

    `year`: of its release, else as Plex gives it; None where nobody knows. `rating_keys`, `libraries`: of its copies in
    Plex, none where it is absent. `poster_key`: the rating key whose picture stands for it, "" where it is absent;
    `poster_path`: TMDB's own picture of it ("/abc.jpg"), "" where it has none. `imdb_id`: known of held films, and of
    missing ones once it was looked up. `links`: where a missing film may be sought, the first one on Debrid Media
    Manager; none for any other. `not_rechecked`: it came due after Plex was last read. `removed`: an earlier snapshot
    held it. `why`: whole sentences, "" of a held one.
    """

    tmdb_id: int
    title: str
    year: int | None
    release_date: date | None
    standing: Standing
    rating_keys: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    poster_key: str = ""
    poster_path: str = ""
    imdb_id: str | None = None
    links: tuple[Link, ...] = ()
    ignore: Ignore | None = None
    removed: bool = False
    not_rechecked: bool = False
    why: str = ""

    @property
    def is_held(self) -> bool:
        return self.standing is Standing.HELD

    @property
    def is_missing(self) -> bool:
        return self.standing is Standing.MISSING

    @property
    def is_ignored(self) -> bool:
        return self.standing is Standing.IGNORED

    @property
    def is_announced(self) -> bool:
        """Not released, released within the last hours (`recent_threshold_hours`), or without a date."""
        return self.standing in _ANNOUNCED


@dataclass(frozen=True, slots=True)
class CollectionReport:
    """A collection of which films are held, with every part that the settings let count.

    `collection_id` is a slug ("collection-8091"), stable, fit for keys and addresses. `state`: COMPLETE, GAPS or
    UNKNOWN; one whose every missing film is ignored is complete. `reason`: one sentence where it is UNKNOWN. `lines`:
    held, missing, announced and ignored films in order of release, those without a date last. `held`, `listed`:
    released parts only, ignored ones included in `listed`; `held` never exceeds it. `checked_at`: when TMDB said so
    (UTC); `stale`: the lookup failed, the lines are those of `checked_at`. An UNKNOWN one that was never read has no
    lines but the held films that belong to it. `ignore`: the one that covers the collection as a whole.
    `unsure`: it is UNKNOWN only because a film that needs mapping may be one of its own; no lookup failed.
    """

    collection_id: str
    tmdb_id: int
    name: str
    state: State
    reason: str | None
    lines: tuple[FilmLine, ...]
    held: int
    listed: int
    libraries: tuple[str, ...] = ()
    checked_at: datetime | None = None
    stale: bool = False
    ignore: Ignore | None = None
    unsure: bool = False

    @property
    def is_judged(self) -> bool:
        """Whether it counts: it is known which of its films are missing."""
        return self.state in (State.COMPLETE, State.GAPS)

    @property
    def missing(self) -> tuple[FilmLine, ...]:
        return tuple(line for line in self.lines if line.is_missing)

    @property
    def announced(self) -> tuple[FilmLine, ...]:
        return tuple(line for line in self.lines if line.is_announced)

    @property
    def ignored(self) -> tuple[FilmLine, ...]:
        return tuple(line for line in self.lines if line.is_ignored)


@dataclass(frozen=True, slots=True)
class FilmToMap:
    """A film in Plex of which nobody knows which of TMDB's it is, so that no collection counts it.

    `state`: NEEDS_MAPPING (the person must say which; `candidates` best first, `show_id` being the film's id at TMDB),
    or UNKNOWN (a lookup failed; the next check asks again). `reason`: one sentence. `film_id`: a slug ("plex-123"),
    stable. `ref`, `ids`: for a decision to keep.
    """

    film_id: str
    ref: TitleRef
    title: str
    year: int | None
    rating_keys: tuple[str, ...]
    libraries: tuple[str, ...]
    ids: frozenset[ExternalId]
    state: State
    reason: str
    candidates: tuple[Candidate, ...] = ()
    poster_key: str = ""
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class GoneCollection:
    """A collection that TMDB no longer has, and the held films that were of it: a finding of library health, neither a
    gap nor unknown. `name` "" where it is not known any more."""

    tmdb_id: int
    name: str
    films: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilmTally:
    """Counts that every page shows alike: collections = complete + with_gaps + unknown. `unsure`: those of the unknown
    that only wait for a film to be mapped.

    `films`: held ones, each once whatever its copies. `missing`, `announced`, `ignored`: films of judged collections;
    `with_announced`: collections (of any judged state) that have announced films. `to_map`, `unknown_films`: held films
    in no collection as yet, because they need mapping or a lookup failed. `not_checked_yet`: unknown films that no
    check has looked at so far.
    """

    films: int = 0
    collections: int = 0
    complete: int = 0
    with_gaps: int = 0
    unknown: int = 0
    unsure: int = 0
    missing: int = 0
    announced: int = 0
    with_announced: int = 0
    ignored: int = 0
    to_map: int = 0
    unknown_films: int = 0
    not_checked_yet: int = 0

    @property
    def need_you(self) -> int:
        """Collections and films that were not judged."""
        return self.unknown + self.to_map + self.unknown_films

    @property
    def failed(self) -> int:
        """Those of them that a lookup failed for, or that were not looked up so far."""
        return self.unknown - self.unsure + self.unknown_films


@dataclass(frozen=True, slots=True)
class Films:
    """All that a report says of films. `collections` by name and number; `open` (to map, and unknown) by title.
    `problem`: why nothing can be said of them at all, whole sentences: there is no key of TMDB."""

    collections: tuple[CollectionReport, ...] = ()
    open: tuple[FilmToMap, ...] = ()
    gone: tuple[GoneCollection, ...] = ()
    tally: FilmTally = FilmTally()
    problem: str = ""


NO_FILMS = Films()
