"""What the page Library says of its health: what waits for the person, findings, how complete everything is.

Plain text throughout: whoever draws it escapes it. Every count comes from the report's tallies, or is that
of rows which the page lists. Source: design/screens.md 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby

from plexgap.domain.library import Kind
from plexgap.domain.verdicts import State
from plexgap.views import words
from plexgap.views.card import Ask, NeedCard
from plexgap.views.collections import films_that_ask
from plexgap.views.collections_said import failed_collections, glance
from plexgap.views.films import CollectionReport, FilmToMap
from plexgap.views.health import Finding, FindingKind, health
from plexgap.views.last_run import cut_short, is_calm
from plexgap.views.missing import Tone, shows_that_ask
from plexgap.views.report import Report, ShowReport

_NOUNS = {
    FindingKind.GONE: ("collection", "collections"),
    FindingKind.TWO_PLACES: ("show", "shows"),
}
Waiting = ShowReport | FilmToMap | CollectionReport


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one kind. `note`: how many they are, of how much."""

    kind: FindingKind
    note: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How complete something is. `parts`: (letter, how many): h held or complete, m missing or with gaps, i ignored or
    just aired, ? not judged; those of 0 are left out."""

    name: str
    parts: tuple[tuple[str, int], ...]
    note: str


@dataclass(frozen=True, slots=True)
class LibraryView:
    """What stands above both halves of the page."""

    heading: str
    status: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class HealthView:
    """The half Health. `waiting`: shows, films and collections in no total that need an answer or a new try, questions
    first. `quiet`: a sentence where there is nothing to show of it yet, or ""."""

    waiting: tuple[Waiting, ...]
    groups: tuple[Group, ...]
    bars: tuple[Bar, ...]
    quiet: str


def library_title(report: Report) -> str:
    """The page's name in the navigation: "Library 3", at 0 without a number."""
    count = len(waiting(report))
    return f"Library {words.number(count)}" if count else "Library"


def library(report: Report, zone: tzinfo) -> LibraryView:
    """At the report's moment, in the reader's zone."""
    return LibraryView(_heading(report), *_status(report, zone))


def library_health(report: Report, sizes: Mapping[str, int]) -> HealthView:
    """`sizes`: bytes on disk of what `copies` names."""
    is_known = bool(report.shows or report.films.tally.films)
    return HealthView(
        waiting=waiting(report),
        groups=_groups(report, sizes),
        bars=tuple(_bars(report)),
        quiet="" if is_known else "What is odd in your library, and how complete it is, stands here after a check.",
    )


def copies(report: Report) -> tuple[str, ...]:
    """The Plex items that are one of several copies of an episode."""
    shows = (show for show in report.shows if show.is_judged)
    return tuple(key for show in shows for one in show.duplicates for key in one.rating_keys)


def waiting(report: Report) -> tuple[Waiting, ...]:
    """What is in no total and needs an answer or a new try; what only its first check is still to come of is not."""
    shows, films = shows_that_ask(report), films_that_ask(report)
    asks: list[Waiting] = [show for show in shows if show.state is not State.UNKNOWN]
    asks += [film for film in films if film.state is State.NEEDS_MAPPING]
    failed: list[Waiting] = [show for show in shows if show.state is State.UNKNOWN]
    failed += [film for film in films if film.state is not State.NEEDS_MAPPING]
    return (*asks, *failed, *failed_collections(report))


def collection_need(one: CollectionReport) -> NeedCard:
    """The card of a collection that was not judged because a lookup failed."""
    return NeedCard(
        title=one.name,
        year=None,
        poster=next((line.poster_key for line in one.lines if line.poster_key), ""),
        badge="Not checked",
        lines=(words.sentence(one.reason or ""),),
        ask=Ask.RETRY,
    )


# ---------------------------------------------------------------- heading and status line


def _heading(report: Report) -> str:
    waits = len(waiting(report))
    if waits:
        return f"{words.count(waits, 'thing')} need{'s' if waits == 1 else ''} you"
    if report.last_run is None:
        return "Not checked yet"
    return "Everything is in order" if report.complete and not health(report) else "Nothing needs you"


def _status(report: Report, zone: tzinfo) -> tuple[str, Tone]:
    run, shows, films = report.last_run, report.tally, report.films.tally
    if run is None:
        return "Nothing has been compared so far.", Tone.QUIET
    tallies = ((shows.complete, shows.shows, "show"), (films.complete, films.collections, "collection"))
    counted = [
        (complete, f"{words.number(complete)} of {words.count(of, noun)}") for complete, of, noun in tallies if of
    ]
    are = words.be(counted[0][0]) if len(counted) == 1 else "are"
    whole = f"{words.listed(said for _, said in counted)} {are} complete." if counted else ""
    ended = cut_short(run, report.as_of, zone) or f"Checked {words.age(run.finished_at, report.as_of, zone)}."
    calm = is_calm(report, Kind.SHOW, Kind.MOVIE)
    return " ".join(filter(None, (whole, ended, _to_come(report)))), Tone.QUIET if calm else Tone.AMBER


