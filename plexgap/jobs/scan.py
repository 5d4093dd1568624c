"""The order of a scan: Plex into the mirror, then each title against its listing. A generator of events.

Source: design/gaps.md 8, style.md "One scan, one direction". Stopping anywhere leaves a true index.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from queue import Empty

from plexgap.domain import events
from plexgap.domain.catalogue import Ask
from plexgap.domain.errors import Cancelled, PlexgapError, Rejected
from plexgap.domain.events import Event, Phase, RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.library import Kind, ShowItem
from plexgap.domain.verdicts import Check, Outcome
from plexgap.gaps import match
from plexgap.gaps.orders import Settled
from plexgap.jobs import changes, ordering, selection, watchlist
from plexgap.jobs.beat import at_most_ten_a_second
from plexgap.jobs.collecting import rare_collections
from plexgap.jobs.desk import Desk, Tally
from plexgap.jobs.films import Manner, check_films
from plexgap.jobs.lookup import Asking, Listed, Lookup, NoTitle
from plexgap.jobs.mirror import mirror
from plexgap.jobs.ordering import Task
from plexgap.jobs.parts import Parts, Services
from plexgap.jobs.pool import Pool
from plexgap.jobs.upkeep import Why, worth_refreshing
from plexgap.sources.brake import going_at
from plexgap.store.runs import Recorder

log = logging.getLogger(__name__)


class Mode(StrEnum):
    """What a scan reads and asks (design/gaps.md 8)."""

    FULL = "full"
    INCREMENTAL = "incremental"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """`mode` None: incremental, full on the first run. `libraries` narrows the settings' choice for one run; `only`
    SHOW or MOVIE leaves the other kind alone."""

    mode: Mode | None = None
    accept_removals: bool = False
    no_cache: bool = False
    libraries: tuple[str, ...] = ()
    by: str = ""
    only: Kind | None = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Shows, films, or both."""
        return (Kind.SHOW, Kind.MOVIE) if self.only is None else (self.only,)


def scan(plan: ScanPlan, parts: Parts, services: Services, tally: Tally | None = None) -> Iterator[Event]:
    """Runs a scan. The last event is RunDone, also when it is stopped. `tally`: an empty one, for whoever wants to look
    at it while the scan runs.

    An error that ends the whole run (Plex away or refusing, the only catalogue refusing, a wrong setting, a full
    disk) is raised once the run's record is closed. A title that fails becomes unknown and the others go on.
    """
    known = any(section.last_complete_at for section in parts.index.sections() if section.kind in plan.kinds)
    mode = plan.mode or (Mode.INCREMENTAL if known else Mode.FULL)
    run_id = parts.index.begin_run(mode, parts.now(), plan.by)
    tally = tally or Tally()
    tally.began = going_at(services.stop)
    record = Recorder(lambda met: parts.index.record(run_id, met, parts.now()))
    yield events.RunStarted(mode)
    try:
        with rare_collections():
            flow = _phases(plan, mode, parts, services, run_id, tally)
            yield from at_most_ten_a_second(_heard(services, flow, tally, record))
    except Cancelled:
        status, advice = RunStatus.STOPPED, ""
    except PlexgapError as error:
        _close(parts, services, run_id, tally, record, RunStatus.FAILED, error.advice)
        raise
    except GeneratorExit:
        # Whoever read the events has left: that is a stop, not a fault.
        _close(parts, services, run_id, tally, record, RunStatus.STOPPED, "")
        raise
    except BaseException:
        _close(parts, services, run_id, tally, record, RunStatus.FAILED, "It ended by a fault of plexgap's own.")
        raise
    else:
        status, advice = _outcome(tally)
    stats = _close(parts, services, run_id, tally, record, status, advice)
    yield events.RunDone(status, stats, advice)


def _phases(plan: ScanPlan, mode: Mode, parts: Parts, services: Services, run_id: int, tally: Tally) -> Iterator[Event]:
    """Plex, then shows, then films."""
    if Kind.SHOW in plan.kinds:
        yield from _shows(plan, mode, parts, services, run_id, tally)
    else:
        yield from _read_plex(plan, mode, parts, services, run_id, tally)
    if Kind.MOVIE in plan.kinds:
        yield from _films(plan, mode, parts, services, tally)


