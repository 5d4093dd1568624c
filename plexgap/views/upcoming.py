"""What the page Upcoming shows, made from the report. Changes when the page says or groups something otherwise.

Plain text throughout: whoever draws it escapes it. Catalogues give days without zone or time of day, so days are
compared with the reader's calendar as they stand. Source: design/screens.md 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from itertools import groupby

from plexgap.domain.episodes import numbers_label
from plexgap.domain.library import Kind
from plexgap.gaps.rules import air_moment
from plexgap.views import scope, words
from plexgap.views.coming import Ahead, Coming, What, ahead, how_many, of_shows
from plexgap.views.last_run import cut_short, is_calm
from plexgap.views.missing import Quiet, Tone
from plexgap.views.report import Report

TITLE = "Upcoming"
NEAREST = 3
UNDATED = "undated"
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    """What one show brings on one day, or one film. `weekday`, `date`: "Tuesday", "24 Nov"; both "" without a day.
    `note`: the name of a single one, else how many they are. `of`: how many episodes, specials or films it stands
    for."""

    day: date | None
    weekday: str
    date: str
    poster: str
    title: str
    code: str
    note: str
    library: str
    of: int


@dataclass(frozen=True, slots=True)
class Lane:
    """`key` is a slug. `folded`: behind its title and note, opened by the person."""

    key: str
    title: str
    note: str
    rows: tuple[Row, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class UpcomingView:
    """The page, lanes first to last. `nearest`: at most three rows of those ahead, which no lane repeats."""

    heading: str
    status: str
    tone: Tone
    nearest: tuple[Row, ...]
    lanes: tuple[Lane, ...]
    quiet: Quiet | None


def upcoming(report: Report, zone: tzinfo, threshold_hours: int) -> UpcomingView:
    """The page at the report's moment, in the reader's zone. `threshold_hours`: how long an episode is just aired."""
    coming, today = ahead(report), report.as_of.astimezone(zone).date()
    rows = _rows(coming.dated, today)
    nearest = rows[:NEAREST]
    status, tone = _status(report, coming, zone)
    return UpcomingView(
        heading=_heading(report, coming, today),
        status=status,
        tone=tone,
        nearest=nearest,
        lanes=(
            *_just_out(report, coming, zone, threshold_hours),
            *_dated(report, coming, rows, nearest),
            *_undated(coming, today),
        ),
        quiet=_quiet(report) if not (coming.dated or coming.just_out) else None,
    )


# ---------------------------------------------------------------- the head


def _heading(report: Report, coming: Ahead, today: date) -> str:
    if coming.dated:
        first = [one for one in coming.dated if one.day == coming.dated[0].day]
        return f"Next: {_near(coming.dated[0].day, today)}, {how_many(first)}"
    if coming.just_out:
        latest = [one for one in coming.just_out if one.day == coming.just_out[-1].day]
        return f"Just aired: {_near(coming.just_out[-1].day, today)}, {how_many(latest)}"
    return "Not checked yet" if report.last_run is None else "Nothing is announced"


def _status(report: Report, coming: Ahead, zone: tzinfo) -> tuple[str, Tone]:
    run, tally = report.last_run, report.tally
    if run is None:
        return "Nothing has been compared so far.", Tone.QUIET
    said = []
    if coming.dated:
        has, counts = ("has", "counts") if len(coming.dated) == 1 else ("have", "count")
        counted = f" and {counts} as missing already" if any(one.counted for one in coming.dated) else ""
        said.append(f"{of_shows(coming.dated)} {has} a date ahead{counted}.")
    said.append(cut_short(run, report.as_of, zone) or f"Checked {words.age(run.finished_at, report.as_of, zone)}.")
    if tally.need_you:
        need, are = ("needs", "is") if tally.need_you == 1 else ("need", "are")
        said.append(f"{words.count(tally.need_you, 'show')} {need} you and {are} left out.")
    return " ".join(said), Tone.QUIET if is_calm(report, Kind.SHOW, Kind.MOVIE) else Tone.AMBER


def _quiet(report: Report) -> Quiet:
    if report.last_run is None:
        return Quiet("Ready for the first check", "Start it on the page Missing. Then what airs next stands here.")
    nothing = scope.empty(report)
    if nothing is not None:
        return Quiet(nothing.sentence.removesuffix("."), nothing.hint, nothing.settings)
    return Quiet("Nothing is announced", "No show in your library has a dated episode ahead.")


# ---------------------------------------------------------------- lanes


def _just_out(report: Report, coming: Ahead, zone: tzinfo, threshold_hours: int) -> Iterable[Lane]:
    """A lane a day, the latest first: "Today", "counts as missing from tomorrow"."""
    today = report.as_of.astimezone(zone).date()
    by_day = [(day, tuple(found)) for day, found in groupby(coming.just_out, lambda one: one.day) if day is not None]
    for day, found in reversed(by_day):
        over = (air_moment(day) + timedelta(hours=threshold_hours)).astimezone(zone)
        when = words.near_day(over.date(), today).removeprefix("on ")
        if over.date() == today:
            when = f"{words.clock(over, zone)} on"
        counts = "counts" if len(found) == 1 else "count"
        note = f"{of_shows(found)}, {counts} as missing from {when}"
        near = _near(day, today).removeprefix("on ")
        yield Lane(f"out-{day.isoformat()}", near[0].upper() + near[1:], note, _rows(found, today))


_DATED = (("week", "Next 7 days"), ("month", "In 8 to 30 days"), ("later", "Later"))


def _dated(report: Report, coming: Ahead, rows: Sequence[Row], nearest: Sequence[Row]) -> Iterable[Lane]:
    for key, title in _DATED:
        found = [one for one in coming.dated if _lane_of(one.day, report) == key]
        if found:
            above = sum(row.of for row in nearest if _lane_of(row.day, report) == key)
            shown = tuple(row for row in rows[len(nearest) :] if _lane_of(row.day, report) == key)
            yield Lane(key, title, f"{of_shows(found)}{_above(above, len(found))}", shown, folded=key == "later")


def _lane_of(day: date | None, report: Report) -> str:
    """The next 7 days are those that the page Missing counts: from this very moment on."""
    if day is None:
        return UNDATED
    left = air_moment(day) - report.as_of
    return "week" if left < _WEEK else "month" if left < _MONTH else "later"


def _above(above: int, of: int) -> str:
    if not above:
        return ""
    return ", above" if above == of else f", {words.number(above)} of them above"


def _undated(coming: Ahead, today: date) -> Iterable[Lane]:
    """A row a show and a film, whatever the number of its episodes."""
    if coming.undated:
        rows = tuple(_row(tuple(group), today) for _, group in groupby(coming.undated, key=lambda one: one.title_id))
        shows = len({one.title_id for one in coming.undated if one.what is not What.FILM})
        films = sum(one.what is What.FILM for one in coming.undated)
        counted = ((shows, "show"), (films, "film"))
        note = words.listed(words.count(many, noun) for many, noun in counted if many)
        yield Lane(UNDATED, "No date yet", note, rows, folded=True)


def _rows(found: Sequence[Coming], today: date) -> tuple[Row, ...]:
    """In the order given, which has the same day, show and season together."""
    together = groupby(found, key=lambda one: (one.day, one.title_id, one.number.season))
    return tuple(_row(tuple(group), today) for _, group in together)


def _row(group: tuple[Coming, ...], today: date) -> Row:
    one = group[0]
    return Row(
        day=one.day,
        weekday=_weekday(one.day, today) if one.day else "",
        date=_date(one.day, today) if one.day else "",
        poster=one.poster,
        title=one.title,
        code=_code(group),
        note=_name(one) if len(group) == 1 else how_many(group),
        library=", ".join(one.libraries),
        of=len(group),
    )


def _code(group: tuple[Coming, ...]) -> str:
    """ "S05 E03, E05-E07"; of several seasons "S05, S06"."""
    if group[0].what is What.FILM:
        return "Film"
    seasons = sorted({one.number.season for one in group})
    if len(seasons) > 1:
        return ", ".join(f"S{season:02d}" for season in seasons)
    return numbers_label(seasons[0], [one.number.number for one in group])


def _name(one: Coming) -> str:
    if one.what is What.EPISODE and one.number.number == 1:
        return f"{one.name}, season opener" if one.name else "Season opener"
    return one.name


def _near(day: date | None, today: date) -> str:
    return words.near_day(day, today) if day else ""


def _weekday(day: date, today: date) -> str:
    """ "Today", "Tomorrow", else the day of the week."""
    away = (day - today).days
    return {0: "Today", 1: "Tomorrow"}.get(away) or words.WEEKDAYS[day.weekday()]


def _date(day: date, today: date) -> str:
    """ "24 Nov", with its year where that is another one; the weekday before it where only "Tomorrow" is said."""
    told = words.day(day) if day.year != today.year else f"{day.day} {words.MONTHS[day.month - 1]}"
    return f"{words.WEEKDAYS[day.weekday()]}, {told}" if (day - today).days in (0, 1) else told


# ---------------------------------------------------------------- the calendar

WEEKS = 5
NAMES_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A title on a day, and what of it: "S05 E03 Ballast"."""

    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One day. `label`: "24", "1 Dec", "today, 21". `names`: at most three; `more`: those beyond."""

    day: date
    label: str
    is_today: bool
    is_past: bool
    names: tuple[Name, ...]
    more: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Five weeks, Monday to Sunday. `title`: "16 Nov - 20 Dec 2026". `is_last`: nothing is ahead after it."""

    title: str
    weeks: tuple[tuple[Cell, ...], ...]
    is_last: bool


