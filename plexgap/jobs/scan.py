"""The order of a scan: Plex into the mirror, then each title against its listing. A generator of events.

Source: design/gaps.md 8, style.md "One scan, one direction". Stopping anywhere leaves a true index.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from queue import Empty

from plexgap.domain import events
from plexgap.domain.catalogue import Ask
from plexgap.domain.decisions import Override
from plexgap.domain.errors import Cancelled, PlexgapError, Rejected, SourceError
from plexgap.domain.events import Event, Phase, RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Check, Outcome
from plexgap.gaps import freshness, match, rules
from plexgap.jobs import judging, selection, watchlist
from plexgap.jobs.collecting import rare_collections
from plexgap.jobs.lookup import Asking, Listed, Lookup, NoTitle
from plexgap.jobs.mirror import mirror
from plexgap.jobs.parts import Parts, Services
from plexgap.jobs.pool import Done, Pool

log = logging.getLogger(__name__)


class Mode(StrEnum):
    """What a scan reads and asks (design/gaps.md 8)."""

    FULL = "full"
    INCREMENTAL = "incremental"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """`mode` None: incremental, full on the first run. `libraries` narrows the settings' choice for one run."""

    mode: Mode | None = None
    accept_removals: bool = False
    no_cache: bool = False
    libraries: tuple[str, ...] = ()
    by: str = ""


@dataclass(slots=True)
class _Tally:
    """What a run has met so far. `scope`: what to tell of the watchlist, where that could not be read."""

    shows: int = 0
    kept: int = 0
    unknown: set[str] = field(default_factory=set)
    changes: int = 0
    written: int = 0
    failed: list[str] = field(default_factory=list)
    held_back: int = 0
    scope: str = ""
    noted: list[Event] = field(default_factory=list)


def scan(plan: ScanPlan, parts: Parts, services: Services) -> Iterator[Event]:
    """Runs a scan. The last event is RunDone, also when it is stopped.

    An error that ends the whole run (Plex away or refusing, the only catalogue refusing, a wrong setting, a full
    disk) is raised once the run's record is closed. A title that fails becomes unknown and the others go on.
    """
    known = any(section.last_complete_at for section in parts.index.sections())
    mode = plan.mode or (Mode.INCREMENTAL if known else Mode.FULL)
    started = parts.now()
    run_id = parts.index.begin_run(mode, started, plan.by)
    tally = _Tally()
    yield events.RunStarted(mode)
    try:
        with rare_collections():
            yield from _heard(services, _phases(plan, mode, parts, services, run_id, tally), tally)
    except Cancelled:
        status, advice = RunStatus.STOPPED, ""
    except PlexgapError as error:
        _close(parts, services, run_id, tally, RunStatus.FAILED, error.advice)
        raise
    except GeneratorExit:
        # Whoever read the events has left: that is a stop, not a fault.
        _close(parts, services, run_id, tally, RunStatus.STOPPED, "")
        raise
    except BaseException:
        _close(parts, services, run_id, tally, RunStatus.FAILED, "It ended by a fault of plexgap's own.")
        raise
    else:
        status, advice = _outcome(tally)
    stats = _close(parts, services, run_id, tally, status, advice)
    yield events.RunDone(status, stats, advice)


def _phases(
    plan: ScanPlan, mode: Mode, parts: Parts, services: Services, run_id: int, tally: _Tally
) -> Iterator[Event]:
    """Plex, then the comparison; but listings are asked for as soon as the shows are known, beside their episodes."""
    desk = _Desk(parts, tally)
    lookup = Lookup(parts, services.catalogue)

    def look_up(title: match.Title) -> Listed | NoTitle | None:
        return lookup.of(title, desk.override(title), _asking(mode, plan.no_cache, desk.previous(title)))

    begun: set[tuple[str, ...]] = set()

    def ask_ahead() -> None:
        titles = selection.titles(parts, plan.libraries)
        pool.begin(title for title in titles if title.rating_keys not in begun)
        begun.update(title.rating_keys for title in titles)

    with Pool(look_up, parts.settings.workers, services.stop) as pool:
        tally.scope = yield from watchlist.read(parts, services, Ask.FRESH if mode is Mode.FULL else Ask.REVALIDATE)
        if mode is not Mode.REFRESH:
            result = yield from mirror(
                services.plex,
                parts.index,
                run_id,
                lambda sections: selection.chosen(parts.settings, sections, plan.libraries),
                accept_removals=plan.accept_removals,
                stop=services.stop,
                now=parts.now,
                on_shows=ask_ahead,
            )
            tally.failed = list(result.failed)
            tally.held_back = result.held_back
            tally.written += result.written
        tally.scope = (yield from watchlist.look_up(parts, services)) or tally.scope
        desk.refresh()
        yield from _compare(plan, parts, pool, desk, tally)


