"""What the page Missing shows, made from the report. Changes when the page says or groups something otherwise.

Plain text throughout: whoever draws it escapes it. Every count comes from the report's tally. Source: design/screens.md
4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from plexgap.domain.decisions import Ignore, Level
from plexgap.domain.episodes import numbers_label
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Standing, State
from plexgap.views import scope, words
from plexgap.views.card import dated
from plexgap.views.last_run import cut_short, is_calm, is_cut_short
from plexgap.views.report import NOT_CHECKED, EpisodeLine, Report, RunSummary, ShowReport

NEED_FIRST = 3


class Tone(StrEnum):
    QUIET = "quiet"
    AMBER = "amber"


@dataclass(frozen=True, slots=True)
class Counter:
    """A number and the words below it: (words, whether they are strong). `tone`: miss, need or plain."""

    value: str
    words: tuple[tuple[str, bool], ...]
    tone: str


@dataclass(frozen=True, slots=True)
class Lane:
    title: str
    note: str
    shows: tuple[ShowReport, ...]


@dataclass(frozen=True, slots=True)
class IgnoredRow:
    """An ignore in force. `name` is what the undo notice calls it: "S04 E03 of The Lantern Keepers"."""

    key: str
    title: str
    what: str
    detail: str
    name: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """The card that stands where no show has gaps. `settings`: what can be done about it is in the settings; `ahead`:
    the page Upcoming has more of it."""

    heading: str
    text: str
    settings: bool = False
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class MissingView:
    """The page but for its list. `quiet`: what stands where no show has gaps."""

    heading: str
    status: str
    tone: Tone
    counters: tuple[Counter, ...]
    quiet: Quiet | None
    ignored: tuple[IgnoredRow, ...]


def missing_title(report: Report) -> str:
    """The page's name in the navigation: "Missing 28", at 0 without a number."""
    total = report.tally.missing_ongoing + report.tally.missing_archived
    return f"Missing {words.number(total)}" if total else "Missing"


def missing(report: Report, zone: tzinfo, *, checking: bool = False) -> MissingView:
    """The page at the report's moment, in the reader's zone. `checking`: a check runs at this moment."""
    status, tone = _status(report, zone)
    tally = report.tally
    return MissingView(
        heading=_heading(report),
        status=status,
        tone=tone,
        counters=_counters(report) if tally.shows else (),
        quiet=None if tally.with_gaps else _quiet(report, zone, checking),
        ignored=ignored_rows(report, zone, of_shows=True),
    )


def differences(shown: Report, now: Report) -> int:
    """How many shows would look different if the list were drawn anew; 0 while it stands as it is."""
    before = {show.title_id: show for show in shown.shows}
    after = {show.title_id: show for show in now.shows}
    both = ((before.get(key), after.get(key)) for key in before.keys() | after.keys())
    return sum(one is not other and _looks(one) != _looks(other) for one, other in both)


def _looks(show: ShowReport | None) -> tuple[object, ...] | None:
    if show is None:
        return None
    return (show.state, show.title, show.held, show.listed, tuple(season.row for season in show.all_seasons))


def needs(show: ShowReport) -> bool:
    return show.state in (State.SUSPECT, State.UNKNOWN, State.NEEDS_MAPPING)


def shows_that_ask(report: Report) -> tuple[ShowReport, ...]:
    """Shows in no total that need an answer or a new try: questions only the person can answer first."""
    return tuple(sorted((show for show in report.shows if _asks(show)), key=_need_order))


def _asks(show: ShowReport) -> bool:
    """Whether it needs an answer, and not just the first check that is still to come."""
    return needs(show) and not (show.state is State.UNKNOWN and show.reason == NOT_CHECKED)


def _need_order(show: ShowReport) -> tuple[int, str, int]:
    """Questions only the person can answer first, then what a new try may answer."""
    first = (State.NEEDS_MAPPING, State.SUSPECT, State.UNKNOWN).index(show.state)
    return (first, show.title.casefold(), show.year or 0)