def _shows(plan: ScanPlan, mode: Mode, parts: Parts, services: Services, run_id: int, tally: Tally) -> Iterator[Event]:
    """Plex, then the comparison; but listings are asked for as soon as the shows are known, beside their episodes."""

    def refused(error: Rejected) -> None:
        tally.refused = True
        services.heard.put(events.Warning("service", error.source, error.advice))

    lookup = Lookup(parts, services.catalogues, refused)
    desk = Desk(parts, tally, lookup)

    def look_up(title: match.Title) -> Listed | NoTitle | None:
        return lookup.of(title, desk.override(title), _asking(mode, plan.no_cache, desk.previous(title)))

    begun: set[tuple[str, ...]] = set()
    seen = -1

    def ask_ahead() -> None:
        nonlocal seen
        if seen == (seen := parts.index.revision()):
            return
        titles = selection.titles(parts, plan.libraries)
        if not _asks_all(plan, mode):
            sifted = desk.known(sparing=False).sift(titles)
            aged = () if changes.may_be_worth_it(sifted.aged) else sifted.aged
            rest = (*sifted.rest, *((title, Why.EXPIRED) for kept in aged for title in kept.titles))
            for title, why in rest:
                desk.look_at(title, why)
            titles = tuple(title for title, _ in rest)
        pool.begin(title for title in titles if title.rating_keys not in begun)
        begun.update(title.rating_keys for title in titles)

    with Pool(look_up, parts.settings.workers, services.stop) as pool:
        tally.scope = yield from watchlist.read(parts, services, Ask.FRESH if mode is Mode.FULL else Ask.REVALIDATE)
        yield from _read_plex(plan, mode, parts, services, run_id, tally, ask_ahead)
        tally.scope = (yield from watchlist.look_up(parts, services)) or tally.scope
        desk.refresh()
        yield from _compare(plan, mode, parts, services, pool, desk, tally)
        yield from _settle_orders(mode, plan, parts, services, lookup, desk)
    yield events.PhaseDone(Phase.COMPARE, going_at(services.stop) - tally.compare_began)


def _read_plex(
    plan: ScanPlan,
    mode: Mode,
    parts: Parts,
    services: Services,
    run_id: int,
    tally: Tally,
    on_shows: Callable[[], None] = lambda: None,
) -> Iterator[Event]:
    """Plex into the mirror, unless the mode leaves it out."""
    if mode is Mode.REFRESH:
        return
    result = yield from mirror(
        services.plex,
        parts.index,
        run_id,
        lambda sections: selection.chosen(parts.settings, sections, plan.libraries),
        accept_removals=plan.accept_removals,
        stop=services.stop,
        now=parts.now,
        kinds=plan.kinds,
        on_shows=on_shows,
        everything=mode is Mode.FULL,
    )
    tally.failed = list(result.failed)
    tally.held_back = result.held_back
    tally.titles, tally.read = result.titles, result.read
    tally.written += result.written


def _films(plan: ScanPlan, mode: Mode, parts: Parts, services: Services, tally: Tally) -> Iterator[Event]:
    """Films and collections. Where shows have another catalogue, TMDB refusing its key ends nothing but these."""
    manner = Manner(again=mode is Mode.FULL, anew=plan.no_cache, sparing=mode is Mode.REFRESH)
    try:
        checked = yield from check_films(manner, parts, services, plan.libraries)
    except Rejected as error:
        if Kind.SHOW not in plan.kinds or services.catalogues[0].provider is Source.TMDB:
            raise
        tally.films_refused = error.advice
        yield events.Warning("service", error.source, error.advice)
        return
    tally.kept += checked.unasked
    tally.unknown_films = checked.unknown_films
    tally.unknown_collections = checked.unknown_collections


def _compare(
    plan: ScanPlan,
    mode: Mode,
    parts: Parts,
    services: Services,
    pool: Pool[match.Title, Listed | NoTitle | None],
    desk: Desk,
    tally: Tally,
) -> Iterator[Event]:
    """Every title in scope of which something moved or expired: looked up in parallel, judged one at a time as the
    answers come."""
    yield events.PhaseStarted(Phase.COMPARE)
    tally.compare_began = going_at(services.stop)
    titles = selection.titles(parts, plan.libraries)
    yield events.Total(Phase.COMPARE, "", len(titles))
    waiting: Sequence[match.Title] = titles
    if not _asks_all(plan, mode):
        waiting = _moved(desk, titles, parts, services, sparing=mode is Mode.REFRESH)
    if tally.shows:
        yield events.Progress(Phase.COMPARE, "", "", tally.shows, len(titles))
    for done in pool.results(waiting):
        if done is None:
            continue
        yield from desk.take(done)
        tally.shows += 1
        yield events.Progress(Phase.COMPARE, done.task.items[0].section_title, done.task.name, tally.shows, len(titles))