def _compare(
    plan: ScanPlan, parts: Parts, pool: Pool[match.Title, Listed | NoTitle | None], desk: _Desk, tally: _Tally
) -> Iterator[Event]:
    """Every title in scope: looked up in parallel, judged one at a time as the answers come."""
    yield events.PhaseStarted(Phase.COMPARE)
    begun = time.monotonic()
    titles = selection.titles(parts, plan.libraries)
    yield events.Total(Phase.COMPARE, "", len(titles))
    for done in pool.results(titles):
        if done is None:
            continue
        yield from desk.take(done)
        tally.shows += 1
        yield events.Progress(Phase.COMPARE, done.task.items[0].section_title, done.task.name, tally.shows, len(titles))
    yield events.PhaseDone(Phase.COMPARE, time.monotonic() - begun)


def _asking(mode: Mode, no_cache: bool, previous: Check | None) -> Asking:
    """How a title's listing is come by. A title that is unknown is always asked for."""
    if mode is Mode.FULL:
        return Asking.AGAIN
    if no_cache or (previous is not None and previous.outcome is Outcome.UNKNOWN):
        return Asking.ANEW
    if mode is Mode.REFRESH and previous is not None and not _worth_refreshing(previous):
        return Asking.NOTHING
    return Asking.EXPIRED


def _worth_refreshing(check: Check) -> bool:
    """Refresh cached asks for ongoing shows, and for those that lack something or were not judged."""
    regular = any(not episode.number.is_special for episode in check.absent)
    return regular or check.outcome is not Outcome.JUDGED or not freshness.is_archived(check.status)


