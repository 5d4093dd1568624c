"""A check while it runs, as the page Activity shows it, and the log of it or of the last one. Changes with its words.

Plain text throughout: whoever draws it escapes it. Source: design/screens.md 9, design/mirror.md 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType

from plexgap.domain import events
from plexgap.domain.events import Change, Phase, PhaseDone, PhaseStarted, Progress, RateLimited, RunStatus, Total
from plexgap.jobs.runner import Snapshot
from plexgap.jobs.scan import Mode
from plexgap.jobs.speed import SAMPLES
from plexgap.jobs.told import Heard, Wait
from plexgap.store.runs import CUT_OFF, RunRecord
from plexgap.views import words
from plexgap.views.changes import change_lines
from plexgap.views.runs import SERVICES, told, warning_line

MOST = 200
_ALWAYS = ("plex", "tmdb")
_PHASES = {Phase.MIRROR: "Plex", Phase.COMPARE: "Shows", Phase.FILMS: "Films"}
_ITEMS = {Phase.MIRROR: "item", Phase.COMPARE: "show", Phase.FILMS: "film"}
_TO_COME = {Phase.MIRROR: (Phase.COMPARE, Phase.FILMS), Phase.COMPARE: (Phase.FILMS,), Phase.FILMS: ()}
_PACE_FROM_S = 1.0  # a phase that was shorter says nothing about the pace

Lasted = Mapping[str, Mapping[str, float]]
_NEVER: Lasted = MappingProxyType({})


class Level(StrEnum):
    """What of the log is shown."""

    CHANGES = "Changes"
    WARNINGS = "Warnings"
    ALL = "All"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log. `at`: "14:02:44". `level`: CHANGES or WARNINGS; ALL: a step."""

    at: str
    text: str
    level: Level


@dataclass(frozen=True, slots=True)
class Bar:
    """`share`: 0 to 1."""

    label: str
    share: float


@dataclass(frozen=True, slots=True)
class Live:
    """A running check. `counts`: a number and what it counts. `speeds`: 0 to 1 of the highest of them, oldest first,
    at each second of the last minute; fewer at first."""

    overall: Bar
    part: Bar
    time: str
    now: str
    counts: tuple[tuple[str, str], ...]
    waits: str
    speed: str
    speed_of: str
    speeds: tuple[float, ...]
    speeds_said: str
    state: str


def live(snap: Snapshot, share: float, now: datetime, zone: tzinfo, lasted: Lasted = _NEVER) -> Live:
    """`share`: of the whole check, 0 to 1. `lasted`: how many seconds each phase took before, by mode."""
    noun = _ITEMS.get(snap.phase or Phase.MIRROR, "item")
    top = max(snap.speeds, default=0.0)
    return Live(
        Bar("The whole check", share),
        Bar(_part(snap), _share(snap)),
        _time(snap, seconds_left(snap, lasted)),
        _now(snap),
        tuple(_counts(snap, now)),
        " ".join(_waited(wait, zone) for wait in snap.waits),
        _rate(snap.speed),
        f"{noun}s a second, over the last minute",
        tuple(speed / top for speed in snap.speeds) if top else (),
        f"Speed over the last minute: {_rate(snap.speed)} {noun}s a second now, {_rate(top)} at most",
        _state(snap),
    )


def seconds_left(snap: Snapshot, lasted: Lasted) -> float | None:
    """Of the whole check, if the phases to come take as long as the last time; None: that can't be told.

    While shows are compared their own pace, against the last time, goes for the films too: both ask catalogues.
    """
    if snap.seconds_left is None or snap.phase is None or not snap.total:
        return None
    to_come = _TO_COME[snap.phase] if snap.mode in tuple(Mode) else ()
    if not to_come:
        return snap.seconds_left
    before = lasted.get(snap.mode)
    if before is None:
        return None
    own = before.get(snap.phase, 0.0)
    is_telling = snap.phase is Phase.COMPARE and own >= _PACE_FROM_S
    pace = (snap.phase_seconds + snap.seconds_left) / own if is_telling else 1.0
    return snap.seconds_left + pace * sum(before.get(phase, 0.0) for phase in to_come)