def calendar(report: Report, zone: tzinfo, page: int = 0) -> Calendar:
    """Five weeks from the reader's present one, or from as many times five weeks later."""
    coming, today = ahead(report), report.as_of.astimezone(zone).date()
    first = today - timedelta(days=today.weekday()) + page * timedelta(weeks=WEEKS)
    last = first + timedelta(days=7 * WEEKS - 1)
    names: dict[date, list[Name]] = {}
    for row in _rows(sorted((*coming.just_out, *coming.dated), key=_by_day), today):
        if row.day is not None and first <= row.day <= last:
            names.setdefault(row.day, []).append(Name(row.title, f"{row.code} {row.note}".strip()))
    days = [first + timedelta(days=number) for number in range(7 * WEEKS)]
    cells = [_cell(day, today, day == first, names.get(day, [])) for day in days]
    return Calendar(
        title=words.span(first, last),
        weeks=tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7)),
        is_last=not any(one.day is not None and one.day > last for one in coming.dated),
    )


def _by_day(one: Coming) -> date:
    return one.day or date.max


def _cell(day: date, today: date, is_first: bool, names: Sequence[Name]) -> Cell:
    label = f"{day.day} {words.MONTHS[day.month - 1]}" if is_first or day.day == 1 else str(day.day)
    return Cell(
        day=day,
        label=f"today, {label}" if day == today else label,
        is_today=day == today,
        is_past=day < today,
        names=tuple(names[:NAMES_A_DAY]),
        more=tuple(names[NAMES_A_DAY:]),
    )
