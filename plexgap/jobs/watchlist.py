"""The scope "Plex watchlist": reading the list for a scan, and which titles it leaves in scope.

Source: design/gaps.md 5. A view filter: nothing is deleted. The list is read before Plex is, so that the shows on it
can be looked up while their episodes are read; ids of other sources are asked for once all shows of the library are
known.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial

from plexgap.config import Settings
from plexgap.domain import events
from plexgap.domain.catalogue import Ask
from plexgap.domain.errors import BadAnswer, NotListed, SourceError
from plexgap.domain.events import Event, Phase
from plexgap.domain.watchlist import Watchlist, WatchlistItem
from plexgap.gaps import match
from plexgap.gaps.watchlist import Narrowed, narrowed, to_look_up
from plexgap.jobs.parts import Parts, Services
from plexgap.sources.ahead import result_of

log = logging.getLogger(__name__)

NAME = "Plex watchlist"

_SCOPE = "watchlist_only"
_NO_SCOPE = (
    "Without your watchlist plexgap can't tell which shows count. Check again later, or let all of them count "
    "(scan_scope in the settings)."
)


def is_scope(settings: Settings) -> bool:
    """Whether only shows on the watchlist count."""
    return settings.scan_scope == _SCOPE


def scoped(parts: Parts, titles: Sequence[match.Title]) -> Narrowed:
    """Those of the titles that are in scope: all of them, unless the scope is the watchlist. None as long as that was
    never read."""
    if not is_scope(parts.settings):
        return Narrowed(tuple(titles), 0)
    kept = parts.watchlist.load()
    return narrowed(titles, kept, parts.index.shows_of()) if kept is not None else Narrowed((), 0)


def fetch(parts: Parts, services: Services, ask: Ask = Ask.REVALIDATE) -> Watchlist:
    """Reads the list and keeps it, with what was looked up before. SourceError: nothing is changed."""
    read_at = parts.now()
    shows = result_of(partial(services.plex_tv.watchlist, ask=ask), services.stop)
    before = parts.watchlist.load()
    read = Watchlist(shows, read_at, before.looked_up if before is not None else {})
    parts.watchlist.save(read)
    return read


def read(parts: Parts, services: Services, ask: Ask) -> Generator[Event, None, str]:
    """Reads the list, if it is the scope. "", or what to tell the person of it.

    Where plex.tv gives none, the last list counts and that is said. Where there never was one, its error is raised:
    nobody knows then which shows are meant, and neither "nothing is missing" nor all gaps of the library would be true.
    """
    if not is_scope(parts.settings):
        return ""
    try:
        fetch(parts, services, ask)
    except SourceError as error:
        kept = parts.watchlist.load()
        if kept is None:
            error.advice = f"{error.advice} {_NO_SCOPE}"
            raise
        log.warning("The watchlist of %s counts: %s", kept.read_at, error)
        parts.watchlist.save(replace(kept, problem=error.advice, is_old=True))
        said = f"{error.advice} Your watchlist as of {kept.read_at:%Y-%m-%d %H:%M} UTC counts."
        yield events.Warning("watchlist", NAME, said)
        return said
    return ""


def unasked(parts: Parts, kept: Watchlist) -> tuple[WatchlistItem, ...]:
    """The shows of the list whose ids are still to be asked for."""
    return to_look_up(match.group_titles(parts.index.shows()), kept)


def look_up(parts: Parts, services: Services) -> Generator[Event, None, str]:
    """Asks, once, for the ids of shows on the list that nothing in the library answers to. "", or what to tell the
    person: the scope may then lack a show."""
    kept = parts.watchlist.load() if is_scope(parts.settings) else None
    if kept is None or kept.is_old:
        return ""
    titles = match.group_titles(parts.index.shows())
    items = to_look_up(titles, kept)
    found, problem, failed = dict(kept.looked_up), "", 0
    try:
        for done, item in enumerate(items):
            if not to_look_up(titles, replace(kept, looked_up=found)):
                break
            yield events.Progress(Phase.MIRROR, NAME, item.title, done, len(items))
            try:
                found[item.rating_key] = result_of(partial(services.plex_tv.ids, item), services.stop)
            except NotListed:
                found[item.rating_key] = frozenset()
            except BadAnswer as error:
                problem, failed = error.advice, failed + 1
            except SourceError as error:
                problem, failed = error.advice, failed + len(items) - done
                break
    finally:
        if problem or len(found) > len(kept.looked_up):
            parts.watchlist.save(replace(kept, looked_up=found, problem=problem))
    if not problem:
        return ""
    shows = "1 show" if failed == 1 else f"{failed} shows"
    said = f"{problem} {shows} of your watchlist could not be looked for by id."
    yield events.Warning("watchlist", NAME, said)
    return said