def reached(snap: Snapshot) -> str:
    """ "142 of 300 shows"; "" where it isn't known of how many."""
    if snap.phase is None or not snap.total:
        return ""
    return f"{words.number(snap.done)} of {words.count(snap.total, _ITEMS[snap.phase])}"


def area(speeds: Sequence[float]) -> str:
    """The corners of the area below these speeds for `clip-path: polygon(...)`, the present one at the right; "" where
    there is nothing to draw."""
    if len(speeds) < 2:
        return ""
    step = 100 / (SAMPLES - 1)
    first = 100 - step * (len(speeds) - 1)
    corners = [f"{first + step * place:.1f}% {100 - 100 * speed:.1f}%" for place, speed in enumerate(speeds)]
    return ", ".join((f"{first:.1f}% 100%", *corners, "100% 100%"))


def _part(snap: Snapshot) -> str:
    """ "Shows 142 of 300"; while Plex is read, of the library it is at: "TV Shows (1/3) 118 of 240"."""
    if snap.phase is None:
        return "Nothing is known yet"
    done, total = _of(snap)
    name = (snap.place if snap.phase is Phase.MIRROR else "") or _PHASES[snap.phase]
    return f"{name} {words.number(done)} of {words.number(total)}" if total else name


def _of(snap: Snapshot) -> tuple[int, int]:
    return snap.part if snap.phase is Phase.MIRROR and snap.place else (snap.done, snap.total)


def _share(snap: Snapshot) -> float:
    done, total = _of(snap)
    return min(1.0, done / total) if total else 0.0


def _time(snap: Snapshot, seconds: float | None) -> str:
    """ "1 min 52 s so far, about 40 s left"."""
    so_far = f"{words.duration(snap.seconds)} so far"
    left = f", {words.about(seconds)} left" if seconds is not None else ""
    return so_far if snap.paused or snap.stopping else so_far + left


def _now(snap: Snapshot) -> str:
    """What it is at; "" where that isn't known, or it holds."""
    return "" if snap.paused or snap.stopping else snap.item


def _counts(snap: Snapshot, now: datetime) -> Iterator[tuple[str, str]]:
    for name, label in SERVICES.items():
        many = snap.requests.get(name, 0)
        if many or name in _ALWAYS:
            yield words.number(many), f"asked of {label}"
    yield words.number(snap.unasked), "not asked again"
    length = sum((wait.length - max(timedelta(), wait.until - now) for wait in snap.waits), timedelta())
    yield f"{words.number(round(max(0.0, length.total_seconds())))} s", "waited"


def _waited(wait: Wait, zone: tzinfo) -> str:
    """ "TMDB asked us to slow down once, until 14:02:31. Nothing was lost." """
    often = {1: "once", 2: "twice"}.get(wait.times, f"{words.number(wait.times)} times")
    return f"{wait.service} asked us to slow down {often}, until {_clock(wait.until, zone)}. Nothing was lost."


