"""Which parts are joined: the one place that makes stores and services from settings. Knows no rule."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from plexgap import config
from plexgap.config import Loaded, Paths
from plexgap.domain.account import Connected, OwnServer, PlexFound
from plexgap.domain.catalogue import AIRED, Catalogue, KnownOrder
from plexgap.domain.decisions import Override
from plexgap.domain.errors import Cancelled, ConfigError, ScanRunning
from plexgap.domain.events import Event
from plexgap.domain.events import Warning as Said
from plexgap.domain.ids import Source, first_id
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Check
from plexgap.domain.watchlist import Watchlist
from plexgap.gaps.film_titles import FilmTitle
from plexgap.gaps.rules import Rules
from plexgap.jobs import choices, film_choices, judging, selection, watchlist
from plexgap.jobs.collecting import rare_collections
from plexgap.jobs.desk import Tally
from plexgap.jobs.lookup import sources_of
from plexgap.jobs.parts import Figures, Parts, Services
from plexgap.jobs.rescan import Rescanned, rescan
from plexgap.jobs.scan import ScanPlan, scan
from plexgap.jobs.sign_in import SignIn
from plexgap.jobs.sign_in import connect as connect_to
from plexgap.sources.ahead import result_of
from plexgap.sources.brake import pass_by
from plexgap.store.cache import Listings
from plexgap.store.decisions import DecisionStore
from plexgap.store.index import Index
from plexgap.store.locks import scan_lock
from plexgap.store.secrets import SecretFile
from plexgap.store.seen import SeenStore
from plexgap.store.state import StateStore
from plexgap.store.watchlist import WatchlistStore
from plexgap.views.builder import build_report
from plexgap.views.choosing import Orders
from plexgap.views.memo import Memo
from plexgap.views.report import Report, ShowReport

if TYPE_CHECKING:
    from plexgap.sources.plex_tv_account import PlexAccount


@dataclass(frozen=True, slots=True)
class House:
    """Everything of one installation: what was set, where it lies, and the stores over it."""

    loaded: Loaded
    parts: Parts
    state: StateStore
    seen: SeenStore

    @property
    def settings(self) -> config.Settings:
        return self.loaded.settings

    @property
    def paths(self) -> Paths:
        return self.loaded.paths

    @property
    def index(self) -> Index:
        return self.parts.index

    @property
    def listings(self) -> Listings:
        return self.parts.listings

    @property
    def decisions(self) -> DecisionStore:
        return self.parts.decisions

    @property
    def scan_lock(self) -> Path:
        """What a scan holds as long as it runs."""
        return self.paths.scan_lock

    @property
    def now(self) -> Callable[[], datetime]:
        return self.parts.now

    def close(self) -> None:
        self.parts.index.close()


def clock() -> datetime:
    """The present moment, UTC. The only clock of the program; everything else is handed one."""
    return datetime.now(UTC)


def open_house(loaded: Loaded, *, now: Callable[[], datetime] = clock) -> House:
    """The stores over the data folder, made where there are none. A file that is broken is set aside, and a notice of
    it stands in the state; StoreError when a file can't be read or written at all."""
    state = StateStore(loaded.paths.state, now)
    index = Index(loaded.paths.library_db, now())
    if index.set_aside is not None:
        state.add_notice(
            f"The mirror of your library could not be read. It was set aside as {index.set_aside.name}; the next check "
            "reads it anew from Plex."
        )
    decisions = DecisionStore(
        loaded.paths.decisions,
        now,
        state.add_notice,
        lambda: frozenset(section.uuid for section in index.sections()),
    )
    kept = WatchlistStore(loaded.paths.watchlist)
    parts = Parts(loaded.settings, index, Listings(loaded.paths.cache), decisions, kept, now)
    return House(loaded, parts, state, SeenStore(loaded.paths.seen, now))


def rules_of(settings: config.Settings) -> Rules:
    """The settings that decide a standing."""
    return selection.standing_rules(settings)


def report(
    house: House,
    *,
    as_of: datetime | None = None,
    rules: Rules | None = None,
    libraries: tuple[str, ...] = (),
    only: Kind | None = None,
    memo: Memo | None = None,
) -> Report:
    """What stands at a moment (now, unless `as_of`), under the settings' rules or others; `only` shows, or films. Asks
    no service. `memo`: what the last such report of the same house left."""
    kinds = selection.GAP_KINDS if only is None else (only,)
    moment = as_of or house.now()
    with rare_collections():
        return build_report(house.parts, rules or rules_of(house.settings), moment, libraries, kinds, memo)


