"""What all tabs of the process share: the open library, its report, its posters. Changes when sharing changes.

The library is the person's own or the invented one, for the whole process. Nothing here draws.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import streamlit as st

from plexgap import wiring
from plexgap.config import ROOT, Loaded, Paths, load, paths_in
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.domain.errors import ConfigError, PlexgapError, StoreError
from plexgap.domain.events import RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.library import Kind
from plexgap.gaps.freshness import LONGEST
from plexgap.jobs.history import last_run
from plexgap.jobs.lookup import sources_of
from plexgap.jobs.runner import RUNNER
from plexgap.jobs.thumbs import WORKERS, Shelf, Thumbs, Wanted
from plexgap.sources.plex import Plex
from plexgap.sources.tmdb_images import TmdbImages
from plexgap.store.index import Facets
from plexgap.store.logs import start_logging
from plexgap.views import collections, missing, words
from plexgap.views.memo import Memo
from plexgap.views.report import Report, RunSummary
from plexgap.views.shows import NOTHING_NEW, Counts, missing_now, new_gaps

log = logging.getLogger(__name__)

DEMO_SEED = 1
_LOOK_LEAST_S = 2.0
_LOOK_PART = 20
_RUNS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Place:
    """The open library. `number` grows with every change of place or settings, so that tabs notice."""

    number: int
    house: wiring.House
    thumbs: Thumbs
    hang_up: Callable[[], None]
    demo: bool
    memo: Memo = field(default_factory=Memo)

    @property
    def ready(self) -> bool:
        """Whether the settings suffice for a check."""
        return not self.house.settings.lacking

    @property
    def catalogues(self) -> tuple[Source, ...]:
        """Those that are asked, the first one first."""
        return sources_of(self.house.settings)


class Places:
    """Opens one library at a time. Thread-safe. Raises PlexgapError when it can't be opened."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._lock = threading.RLock()
        self._place: Place | None = None
        self._demo = env.get("PLEXGAP_DEMO", "") not in ("", "0")
        self._servers: DemoServers | None = None
        self._number = 0

    def present(self) -> Place:
        """The open library; the first call opens it."""
        with self._lock:
            if self._place is None:
                self._place = self._open()
            return self._place

    @property
    def number(self) -> int:
        """Of the open library, without opening one, or waiting for one that is being opened."""
        return self._number

    def go(self, *, demo: bool) -> bool:
        """Change to the invented library or back to the own one; False while a check runs. What can't be opened is
        left for the one before."""
        with self._lock:
            if RUNNER.snapshot.running:
                return False
            before, self._demo = self._demo, demo
            if before != demo or self._place is None:
                self._leave()
                try:
                    self._place = self._open()
                except PlexgapError:
                    self._demo = before
                    raise
            return True

    def reopen(self) -> None:
        """Open the same library anew, because its settings changed."""
        with self._lock:
            self._leave()
            self._place = self._open()

    def own(self) -> Loaded:
        """The person's own settings as they stand on disk and in the environment; the first start writes the file."""
        return load(ROOT, env=self._env, write_defaults=not self._demo)

    def _open(self) -> Place:
        """Tabs are told by the number when it is done, also where it can't be opened."""
        number = self._number + 1
        try:
            return self._opened(number)
        finally:
            self._number = number

    def _opened(self, number: int) -> Place:
        loaded = self._demo_settings() if self._demo else self.own()
        start_logging(loaded.paths.log, secrets=loaded.secrets)
        house = wiring.open_house(loaded)
        for sentence in loaded.notices:
            house.state.add_notice(sentence)
        thumbs, hang_up = _thumbs(house)
        return Place(number, house, thumbs, hang_up, self._demo)

    def _leave(self) -> None:
        if self._place is not None:
            self._place.thumbs.close()
            self._place.hang_up()
            self._place = None
        RUNNER.forget()

    def _paths(self) -> Paths:
        """Where data lies, also while a setting is wrong."""
        try:
            return load(ROOT, env=self._env).paths
        except ConfigError:
            return paths_in(Path(self._env.get("PLEXGAP_HOME") or ROOT / "data").expanduser().absolute())

    def _demo_settings(self) -> Loaded:
        """The invented library's own home and addresses; its servers start with the first visit and stay."""
        if self._servers is None:
            world = make_world(DEMO_SEED, now=lambda: datetime.now(UTC))
            self._servers = DemoServers(world)
        home = self._paths().demo
        return load(ROOT, env=self._servers.exports(), config_path=home / "config.json", home=home)


PLACES = Places(os.environ)


