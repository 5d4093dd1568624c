"""What the person and the program do in between: scans whole and broken off, faults in the middle, decisions.

Changes when the program can be made to look in a new way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from plexgap import wiring
from plexgap.domain.errors import PlexgapError
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Standing
from plexgap.jobs import choices
from plexgap.jobs.scan import Mode
from tests.histories.life import Life


def look(life: Life) -> None:
    """A scan of some kind, or a decision."""
    (kind,) = life.dice.choices(list(_LOOKS), list(_LOOKS.values()))
    kind(life)


def _incremental(life: Life) -> None:
    life.tell("an incremental scan")
    life.here.scan(Mode.INCREMENTAL)


def _accepting(life: Life) -> None:
    life.tell("an incremental scan that accepts removals")
    life.here.scan(Mode.INCREMENTAL, accept_removals=True)


def _narrow(life: Life) -> None:
    """Of one kind alone, or of one library."""
    only = life.dice.choice((Kind.SHOW, Kind.MOVIE, None))
    libraries = () if only is not None else (life.dice.choice(("TV Shows", "Anime")),)
    life.tell(f"an incremental scan of {only or libraries}")
    life.here.scan(Mode.INCREMENTAL, only=only, libraries=libraries)


def _reopened(life: Life) -> None:
    life.tell("the program is started again")
    life.here.house.close()
    life.here.open()


def _full(life: Life) -> None:
    life.tell("a full scan")
    life.here.scan(Mode.FULL)


def _refresh(life: Life) -> None:
    life.tell("cached listings are refreshed")
    life.here.scan(Mode.REFRESH)


def _stopped(life: Life) -> None:
    after, stop = life.dice.randint(1, 60), threading.Event()
    life.tell(f"an incremental scan, stopped after {after} events")
    for number, _ in enumerate(life.here.events(Mode.INCREMENTAL, stop)):
        if number == after:
            stop.set()


def _left(life: Life) -> None:
    """Whoever read the events goes away."""
    after = life.dice.randint(1, 60)
    life.tell(f"an incremental scan, left after {after} events")
    flow = life.here.events(Mode.INCREMENTAL)
    for number, _ in enumerate(flow):
        if number == after:
            flow.close()  # type: ignore[attr-defined]
            break


def _with_fault(service: str, patterns: tuple[str, ...]) -> Callable[[Life], None]:
    def step(life: Life) -> None:
        kind, pattern = life.dice.choice(("html", "cut_off")), life.dice.choice(patterns)
        skip, count = life.dice.randint(0, 6), life.dice.choice((1, 2, None))
        life.tell(f"an incremental scan, {service} fails: {kind} {pattern!r} behind {skip}, {count or 'ever after'}")
        life.here.demo.knobs[service].add(kind, pattern, skip=skip, count=count)
        _as_it_ends(life)

    return step


def _short(life: Life) -> None:
    title, rows = life.dice.choice(("TV Shows", "Anime", "Movies")), life.dice.randint(1, 40)
    life.tell(f"an incremental scan, {title} gives {rows} rows too few")
    life.change.set_short(title, rows)
    _as_it_ends(life)
    life.change.set_short(title, 0)


def _refreshing(life: Life) -> None:
    title = life.dice.choice(("TV Shows", "Anime", "Movies"))
    life.tell(f"an incremental scan while Plex scans {title}")
    life.change.set_refreshing(title, True)
    _as_it_ends(life)
    life.change.set_refreshing(title, False)


def _as_it_ends(life: Life) -> None:
    """An incremental scan that may fail; then the services are well again."""
    try:
        life.here.scan(Mode.INCREMENTAL)
    except PlexgapError as error:
        life.told[-1] += f": {error.advice}"
    life.here.demo.reset()


def _rescan(life: Life) -> None:
    show = life.dice.choice(life.here.report.shows)
    life.tell(f"{show.title} is looked at again")
    wiring.run_rescan(life.here.house, show, threading.Event())


def _ignore(life: Life) -> None:
    show = life.dice.choice([show for show in life.here.report.shows if show.missing] or life.here.report.shows)
    line = next(iter(show.of(Standing.MISSING)), None)
    level = life.dice.randint(0, 2) if line is not None else 0
    season = line.number.season if line is not None and level else None
    numbers = (line.number.number,) if line is not None and level == 2 else ()
    life.tell(f"{show.title} {season} {numbers} is ignored")
    choices.ignore(life.here.house.decisions, show, season=season, numbers=numbers, now=life.here.clock())


def _override(life: Life) -> None:
    show = life.dice.choice(life.here.report.shows)
    if show.overridden:
        life.tell(f"it is taken back which show {show.title} is")
        wiring.clear_override(life.here.house, show)
        return
    tmdb_id = life.dice.choice([listed.tmdb_id for listed in life.world.catalogue.shows.values() if listed.on_tmdb])
    life.tell(f"{show.title} is said to be TMDB's {tmdb_id}")
    wiring.choose(life.here.house, show, choices.Wish(tmdb_id), threading.Event())


_LISTINGS = ("type=2", "type=3", "type=4", "type=1", "/allLeaves", "/library/sections")
_LOOKS: dict[Callable[[Life], None], int] = {
    _incremental: 10,
    _stopped: 3,
    _left: 2,
    _with_fault("plex", _LISTINGS): 4,
    _with_fault("tmdb", ("/3/tv/", "/3/find/", "/3/search/", "/3/movie/", "/3/collection/")): 3,
    _with_fault("tvdb", ("/series/", "/login")): 1,
    _short: 2,
    _refreshing: 1,
    _refresh: 2,
    _accepting: 1,
    _narrow: 2,
    _reopened: 1,
    _full: 1,
    _rescan: 3,
    _ignore: 1,
    _override: 2,
}
