"""What the page Collections says above its list: heading, status line, how complete all of it is, what stands where
nothing is missing. Changes when one of these is worded otherwise.

Plain text throughout. Every count comes from the report's FilmTally. Source: design/screens.md 4 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Standing, State
from plexgap.views import words
from plexgap.views.films import CollectionReport, FilmLine, FilmTally, FilmToMap
from plexgap.views.last_run import cut_short, is_calm, is_cut_short
from plexgap.views.missing import Quiet, Tone
from plexgap.views.report import NOT_CHECKED, Report, RunSummary


@dataclass(frozen=True, slots=True)
class Glance:
    """How complete all of it is. `bar`: (letter of a standing, films), released films only; those of collections that
    were not judged are "?". `words`: (text, whether it is strong)."""

    bar: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, bool], ...]


def heading(report: Report) -> str:
    tally = report.films.tally
    judged = tally.collections - tally.unknown
    if tally.missing:
        return f"{words.count(tally.missing, 'film')} {words.be(tally.missing)} missing"
    if _is_unchecked(report):
        return "Not checked yet"
    if not tally.films and not report.films.problem:
        return "No film to check"
    if not judged:
        return "No collection could be judged" if tally.failed or report.films.problem else "No collections yet"
    if tally.need_you:
        of = f"{words.number(judged)} of {words.count(tally.collections, 'collection')}"
        return f"Nothing is missing in {of if tally.unknown else words.count(judged, 'collection')}"
    return "Nothing is missing of what could be judged" if _is_in_part(report) else "Nothing is missing"


def _is_in_part(report: Report) -> bool:
    """Whether a library was not read whole, or titles that Plex has no more still count as held."""
    return bool(report.unread or report.held_back)


def _is_unchecked(report: Report) -> bool:
    tally = report.films.tally
    return report.last_run is None or bool(tally.films and tally.not_checked_yet == tally.films)


def status(report: Report, zone: tzinfo) -> tuple[str, Tone]:
    """The line under the heading: where films are missing, when that was checked, and what it lacks."""
    run, tally = report.last_run, report.films.tally
    if report.films.problem:
        return report.films.problem, Tone.AMBER
    if run is None:
        return "Nothing has been compared so far.", Tone.QUIET
    if not tally.films:
        whole = not (is_cut_short(run) or report.unread)
        said = "The libraries you chose hold no films." if whole else _checked(run, report, zone)
        return said, Tone.QUIET if whole else Tone.AMBER
    where = _where(tally) if tally.missing else ""
    sentences = (where, _checked(run, report, zone), _to_come(report), _failed(report, zone))
    return " ".join(filter(None, sentences)), Tone.QUIET if is_calm(report, Kind.MOVIE) else Tone.AMBER


def _where(tally: FilmTally) -> str:
    if tally.collections == 1:
        return "In the collection you have started."
    return f"In {words.number(tally.with_gaps)} of the {words.number(tally.collections)} collections you have started."


def _checked(run: RunSummary, report: Report, zone: tzinfo) -> str:
    if said := cut_short(run, report.as_of, zone):
        return said
    age, tally = words.age(run.finished_at, report.as_of, zone), report.films.tally
    if tally.failed or not tally.films:
        return f"Checked {age}."
    films = words.count(tally.films, "film")
    return f"Checked {age}, {f'{words.number(tally.films - tally.to_map)} of {films}' if tally.to_map else films}."


def _to_come(report: Report) -> str:
    """ "3 films and 2 collections are still to be checked.", or ""."""
    films, found = report.films.tally.not_checked_yet, sum(map(_waits, report.collections))
    return f"{_both(films, found)} {words.be(films + found)} still to be checked." if films or found else ""


def _both(films: int, found: int) -> str:
    return words.listed(words.count(many, noun) for many, noun in ((films, "film"), (found, "collection")) if many)


def _failed(report: Report, zone: tzinfo) -> str:
    """ "3 films and 2 collections could not be checked; showing what was known on Tuesday.", or ""."""
    films, found = failed_films(report), failed_collections(report)
    what = _both(len(films), len(found))
    if not what:
        return ""
    oldest = min((one.checked_at for one in found if one.stale and one.checked_at), default=None)
    known = f"; showing what was known {words.since(oldest, report.as_of, zone)}" if oldest else ""
    return f"{what} could not be checked{known}."


def failed_films(report: Report) -> tuple[FilmToMap, ...]:
    """Those that a lookup failed for."""
    return tuple(film for film in report.films.open if film.state is State.UNKNOWN and film.reason != NOT_CHECKED)


def failed_collections(report: Report) -> tuple[CollectionReport, ...]:
    """Those that a lookup failed for: their own, or that of a film that belongs to them."""
    return tuple(one for one in report.collections if not (one.is_judged or one.unsure or _waits(one)))


def _waits(one: CollectionReport) -> bool:
    """Whether it waits for nothing but its first check, or that of a film that belongs to it."""
    return not one.is_judged and (one.reason or "").endswith(NOT_CHECKED)


def glance(report: Report) -> Glance:
    """Counted over films that are released, ignored ones too; announced films count nowhere."""
    tally = report.films.tally
    judged = [one for one in report.collections if one.is_judged]
    held, listed = sum(one.held for one in judged), sum(one.listed for one in judged)
    unknown = sum(one.listed for one in report.collections if not one.is_judged)
    counted = (("h", held), ("i", listed - held - tally.missing), ("m", tally.missing), ("?", unknown))
    told = [
        (f"{words.number(held)} of {words.count(listed, 'film')}", True),
        (" held, ", False),
        (f"{words.number(tally.complete)} of {words.count(tally.collections, 'collection')}", True),
        (" complete", False),
    ]
    if tally.ignored:
        told.append((f", {words.count(tally.ignored, 'film')} ignored", False))
    if tally.unknown:
        told.append((f", {words.number(tally.unknown)} not judged", False))
    return Glance(tuple((letter, count) for letter, count in counted if count > 0), tuple(told))


def quiet(report: Report, zone: tzinfo, checking: bool) -> Quiet | None:
    """What stands where no collection has gaps."""
    tally = report.films.tally
    if report.films.problem or (tally.films and not tally.collections and tally.failed):
        return None
    if _is_unchecked(report):
        return _before_the_first(report, checking)
    if not tally.films:
        return Quiet("There are no films here", "Choose a library of films in Settings, and check again.")
    if not tally.collections:
        return Quiet("No collections yet", "None of your films belongs to a collection of two or more.")
    judged = tally.collections - tally.unknown
    if not judged:
        return None
    these = f"{words.number(judged)} collections" if judged > 1 else "collection"
    whose = f"{'these' if judged > 1 else 'this'} {these}" if tally.unknown or _is_in_part(report) else f"your {these}"
    if tally.ignored or report.held_back or any(one.is_judged and _is_just_out(one) for one in report.collections):
        return Quiet(f"Nothing that counts is missing from {whose}", _next(report, zone))
    return Quiet(f"Every released film of {whose} is in your library", _next(report, zone))


def _is_just_out(one: CollectionReport) -> bool:
    return any(line.standing is Standing.JUST_AIRED for line in one.lines)


def _before_the_first(report: Report, checking: bool) -> Quiet:
    if checking:
        return Quiet(
            "The first check runs" if report.last_run is None else "Your films are being checked",
            "What it finds stands here when it ends. You may close this page; the check goes on.",
        )
    return Quiet("Ready for the first check", "It asks TMDB which collections your films belong to.")


def _next(report: Report, zone: tzinfo) -> str:
    """ "Next: on Friday, The Cartographer VII." or that none is dated."""
    ahead = [
        (line.release_date, line)
        for one in report.collections
        if one.is_judged
        for line in one.announced
        if line.release_date is not None and line.standing is Standing.UPCOMING
    ]
    if not ahead:
        return "No film of them is announced with a date."
    day, film = min(ahead, key=_soonest)
    return f"Next: {words.near_day(day, report.as_of.astimezone(zone).date())}, {film.title}."


def _soonest(pair: tuple[date, FilmLine]) -> tuple[date, str]:
    return (pair[0], pair[1].title.casefold())