def run_scan(
    house: House,
    plan: ScanPlan,
    stop: threading.Event,
    count_by: Callable[[Callable[[], Mapping[str, int]], Callable[[], int]], None] = lambda counts, unasked: None,
    wait_s: float = 10.0,
) -> Iterator[Event]:
    """The scan's events, RunDone last. Where another one is at it, in this process or another, a Warning says so, and
    it is waited for; ScanRunning when that takes longer than `wait_s`, and no event more when the person stops it
    meanwhile. ConfigError when a key is lacking; other errors as `scan` raises them. `count_by` is handed what tells at
    any moment how many requests were made of each service, and about how many titles nothing had to be asked.
    """
    _demand_keys(house)
    lock = partial(scan_lock, house.scan_lock, plan.by)
    with ExitStack() as held:
        try:
            held.enter_context(lock())
        except ScanRunning as other:
            yield Said("run", "", f"{other.who}; waiting up to {wait_s:.0f} s.")
            try:
                held.enter_context(lock(wait_s=wait_s, sleep=partial(_wait, stop)))
            except Cancelled:
                return
        services = held.enter_context(_services(house, stop))
        tally = Tally()
        count_by(lambda: services.figures().requests, lambda: tally.kept)
        yield from scan(plan, house.parts, services, tally)


def _wait(stop: threading.Event, seconds: float) -> None:
    stop.wait(seconds)
    pass_by(stop)


def run_rescan(house: House, show: ShowReport, stop: threading.Event) -> Rescanned:
    """One show, looked at again now; runs beside a scan. Cancelled as soon as `stop` is set."""
    _demand_keys(house)
    with _services(house, stop) as services:
        look = partial(rescan, show.rating_keys, house.parts, services, rules_of(house.settings))
        return result_of(look, stop)


def choose(house: House, show: ShowReport, wish: choices.Wish, stop: threading.Event) -> Override | None:
    """Keeps what the person says of a show, once the catalogues have said that there is such a thing, and gives all
    that is said of it now. Errors as `choices.choose` raises them."""
    if not wish.asks:
        return choices.choose(house.parts, (), show, wish)
    _demand_keys(house)
    with _services(house, stop) as services:
        return choices.choose(house.parts, services.catalogues, show, wish)


def orders_of(house: House, show: ShowReport) -> tuple[Orders, ...]:
    """What is known of the show's orders at each catalogue that may be asked, from our own files."""
    return tuple(Orders(source, _known_orders(house, show, source)) for source in sources_of(house.settings))


def _known_orders(house: House, show: ShowReport, source: Source) -> tuple[KnownOrder, ...] | None:
    own = str(show.show_id) if show.provider is source and show.show_id is not None else first_id(show.ids, source)
    listing = house.listings.load(source, int(own)) if own is not None else None
    return listing.orders if listing is not None else None


def compare_orders(house: House, show: ShowReport) -> tuple[Check, ...]:
    """The show as it would be judged in each order that our own files have of the catalogue that judged it."""
    found: list[Check] = []
    for orders in orders_of(house, show):
        if orders.source is show.provider:
            for order in (AIRED, *(known.order for known in orders.known or ())):
                said = replace(
                    show.chosen or Override(show.ref, house.now()), order=order, order_provider=orders.source
                )
                check = judging.as_if(house.parts, show.rating_keys, said)
                found += [check] if check is not None and check.order == order else []
    return tuple(found)


def put_back(house: House, show: ShowReport, said: Override | None) -> None:
    """Makes this all that the person said of a show; None: nothing is."""
    choices.put_back(house.parts, show, said)


def clear_override(house: House, show: ShowReport) -> Override | None:
    """Takes everything back that the person said of a show; None when nothing was."""
    return choices.clear(house.parts, show)


def films(house: House) -> tuple[FilmTitle, ...]:
    """The films in Plex that are in scope, each once."""
    return selection.films(house.parts)


def override_film(house: House, film: film_choices.PlaceableFilm, tmdb_id: int, stop: threading.Event) -> Override:
    """Keeps which film of TMDB this is, once TMDB said that there is one: NotListed, SourceError otherwise, ConfigError
    without a key."""
    with _services(house, stop) as services:
        if services.films is None:
            raise ConfigError("tmdb_api_key", "it is empty", "There is no TMDB key yet. Enter it in the settings.")
        return film_choices.override_film(house.parts, services.films, film, tmdb_id)


def clear_film_override(house: House, film: film_choices.PlaceableFilm) -> Override | None:
    """Takes the person's word on a film back."""
    return film_choices.clear_film_override(house.parts, film)


def try_plex(house: House, base_url: str, token: str) -> PlexFound:
    """What this address and token show; Rejected or Unreachable otherwise. A request for each library besides three.
    Nothing is kept."""
    with _services(_set(house, {"plex_base_url": base_url, "plex_token": token}), threading.Event()) as services:
        plex = services.plex
        name, sections = plex.server().name, plex.sections()
        held = {Kind.SHOW: 0, Kind.MOVIE: 0}
        for section in sections:
            if section.kind in held:
                held[section.kind] += plex.newest(section, section.kind, "addedAt", 1).total
    return PlexFound(name, sections, held[Kind.SHOW], held[Kind.MOVIE])


def try_tmdb(house: House, key: str) -> None:
    """Returns when TMDB takes this key; Rejected or Unreachable otherwise. Nothing is kept."""
    _try_catalogue(house, Source.TMDB, {"tmdb_api_key": key})


