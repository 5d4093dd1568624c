"""The order in which a scan asks about films: collections that are known, then films, then what is missing.

Source: design/gaps.md 7, 8. As few questions as will do: a film that a collection lists needs none of its own, so one
film of each family is asked for before the others of it (gaps/film_titles). Stopping anywhere keeps what was found.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from plexgap.domain import events
from plexgap.domain.errors import NotListed, Rejected, SourceError
from plexgap.domain.events import Event, Phase
from plexgap.domain.films import CollectionCheck, FilmCheck
from plexgap.domain.verdicts import Outcome
from plexgap.gaps import freshness
from plexgap.gaps.film_titles import FilmTitle, first_of_families
from plexgap.jobs import selection
from plexgap.jobs.film_desk import Fetched, FilmDesk
from plexgap.jobs.film_lookup import FilmLookup, NoFilm, Placed
from plexgap.jobs.lookup import Asking
from plexgap.jobs.parts import Parts, Services
from plexgap.jobs.pool import Pool
from plexgap.sources.brake import going_at

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FilmsChecked:
    """`films`: titles in scope; `unasked`: those that TMDB was not asked about. `unknown_films`, `unknown_collections`:
    those whose lookup failed."""

    films: int = 0
    unasked: int = 0
    unknown_films: int = 0
    unknown_collections: int = 0


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run comes by its answers. `again`: everything is asked for again; `anew`: with validators, whatever its
    age; `sparing`: what is complete isn't asked for (refresh cached)."""

    again: bool = False
    anew: bool = False
    sparing: bool = False

    def of_film(self, before: FilmCheck | None) -> Asking:
        if self.again:
            return Asking.AGAIN
        if self.anew or (before is not None and before.outcome is Outcome.UNKNOWN):
            return Asking.ANEW
        is_settled = before is not None and before.outcome is Outcome.JUDGED
        return Asking.NOTHING if self.sparing and is_settled else Asking.EXPIRED

    def of_collection(self, before: CollectionCheck | None) -> Asking:
        if self.again:
            return Asking.AGAIN
        if self.anew or (before is not None and before.outcome is Outcome.UNKNOWN):
            return Asking.ANEW
        is_settled = before is not None and not before.absent
        return Asking.NOTHING if self.sparing and is_settled else Asking.EXPIRED


@dataclass(frozen=True, slots=True)
class _Looked:
    """What became of a film: which one it is, and the collection that its own answer led to."""

    placed: Placed | NoFilm | None
    fetched: Fetched | None = None


def check_films(
    manner: Manner, parts: Parts, services: Services, libraries: Sequence[str] = ()
) -> Generator[Event, None, FilmsChecked]:
    """Every film in scope and the collections they belong to; stored when all is asked, or when the run is stopped.

    Raises Rejected when TMDB refuses its key, StoreError, and Cancelled. A film or collection that fails becomes
    unknown and the others go on. Without a key of TMDB nothing is asked and nothing changes.
    """
    titles = selection.films(parts, libraries) if services.films is not None else ()
    if not titles:
        return FilmsChecked()
    begun = going_at(services.stop)
    yield events.PhaseStarted(Phase.FILMS)
    lookup = FilmLookup(parts, services.films)
    desk = FilmDesk(parts, lookup, titles, again=manner.again)
    run = _Run(manner, parts, services, lookup, desk)
    try:
        yield from run.ask()
    finally:
        # What was found is kept however it ends: nothing of it says more than TMDB did.
        films, collections = desk.checks()
        if films or collections:
            parts.index.save_films(films, collections, parts.now() - freshness.LONGEST)
    yield from desk.changes(collections)
    unknown = desk.unknown()
    for title, advice in unknown:
        log.warning("%s (%s) is unknown: %s", title.name, title.year, advice)
        yield events.Warning("movie", title.name, advice, title.rating_keys[0])
    yield events.PhaseDone(Phase.FILMS, going_at(services.stop) - begun)
    return FilmsChecked(len(titles), len(titles) - run.films_asked, len(unknown), len(desk.unknown_collections()))