def _heading(report: Report) -> str:
    tally = report.tally
    total = tally.missing_ongoing + tally.missing_archived
    if total:
        return f"{words.count(total, 'episode')} {words.be(total)} missing"
    if tally.missing_specials:
        return f"{words.count(tally.missing_specials, 'special')} {words.be(tally.missing_specials)} missing"
    nothing = scope.empty(report)
    if report.last_run is not None and nothing is not None:
        return nothing.heading
    if report.last_run is None or (tally.shows and tally.not_checked_yet == tally.shows):
        return "Not checked yet"
    if not tally.shows:
        return "No show to check"
    if tally.need_you == tally.shows:
        return "No show could be judged"
    if tally.need_you:
        return (
            f"Nothing is missing in {words.number(tally.shows - tally.need_you)} of {words.count(tally.shows, 'show')}"
        )
    return "Nothing is missing" if report.shows_complete else "Nothing is missing of what could be judged"


def _status(report: Report, zone: tzinfo) -> tuple[str, Tone]:
    """The line under the heading: when, how much of it, and what it lacks."""
    run, tally = report.last_run, report.tally
    if run is None:
        return "Nothing has been compared so far.", Tone.QUIET
    if not (tally.shows or is_cut_short(run) or report.unread) and report.watchlist is None:
        return "Plex lists no show in the libraries you chose. Choose others in Settings.", Tone.AMBER
    sentences = [_checked(run, report, zone)]
    if tally.not_checked_yet:
        sentences.append(
            f"{words.count(tally.not_checked_yet, 'show')} {words.be(tally.not_checked_yet)} still to be checked."
        )
    stale = [show for show in report.shows if show.stale]
    failed = tally.unknown - tally.not_checked_yet
    if stale:
        oldest = min((show.checked_at for show in stale if show.checked_at), default=None)
        known = f"; showing what was known {words.since(oldest, report.as_of, zone)}" if oldest else ""
        sentences.append(f"{words.count(failed, 'show')} could not be checked{known}.")
    elif failed > 0:
        sentences.append(f"{words.count(failed, 'show')} could not be checked.")
    if tally.missing_specials and tally.missing_ongoing + tally.missing_archived:
        sentences.append(f"{words.count(tally.missing_specials, 'special')} apart.")
    if report.watchlist is not None:
        sentences.append(scope.status(report.watchlist, report.as_of, zone))
    return " ".join(sentences), Tone.QUIET if is_calm(report, Kind.SHOW) else Tone.AMBER


def _checked(run: RunSummary, report: Report, zone: tzinfo) -> str:
    if said := cut_short(run, report.as_of, zone):
        return said
    age, tally = words.age(run.finished_at, report.as_of, zone), report.tally
    if tally.unknown or report.held_back or report.unread or tally.shows < 2:
        return f"Checked {age}."
    if tally.need_you:
        return f"Checked {age}, {words.number(tally.shows - tally.need_you)} of {words.count(tally.shows, 'show')}."
    return f"Checked {age}, all {words.count(tally.shows, 'show')}."


def _counters(report: Report) -> tuple[Counter, ...]:
    tally = report.tally
    ongoing = _in_shows(tally.shows_ongoing if tally.missing_ongoing else 0, "ongoing")
    archived = _in_shows(tally.shows_archived if tally.missing_archived else 0, "archived")
    week = (("upcoming, ", False), (words.number(tally.upcoming_week), True), (" in 7 days", False))
    return (
        Counter(
            words.number(tally.shows),
            (
                (f"{'show' if tally.shows == 1 else 'shows'}, ", False),
                (words.number(tally.complete), True),
                (" complete", False),
            ),
            "plain",
        ),
        Counter(words.number(tally.missing_ongoing), ongoing, "miss" if tally.missing_ongoing else "plain"),
        Counter(words.number(tally.missing_archived), archived, "miss" if tally.missing_archived else "plain"),
        Counter(words.number(tally.upcoming), week if tally.upcoming else (("upcoming", False),), "plain"),
        _need_counter(report),
    )