def try_tvdb(house: House, key: str, pin: str) -> None:
    """Returns when TheTVDB takes this key, with this PIN or, where that is empty, with none; Rejected or Unreachable
    otherwise. Nothing is kept but the token that it gave for them."""
    _try_catalogue(house, Source.TVDB, {"tvdb_api_key": key, "tvdb_pin": pin})


def _try_catalogue(house: House, source: Source, changes: dict[str, object]) -> None:
    """Whichever catalogue the settings name: this one is tried."""
    with _services(_set(house, {**changes, "provider": source.value}), threading.Event()) as services:
        catalogue = services.catalogue(source)
        if catalogue is None:
            raise _no_key(f"{source.value}_api_key")
        catalogue.check()


def read_watchlist(house: House) -> Watchlist:
    """Reads the Plex watchlist and keeps it; Rejected or Unreachable otherwise, and the one before stays."""
    with _services(house, threading.Event()) as services:
        return watchlist.fetch(house.parts, services)


@contextmanager
def plex_account(house: House, stop: threading.Event) -> Iterator[PlexAccount]:
    """plex.tv for a sign-in, until `stop` is set; nothing of it is kept."""
    from plexgap.sources.plex_tv_account import PlexAccount, account_transport

    client_id = house.state.client_id
    with closing(account_transport(house.settings.plex_tv_base_url, client_id=client_id, stop=stop)) as transport:
        yield PlexAccount(transport, client_id)


def sign_in(house: House) -> SignIn:
    """A sign-in at plex.tv with a strong PIN, begun at once and going on beside the caller."""
    from plexgap.sources.plex_identity import machine_id
    from plexgap.sources.plex_tv_account import sign_in_page

    page = partial(sign_in_page, house.settings.plex_app_base_url, house.state.client_id)
    return SignIn(partial(plex_account, house), page, machine_id, time.monotonic)


def connect(server: OwnServer) -> Connected:
    """The best address of a server at which it answers; Unreachable where it answers at none."""
    from plexgap.sources.plex_identity import machine_id

    return connect_to(server, machine_id)


def _set(house: House, changes: dict[str, object]) -> House:
    settings = house.settings.model_copy(update=changes)
    return replace(house, loaded=replace(house.loaded, settings=settings))


def _demand_keys(house: House) -> None:
    for key in house.settings.lacking:
        raise _no_key(key)


def _no_key(key: str) -> ConfigError:
    names = {"plex_token": "Plex token", "tmdb_api_key": "TMDB key", "tvdb_api_key": "TheTVDB key"}
    return ConfigError(key, "it is empty", f"There is no {names[key]} yet. Enter it in the settings.")


@contextmanager
def _services(house: House, stop: threading.Event) -> Iterator[Services]:
    """The services of one run, closed with it. Their libraries are imported here: what only prints starts faster."""
    from plexgap.sources.http import Transport
    from plexgap.sources.plex import Plex
    from plexgap.sources.plex_tv import PlexTv, plex_tv_transport
    from plexgap.sources.tmdb import Tmdb, tmdb_transport
    from plexgap.sources.tmdb_films import TmdbFilms
    from plexgap.sources.tvdb import Tvdb, tvdb_transport
    from plexgap.sources.tvdb_login import Login

    settings, now = house.settings, house.now
    heard: SimpleQueue[Event] = SimpleQueue()
    plex = Plex(settings.plex_base_url, settings.plex_token, client_id=house.state.client_id, stop=stop)
    tmdb = tmdb_transport(
        settings.tmdb_api_key,
        settings.tmdb_base_url,
        cache_path=house.paths.http_cache,
        requests_per_second=settings.requests_per_second,
        workers=settings.workers,
        stop=stop,
        on_event=heard.put,
        now=now,
    )
    tvdb = tvdb_transport(
        settings.tvdb_base_url,
        cache_path=house.paths.http_cache,
        requests_per_second=settings.requests_per_second,
        workers=settings.workers,
        stop=stop,
        on_event=heard.put,
        now=now,
    )
    account = plex_tv_transport(
        settings.plex_token,
        settings.plex_discover_base_url,
        client_id=house.state.client_id,
        cache_path=house.paths.http_cache,
        stop=stop,
        on_event=heard.put,
        now=now,
    )
    keeper = SecretFile(house.paths.tvdb_token)
    login = Login(tvdb, settings.tvdb_api_key, settings.tvdb_pin, settings.tvdb_base_url, keeper, now)
    asks_tmdb = Tmdb(tmdb, now)
    catalogues: dict[Source, Catalogue] = {Source.TMDB: asks_tmdb, Source.TVDB: Tvdb(login, now)}
    films = TmdbFilms(asks_tmdb, now) if settings.tmdb_api_key else None
    asked: dict[str, Plex | Transport] = {"plex": plex, "tmdb": tmdb, "tvdb": tvdb, "plex_tv": account}

    def figures() -> Figures:
        return Figures(
            {name: service.requests for name, service in asked.items()},
            sum(service.retries for service in asked.values()),
        )

    try:
        known = tuple(catalogues[source] for source in sources_of(settings))
        yield Services(plex, known, PlexTv(account), stop, figures, heard, films)
    finally:
        for service in asked.values():
            service.close()