def _moved(
    desk: Desk, titles: Sequence[match.Title], parts: Parts, services: Services, *, sparing: bool
) -> tuple[match.Title, ...]:
    """Those that must be looked at; the others are passed over. What is only too old is first asked for as a whole."""
    sifted = desk.known(sparing=sparing).sift(titles)
    renewed = changes.renew(sifted.aged, parts, services)
    for kept in (*sifted.kept, *renewed):
        desk.pass_over(kept)
    again = {kept.title.rating_keys for kept in renewed}
    aged = (title for kept in sifted.aged if kept.title.rating_keys not in again for title in kept.titles)
    rest = (*sifted.rest, *((title, Why.EXPIRED) for title in aged))
    for title, why in rest:
        desk.look_at(title, why)
    return tuple(title for title, _ in rest)


def _settle_orders(
    mode: Mode, plan: ScanPlan, parts: Parts, services: Services, lookup: Lookup, desk: Desk
) -> Iterator[Event]:
    """The titles whose order can't be told without asking: Plex about all of them at once, then the catalogues."""
    tasks = desk.open_tasks()
    if not tasks:
        return

    def read_settings(items: tuple[ShowItem, ...]) -> None:
        ordering.read_settings(parts, services.plex, items)

    def settle(task: Task) -> Settled:
        asking = _asking(mode, plan.no_cache, desk.previous(task.title))
        return ordering.settle_title(parts, lookup, task, asking)

    if mode is not Mode.REFRESH:
        items = tuple(item for task in tasks for item in task.title.items)
        with Pool(read_settings, 1, services.stop) as one:
            for read in one.results([items]):
                if read is not None and read.error is not None:
                    yield from desk.take_failures(tasks, read.error)
                    return
    with Pool(settle, parts.settings.workers, services.stop) as pool:
        for done in pool.results(tasks):
            if done is not None:
                yield from desk.take_settled(done)


def _asking(mode: Mode, no_cache: bool, previous: Check | None) -> Asking:
    """How a title's listing is come by. A title that is unknown is always asked for."""
    if mode is Mode.FULL:
        return Asking.AGAIN
    if no_cache or (previous is not None and previous.outcome is Outcome.UNKNOWN):
        return Asking.ANEW
    if mode is Mode.REFRESH and previous is not None and not worth_refreshing(previous):
        return Asking.NOTHING
    return Asking.EXPIRED


def _asks_all(plan: ScanPlan, mode: Mode) -> bool:
    return mode is Mode.FULL or plan.no_cache


def _heard(services: Services, flow: Iterator[Event], tally: Tally, record: Recorder) -> Iterator[Event]:
    """The flow's events, and between them those that arose in the services' threads. All are kept that tell something
    beyond the moment."""
    for event in flow:
        while True:
            try:
                arisen = services.heard.get_nowait()
            except Empty:
                break
            record.hear(arisen)
            yield arisen
        tally.changes += isinstance(event, events.Change)
        if isinstance(event, events.PhaseDone):
            tally.phases[event.phase] = event.seconds
        record.hear(event)
        yield event


def _outcome(tally: Tally) -> tuple[RunStatus, str]:
    said = [tally.scope] if tally.scope else []
    if tally.failed:
        said.append(f"Plex did not give the whole of {', '.join(tally.failed)}.")
    if tally.held_back:
        is_one = tally.held_back == 1
        titles, count = (
            ("1 title is", "it still counts") if is_one else (f"{tally.held_back} titles are", "they still count")
        )
        said.append(f"{titles} no longer in Plex; {count} as held until you accept it.")
    if tally.refused:
        said.append("TheTVDB refused its key and was not asked.")
    if tally.unknown:
        titles = "1 show" if len(tally.unknown) == 1 else f"{len(tally.unknown)} shows"
        said.append(f"{titles} could not be checked.")
    for many, word in ((tally.unknown_films, "film"), (tally.unknown_collections, "collection")):
        if many:
            said.append(f"{many} {word}{'' if many == 1 else 's'} could not be checked.")
    if tally.films_refused:
        said.append(tally.films_refused)
    return (RunStatus.PARTIAL if said else RunStatus.OK), " ".join(said)


def _close(
    parts: Parts,
    services: Services,
    run_id: int,
    tally: Tally,
    record: Recorder,
    status: RunStatus,
    advice: str,
) -> events.Stats:
    counts = parts.index.counts()
    figures = services.figures()
    stats = events.Stats(
        seconds=going_at(services.stop) - tally.began,
        shows=counts.shows,
        episodes_held=counts.episodes,
        movies_held=counts.movies,
        requests=figures.requests,
        cache_hits=tally.kept,
        retries=figures.retries,
        rows_written=tally.written,
        changes=tally.changes,
        titles=tally.titles,
        read=tally.read,
        skipped=max(0, tally.titles - tally.read),
        phases=tally.phases,
    )
    record.flush()
    parts.index.finish_run(run_id, status, stats, advice, parts.now())
    return stats