def _need_counter(report: Report) -> Counter:
    tally = report.tally
    value = words.number(tally.need_you)
    if tally.need_you and tally.need_you == tally.not_checked_yet:
        return Counter(value, (("still to be checked", False),), "plain")
    need = "needs" if tally.need_you == 1 else "need"
    if tally.unknown:
        unchecked = ((f"{need} you, ", False), (words.number(tally.unknown), True), (" not checked", False))
        return Counter(value, unchecked, "need")
    return Counter(value, ((f"{need} you", False),), "need" if tally.need_you else "plain")


def _in_shows(shows: int, group: str) -> tuple[tuple[str, bool], ...]:
    if not shows:
        return ((f"missing in {group} shows", False),)
    return (
        ("missing in ", False),
        (words.number(shows), True),
        (f" {group} {'show' if shows == 1 else 'shows'}", False),
    )


Coming = tuple[tuple[ShowReport, EpisodeLine], ...]


def _upcoming(report: Report) -> Coming:
    found = [
        (show, line)
        for show in report.shows
        if not needs(show)
        for season in show.seasons
        for line in season.of(Standing.UPCOMING)
    ]
    return tuple(sorted(found, key=lambda pair: (dated(pair[1]), pair[0].title.casefold(), pair[1].number)))


def _quiet(report: Report, zone: tzinfo, checking: bool) -> Quiet | None:
    tally = report.tally
    if report.last_run is None and checking:
        return Quiet(
            "The first check runs",
            "What it finds stands here when it ends. You may close this page; the check goes on.",
        )
    if report.last_run is None:
        return Quiet("Ready for the first check", "It reads your library from Plex and looks up every show in it.")
    nothing = scope.empty(report)
    if nothing is not None:
        return Quiet(nothing.sentence.removesuffix("."), nothing.hint, nothing.settings)
    if tally.shows == tally.not_checked_yet or tally.shows == tally.need_you:
        return None
    judged = tally.shows - tally.need_you
    these = f"these {words.number(judged)} shows" if judged > 1 else "this show"
    if tally.just_aired or report.held_back or any(map(_leaves_out, report.shows)):
        heading = f"Nothing that counts is missing from {'your library' if report.shows_complete else these}"
    else:
        heading = f"Every aired episode{'' if report.shows_complete else f' of {these}'} is in your library"
    coming = _upcoming(report)
    if not coming or coming[0][1].air_date is None:
        return Quiet(heading, "No show in your library has a dated episode ahead.")
    show, line = coming[0]
    first_day = [pair for pair in coming if pair[1].air_date == line.air_date]
    when = words.near_day(dated(line), report.as_of.astimezone(zone).date())
    code = numbers_label(line.number.season, [line.number.number])
    return Quiet(
        heading, f"Next: {when}, {words.count(len(first_day), 'episode')}, first {show.title} {code}.", ahead=True
    )


def _leaves_out(show: ShowReport) -> bool:
    """Whether episodes of it are ignored or, by the policy, not wanted."""
    return any("i" in season.row for season in show.seasons)


def ignored_rows(report: Report, zone: tzinfo, *, of_shows: bool) -> tuple[IgnoredRow, ...]:
    """The ignores of shows and what belongs to them, or those of films and collections."""
    return tuple(ignored_row(each, report.as_of, zone) for each in report.ignores if each.level.is_of_show is of_shows)


def ignored_row(ignore: Ignore, now: datetime, zone: tzinfo) -> IgnoredRow:
    return IgnoredRow(
        key=ignore.key,
        title=words.ignored_name(ignore) if ignore.level is Level.MOVIE else ignore.title.title,
        what=words.ignored_what(ignore),
        detail=words.ignored_until(ignore, now, zone),
        name=words.ignored_name(ignore),
    )