def _to_come(report: Report) -> str:
    shows, films = report.tally.not_checked_yet, report.films.tally.not_checked_yet
    counted = ((shows, "show"), (films, "film"))
    what = words.listed(words.count(many, noun) for many, noun in counted if many)
    return f"{what} {words.be(shows + films)} still to be checked." if what else ""


# ---------------------------------------------------------------- findings


def _groups(report: Report, sizes: Mapping[str, int]) -> tuple[Group, ...]:
    return tuple(
        Group(kind, _note(kind, found) + _further(found, sizes), found)
        for kind, each in groupby(health(report), key=lambda finding: finding.kind)
        if (found := tuple(each))
    )


def _note(kind: FindingKind, found: Sequence[Finding]) -> str:
    """ "7 episodes of 3 shows", "5 episodes of Glasshouse", "2 shows, counted once"."""
    count = words.count(len(found), *_NOUNS.get(kind, ("episode", "episodes")))
    if kind is FindingKind.TWO_PLACES:
        return f"{count}, counted once" if len(found) == 1 else f"{count}, each counted once"
    if kind is FindingKind.GONE:
        return count
    titles = {finding.title_id: finding.title for finding in found}
    return (
        f"{count} of {next(iter(titles.values()))}"
        if len(titles) == 1
        else f"{count} of {words.number(len(titles))} shows"
    )


def _further(found: Sequence[Finding], sizes: Mapping[str, int]) -> str:
    """ ", 41 GB in further copies": what is held beside the largest copy of each; "" where nothing is known of that."""
    held = [[sizes.get(key, 0) for key in one.rating_keys] for one in found if one.kind is FindingKind.TWICE]
    beside = sum(sum(each) - max(each, default=0) for each in held)
    return f", {words.size(beside)} in further copies" if beside else ""


# ---------------------------------------------------------------- how complete


def _bars(report: Report) -> Iterable[Bar]:
    """Shows, collections, the episodes of each library of shows, the films of collections."""
    shows, films = report.tally, report.films.tally
    if shows.shows:
        parts = (("h", shows.complete), ("m", shows.with_gaps), ("?", shows.need_you))
        yield _bar("Shows", parts, _of(shows.complete, shows.shows - shows.need_you, shows.need_you))
    if films.collections:
        judged = (("h", films.complete), ("m", films.with_gaps), ("?", films.unknown))
        yield _bar("Collections", judged, _of(films.complete, films.collections - films.unknown, films.unknown))
    for name in sorted({library for show in report.shows for library in show.libraries}, key=str.casefold):
        yield _of_episodes(name, [show for show in report.shows if name in show.libraries])
    if films.collections:
        seen = glance(report).bar
        held = dict(seen)
        of = sum(count for letter, count in seen if letter != "?")
        note = f"{words.number(held.get('h', 0))} of {words.count(of, 'film')}{_unjudged(held.get('?', 0))}"
        yield Bar("Films of collections", seen, note)


def _of_episodes(name: str, shows: Sequence[ShowReport]) -> Bar:
    """Aired regular episodes, of the shows that were judged; those of others as far as they are known."""
    judged = [show for show in shows if show.is_judged]
    held, listed = sum(show.held for show in judged), sum(show.listed for show in judged)
    missing = sum(show.missing_regular for show in judged)
    others = len(shows) - len(judged)
    unknown = sum(show.listed for show in shows if not show.is_judged)
    note = f"{words.number(held)} of {words.count(listed, 'episode')}"
    if others:
        note += f", {words.count(others, 'show')} not judged"
    return _bar(name, (("h", held), ("i", listed - held - missing), ("m", missing), ("?", unknown)), note)


def _bar(name: str, parts: Iterable[tuple[str, int]], note: str) -> Bar:
    return Bar(name, tuple((letter, count) for letter, count in parts if count > 0), note)


def _of(complete: int, judged: int, unjudged: int) -> str:
    """ "48 of 57, 3 not judged"."""
    return f"{words.number(complete)} of {words.number(judged)}{_unjudged(unjudged)}"


def _unjudged(count: int) -> str:
    return f", {words.number(count)} not judged" if count else ""