class _Run:
    """One run's questions, in their order."""

    def __init__(self, manner: Manner, parts: Parts, services: Services, lookup: FilmLookup, desk: FilmDesk) -> None:
        self._manner = manner
        self._workers = parts.settings.workers
        self._stop = services.stop
        self._lookup = lookup
        self._desk = desk
        self.films_asked = 0

    def ask(self) -> Iterator[Event]:
        desk = self._desk
        yield events.Total(Phase.FILMS, "", len(desk.titles))
        yield from self._collections(desk.begun(), self._manner)
        waiting = [title for title in desk.titles if not self._is_done(title)]
        done = 0
        for each in first_of_families(waiting):
            open_ones = [title for title in each if not desk.is_settled(title)]
            # A film of which nothing could be told was looked at all the same: what is done never grows less.
            done = max(done, len(desk.titles) - sum(not desk.is_settled(title) for title in waiting))
            done = yield from self._films(open_ones, done)
        yield from self._collections(dict(desk.outdated()), Manner(anew=True))
        self.films_asked = self._lookup.films_asked
        self._details()
        total = len(desk.titles)
        yield events.Progress(Phase.FILMS, "", "", total, total)

    def _is_done(self, title: FilmTitle) -> bool:
        """Whether nothing need be asked about it, or nothing of it moved and all that was said holds."""
        if self._desk.is_settled(title):
            return True
        before = self._desk.previous(title)
        is_skipped = self._manner.of_film(before) in (Asking.EXPIRED, Asking.NOTHING) and self._desk.still_holds(title)
        if is_skipped:
            log.debug("%s (%s) is skipped: nothing moved, and all that was said of it holds", title.name, title.year)
        return is_skipped

    def _collections(self, names: Mapping[int, str], manner: Manner) -> Iterator[Event]:
        def fetch(number: int) -> Fetched:
            return self._fetch(number, names[number], manner.of_collection(self._desk.before.get(number)))

        with Pool(fetch, self._workers, self._stop) as pool:
            for done in pool.results(sorted(names)):
                if done is not None and done.error is not None:
                    raise done.error
                if done is not None and done.result is not None:
                    yield from self._desk.take(done.result)

    def _films(self, titles: Sequence[FilmTitle], done: int) -> Generator[Event, None, int]:
        """These films, where so many are done already; how many are then."""
        total = len(self._desk.titles)
        with Pool(self._look, self._workers, self._stop) as pool:
            for one in pool.results(titles):
                if one is None:
                    continue
                title, error = one.task, one.error
                if error is not None and not isinstance(error, SourceError):
                    raise error
                looked = one.result
                self._desk.place(title, error if looked is None else looked.placed)
                if looked is not None and looked.fetched is not None:
                    yield from self._desk.take(looked.fetched)
                done = min(done + 1, total)
                yield events.Progress(Phase.FILMS, title.items[0].section_title, title.name, done, total)
        return done

    def _look(self, title: FilmTitle) -> _Looked:
        before = self._desk.previous(title)
        asking = self._manner.of_film(before)
        placed = self._lookup.place(title, self._desk.override(title), asking, self._desk.is_listed)
        facts = placed.facts if isinstance(placed, Placed) else None
        if facts is None or facts.collection_id is None or self._desk.is_fetched(facts.collection_id):
            return _Looked(placed)
        number = facts.collection_id
        how = self._manner.of_collection(self._desk.before.get(number))
        return _Looked(placed, self._fetch(number, facts.collection_name, how))

    def _fetch(self, number: int, name: str, asking: Asking) -> Fetched:
        if asking in (Asking.EXPIRED, Asking.NOTHING):
            stored = self._desk.stored(number, name, of_any_age=asking is Asking.NOTHING)
            if stored is not None:
                return stored
        before = self._desk.before.get(number)
        is_gone = before is not None and before.is_gone
        if asking is Asking.NOTHING and not is_gone and self._desk.last_good(number) is None:
            asking = Asking.EXPIRED  # nothing is left of it that could be shown
        try:
            return Fetched(number, name, self._lookup.collection(number, asking))
        except (NotListed, SourceError) as error:
            return Fetched(number, name, error=error)

    def _details(self) -> None:
        """IMDb ids and lengths of what is missing. Without them a film is as missing as before; so a failure is not
        told, and the next run asks again."""
        with Pool(self._lookup.details, self._workers, self._stop) as pool:
            for done in pool.results(self._desk.wanting_details()):
                if done is None or done.error is None:
                    continue
                if isinstance(done.error, Rejected) or not isinstance(done.error, SourceError):
                    raise done.error
                log.info("no details of film %s: %s", done.task, done.error)