def _clock(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"


def _rate(speed: float) -> str:
    return f"{speed:.1f}" if speed < 100 else words.number(round(speed))


def _state(snap: Snapshot) -> str:
    """ "Shows / TV Shows / Kestrel House": what it does, in which library, with what."""
    if snap.stopping:
        return "Stopping"
    if snap.phase is None:
        return words.sentence(snap.waiting_for).rstrip(".") or "Starting"
    parts = (_PHASES[snap.phase], snap.library, snap.item)
    said = " / ".join(part for part in parts if part)
    return f"Paused: {said}" if snap.paused else said


# ---------------------------------------------------------------- the log


def lines_of_job(heard: Iterable[Heard], zone: tzinfo) -> tuple[Line, ...]:
    """What a job told, newest first; changes of one second that belong together share a line."""
    found: list[Line] = []
    for _, some in groupby(heard, key=_together):
        met = tuple(some)
        changes = [one.event for one in reversed(met) if isinstance(one.event, Change)]
        if changes:
            found += [Line(_clock(met[0].at, zone), text, Level.CHANGES) for text in reversed(change_lines(changes))]
        else:
            found += [line for one in met if (line := _line(one, zone)) is not None]
    return tuple(found)


def lines_of_record(record: RunRecord | None, zone: tzinfo) -> tuple[Line, ...]:
    """What a run met that is on record, newest first."""
    if record is None:
        return ()
    return tuple(
        Line(_clock(at, zone), text, Level.WARNINGS if warns else Level.CHANGES)
        for at, text, warns in reversed(told(record.noted, zone))
    )


def shown(lines: Iterable[Line], level: Level, asked: str) -> tuple[Line, ...]:
    """Those of the level that hold every word that is asked for, in whatever case; the first 200."""
    wanted = asked.casefold().split()
    fitting = (
        line
        for line in lines
        if level in (Level.ALL, line.level) and all(word in line.text.casefold() for word in wanted)
    )
    return tuple(line for line, _ in zip(fitting, range(MOST), strict=False))


def nothing_shown(level: Level, asked: str, last: RunRecord | None) -> str:
    """What stands in an empty log; `last`: the run that ended, whose log it is."""
    if asked.strip():
        return f'No line matches "{asked.strip()}".'
    what = {Level.CHANGES: "No change", Level.WARNINGS: "No warning", Level.ALL: "Nothing"}[level]
    if last is None or last.run.status is RunStatus.RUNNING:
        return f"{what} so far."
    return _done(last) if level is Level.ALL else f"{what} in the last check."


def _done(record: RunRecord) -> str:
    """ "380 titles looked at. Nothing changed, nothing went wrong.": what a run did that has no line to show."""
    run = record.run
    if run.status is RunStatus.STOPPED:
        how = "cut off" if run.advice == CUT_OFF else "stopped"
        return f"The check was {how} before its end. What was found until then is kept."
    if run.status is RunStatus.FAILED:
        return words.sentence(run.advice) or "The check ended early."
    is_first = run.run_id == 1
    many = words.count(run.stats.titles, "title")
    looked = f"{many} {'read for the first time' if is_first else 'looked at'}. " if run.stats.titles else ""
    changed = words.count(run.stats.changes, "change") if run.stats.changes else "" if is_first else "Nothing changed"
    if run.status is RunStatus.PARTIAL:
        return looked + " ".join(words.sentence(part) for part in (changed, run.advice) if part)
    return looked + (f"{changed}, nothing went wrong." if changed else "Nothing went wrong.")


def _together(one: Heard) -> tuple[bool, object]:
    """Changes go together by the second they came in, everything else by itself."""
    is_change = isinstance(one.event, Change)
    return is_change, one.at.replace(microsecond=0) if is_change else one.number


def _line(one: Heard, zone: tzinfo) -> Line | None:
    clock, event = _clock(one.at, zone), one.event
    match event:
        case events.Warning():
            return Line(clock, warning_line(event), Level.WARNINGS)
        case RateLimited():
            text = f"{event.service} asked us to slow down until {_clock(event.until, zone)}. It goes on by itself."
            return Line(clock, text, Level.WARNINGS)
        case PhaseStarted():
            return Line(clock, _BEGAN[event.phase], Level.ALL)
        case PhaseDone():
            return Line(clock, f"{_ENDED[event.phase]} in {words.duration(event.seconds)}", Level.ALL)
        case Total():
            return Line(clock, f"Found {event.library}: {words.count(event.total, 'item')}", Level.ALL)
        case Progress():
            verb = "Read" if event.phase is Phase.MIRROR else "Looked at"
            return Line(clock, f"{verb} {event.item}", Level.ALL)
        case _:
            return None


_BEGAN = {
    Phase.MIRROR: "Reading Plex",
    Phase.COMPARE: "Comparing shows with what is listed",
    Phase.FILMS: "Looking up films and collections",
}
_ENDED = {Phase.MIRROR: "Plex was read", Phase.COMPARE: "Shows were compared", Phase.FILMS: "Films were looked up"}