class _Desk:
    """Takes the answers one by one: judges, stores, and tells what changed."""

    def __init__(self, parts: Parts, tally: _Tally) -> None:
        self._parts = parts
        self._tally = tally
        self._joined: dict[tuple[Source, int], match.Title] = {}
        self._failed: dict[tuple[Source, int], str] = {}
        self._kept: set[str] = set()
        self.refresh()

    def refresh(self) -> None:
        """Reads the decisions and the stored checks again: either may have moved while Plex was read."""
        self._decisions = self._parts.decisions.load()
        self._stored = {key: check for check in self._parts.index.checks() for key in check.check.rating_keys}

    def previous(self, title: match.Title) -> Check | None:
        stored = next((self._stored[key] for key in title.rating_keys if key in self._stored), None)
        return judging.earlier(stored, self.override(title))

    def override(self, title: match.Title) -> Override | None:
        return rules.override_of(self._decisions, rules.title_ref(title.items))

    def take(self, done: Done[match.Title, Listed | NoTitle | None]) -> Generator[Event]:
        title, found = done.task, done.result
        if done.error is not None:
            yield from self._take_failure(title, done.error)
            return
        if found is None:
            return
        reason = None
        if isinstance(found, Listed):
            show = (found.listing.provider, found.listing.show_id)
            title, reason = self._join(title, show), self._failed.get(show)
            self._tally.kept += not found.asked
            if not found.asked and self._unchanged(title, found):
                return
        judged = judging.judge(self._parts, title, found, self.override(title), self.previous(title))
        yield from self._keep(title, judged if reason is None else judging.not_whole(judged, reason))

    def _take_failure(self, title: match.Title, error: BaseException) -> Generator[Event]:
        if isinstance(error, Rejected) or not isinstance(error, SourceError):
            raise error
        log.warning("%s (%s) is unknown: %s", title.name, title.year, error)
        yield events.Warning("show", title.name, error.advice)
        previous = self.previous(title)
        if previous is not None and previous.provider is not None and previous.show_id is not None:
            show = (previous.provider, previous.show_id)
            title, self._failed[show] = self._join(title, show), error.advice
        judged = judging.unknown(self._parts, title, error.advice, self.override(title), previous)
        yield from self._keep(title, judged)

    def _join(self, title: match.Title, show: tuple[Source, int]) -> match.Title:
        """Items that Plex holds apart and the catalogue takes for one show are judged together; one whose lookup
        failed with those of the show that it was before."""
        if show in self._joined:
            title = match.Title(tuple(sorted((*self._joined[show].items, *title.items), key=match.item_order)))
        self._joined[show] = title
        return title

    def _unchanged(self, title: match.Title, found: Listed) -> bool:
        """Whether the stored check says already what judging again would say."""
        stored = self._stored.get(title.rating_keys[0])
        return (
            stored is not None
            and not self._kept.intersection(title.rating_keys)
            and stored.check.outcome is Outcome.JUDGED
            and stored.check.rating_keys == title.rating_keys
            and stored.check.title_id == judging.title_id(found.listing)
            and judging.is_current(stored, title, self._parts, self._decisions)
        )

    def _keep(self, title: match.Title, judged: judging.Judged) -> Generator[Event]:
        previous = self.previous(title)
        check = judged.check
        self._kept.update(title.rating_keys)
        self._tally.unknown.discard(check.title_id)
        if check.outcome is Outcome.UNKNOWN:
            self._tally.unknown.add(check.title_id)
        if not self._parts.index.save_check(check, judged.stamps):
            log.info("%s was checked by someone else meanwhile; that result stands", title.name)
            return
        detail = _difference(previous, check)
        if detail:
            yield events.Change("updated", "show", title.name, detail=detail)


def _difference(before: Check | None, after: Check) -> str:
    """What a check changed in what is absent, in words; "" when nothing did or when it is the first."""
    if before is None or before.outcome is not Outcome.JUDGED or after.outcome is not Outcome.JUDGED:
        return ""
    was = {episode.number for episode in before.absent if not episode.number.is_special}
    now = {episode.number for episode in after.absent if not episode.number.is_special}
    if was == now:
        return ""
    return f"{len(was - now)} filled, {len(now - was)} new, {len(now)} absent"


def _heard(services: Services, flow: Iterator[Event], tally: _Tally) -> Iterator[Event]:
    """The flow's events, and between them those that arose in the services' threads."""
    for event in flow:
        while True:
            try:
                yield services.heard.get_nowait()
            except Empty:
                break
        if isinstance(event, events.Change | events.Warning):
            tally.noted.append(event)
            tally.changes += isinstance(event, events.Change)
        yield event


def _outcome(tally: _Tally) -> tuple[RunStatus, str]:
    said = [tally.scope] if tally.scope else []
    if tally.failed:
        said.append(f"Plex did not give the whole of {', '.join(tally.failed)}.")
    if tally.held_back:
        said.append(f"{tally.held_back} titles are no longer in Plex; they still count as held until you accept it.")
    if tally.unknown:
        titles = "1 show" if len(tally.unknown) == 1 else f"{len(tally.unknown)} shows"
        said.append(f"{titles} could not be checked.")
    return (RunStatus.PARTIAL if said else RunStatus.OK), " ".join(said)


def _close(
    parts: Parts, services: Services, run_id: int, tally: _Tally, status: RunStatus, advice: str
) -> events.Stats:
    counts = parts.index.counts()
    figures = services.figures()
    now = parts.now()
    stats = events.Stats(
        seconds=(now - parts.index.run_started(run_id)).total_seconds(),
        shows=counts.shows,
        episodes_held=counts.episodes,
        movies_held=counts.movies,
        requests=figures.requests,
        cache_hits=tally.kept,
        retries=figures.retries,
        rows_written=tally.written,
        changes=tally.changes,
    )
    parts.index.record(run_id, tally.noted, now)
    parts.index.finish_run(run_id, status, stats, advice, now)
    return stats