def report(place: Place) -> Report:
    """Everything at this minute. Tabs share one and the same until a fact, a decision or the minute changes."""
    house = place.house
    decided = house.decisions.stamp()
    minute = int(house.now().timestamp() // 60)
    facts = (house.index.revision(), house.parts.watchlist.stamp())
    found = _report(place.number, facts, decided, minute, place)
    POSTERS.note(place, found)
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def _report(
    number: int, facts: tuple[int, int | None], decided: tuple[int, ...] | None, minute: int, _place: Place
) -> Report:
    return wiring.report(_place.house, memo=_place.memo)


def stamp(place: Place, zone: tzinfo) -> tuple[object, ...]:
    """Moves when a page would look different: another library or other settings, a job of ours that began or ended, a
    decision; and while none of ours runs, a check of cron or of a terminal, or the last one's age in words."""
    house, snap = place.house, RUNNER.snapshot
    moved = (PLACES.number, snap.running, snap.number, house.decisions.stamp())
    if snap.running:
        return moved
    begun, ended = last_run(house.index, house.scan_lock), house.index.last_run()
    age = (
        words.age(ended.finished_at, house.now().replace(second=0, microsecond=0), zone)
        if ended and ended.finished_at
        else ""
    )
    return (*moved, begun and (begun.run_id, begun.status), age)


def last_runs(place: Place) -> Mapping[str, RunSummary]:
    """The last run of each mode that ended."""
    found: dict[str, RunSummary] = {}
    for run in place.house.index.runs(_RUNS_LOOKED_AT):
        if run.finished_at is not None and run.mode not in found:
            found[run.mode] = RunSummary(run.mode, run.status, run.started_at, run.finished_at, run.stats, run.advice)
    return found


def lasted(place: Place) -> Mapping[str, Mapping[str, float]]:
    """How many seconds each phase took by mode, the last time that a check of it came to its end."""
    found: dict[str, dict[str, float]] = {}
    for run in place.house.index.runs(_RUNS_LOOKED_AT):
        if run.status in (RunStatus.OK, RunStatus.PARTIAL) and run.stats.phases:
            found[run.mode] = {**run.stats.phases, **found.get(run.mode, {})}
    return found


def facets(place: Place) -> Facets:
    """What titles can be told apart by, as of the last check: it reads too much to be asked for each drawing."""
    run = place.house.index.last_run()
    return _facets(place.number, run.run_id if run is not None else 0, place)


@st.cache_resource(max_entries=4, show_spinner=False)
def _facets(number: int, run: int, _place: Place) -> Facets:
    return _place.house.index.facets()


class Differences:
    """How many shows and collections would look different, looked up rarely enough to cost next to nothing beside a
    running check."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._again_at = 0.0
        self._latest: tuple[int, Report] | None = None
        self._counted: tuple[Report, Report, int] | None = None

    def since(self, place: Place, shown: Report) -> int:
        with self._lock:
            begun = time.monotonic()
            if self._latest is None or self._latest[0] != place.number or begun >= self._again_at:
                self._latest = (place.number, report(place))
                took = time.monotonic() - begun
                self._again_at = time.monotonic() + max(_LOOK_LEAST_S, _LOOK_PART * took)
            latest = self._latest[1]
            if self._counted is None or self._counted[0] is not shown or self._counted[1] is not latest:
                count = missing.differences(shown, latest) + collections.differences(shown, latest)
                self._counted = (shown, latest, count)
            return self._counted[2]


DIFFERENCES = Differences()


class Newness:
    """What became missing since the last visit on an earlier day. Counted once for a report that tabs share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: tuple[Report, date, Counts] | None = None

    def since(self, place: Place, shown: Report, zone: tzinfo) -> Counts:
        """By title id, as the person sees the page now, whose day it is in `zone`; that is kept for later visits. A
        memory that can't be kept tells nothing."""
        today = place.house.now().astimezone(zone).date()
        with self._lock:
            if self._latest is None or self._latest[0] is not shown or self._latest[1] != today:
                self._latest = (shown, today, self._counted(place, shown, today))
            return self._latest[2]

    def _counted(self, place: Place, shown: Report, today: date) -> Counts:
        if shown.last_run is None:
            return NOTHING_NEW
        try:
            return new_gaps(shown, place.house.seen.look(today, missing_now(shown)))
        except StoreError as error:
            log.warning("What is new can't be told: %s", error)
            return NOTHING_NEW


NEWNESS = Newness()


class Posters:
    """Whose poster a key names. Of films that Plex lacks only those that a report lists are known: nobody can have
    other pictures fetched."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: tuple[int, Report] | None = None
        self._known: tuple[Report | None, Mapping[int, Wanted]] = (None, {})

    def note(self, place: Place, shown: Report) -> None:
        """What the pages show now, whose pictures will be asked for."""
        with self._lock:
            self._shown = (place.number, shown)

    def of_item(self, place: Place, rating_key: str) -> Wanted:
        """A show or film of Plex; a key that is unknown gets a drawn picture without a letter."""
        found = place.house.index.pictured(rating_key)
        if found is None:
            return Wanted(rating_key, "", "")
        return Wanted(rating_key, found.title, found.thumb, _SHELVES.get(found.kind, Shelf.SHOWS))

    def of_film(self, place: Place, tmdb_id: int) -> Wanted:
        """A film of a collection; a number that is in none gets a drawn picture without a letter."""
        with self._lock:
            shown = self._shown
        listing = shown[1] if shown is not None and shown[0] == place.number else report(place)
        with self._lock:
            if self._known[0] is not listing:
                lines = (line for collection in listing.collections for line in collection.lines)
                found = {
                    line.tmdb_id: Wanted(str(line.tmdb_id), line.title, line.poster_path, Shelf.LISTED)
                    for line in lines
                }
                self._known = (listing, found)
            return self._known[1].get(tmdb_id) or Wanted(str(tmdb_id), "", "", Shelf.LISTED)


_SHELVES = {Kind.SHOW: Shelf.SHOWS, Kind.MOVIE: Shelf.FILMS}
POSTERS = Posters()


def _thumbs(house: wiring.House) -> tuple[Thumbs, Callable[[], None]]:
    """The pictures of a library, asked of Plex and of TMDB; each is connected with the first one. And what ends that,
    also where a server makes us wait."""
    settings, stop = house.settings, threading.Event()
    plex = Plex(settings.plex_base_url, settings.plex_token, client_id=house.state.client_id, stop=stop)
    tmdb = TmdbImages(
        settings.tmdb_image_base_url, requests_per_second=settings.requests_per_second, workers=WORKERS, stop=stop
    )
    thumbs = Thumbs(house.paths.images, plex.picture, time.monotonic, tmdb=tmdb.picture)
    thumbs.drop_listed(house.now() - LONGEST)

    def hang_up() -> None:
        stop.set()
        plex.close()
        tmdb.close()

    return thumbs, hang_up
