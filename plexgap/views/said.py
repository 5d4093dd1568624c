"""What a page says above its content when something needs saying. Changes when a notice is worded otherwise.

Plain text throughout. At most two are shown at a time, first come first. Source: design/screens.md 4.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from urllib.parse import urlsplit

from plexgap.domain.errors import PlexgapError, Rejected, ScanRunning, SourceError, Unreachable
from plexgap.domain.events import RunStatus
from plexgap.domain.verdicts import State
from plexgap.domain.watchlist import PLEX_TV
from plexgap.views import words
from plexgap.views.collections import films_that_ask
from plexgap.views.collections_said import failed_collections, failed_films
from plexgap.views.missing import NEED_FIRST
from plexgap.views.report import NOT_CHECKED, HeldBack, Report, ShowReport, Unread


class Offer(StrEnum):
    """What a notice offers to do."""

    SHOW_UNKNOWN = "show-unknown"
    WATCH = "watch"
    TRY_AGAIN = "try-again"
    SETTINGS = "settings"
    ANOTHER_KEY = "another-key"
    RETRY_SHOWS = "retry-shows"
    SHOW_NEEDS = "show-needs"
    KEEP = "keep"
    TAKE_OUT = "take-out"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Said:
    """`key` names it among others; `shows` are those it is about."""

    key: str
    strong: str
    text: str
    tone: str = "amber"
    offers: tuple[Offer, ...] = ()
    shows: tuple[ShowReport, ...] = ()


def run_failed(
    error: PlexgapError | None, advice: str, code: str, plex_address: str, report: Report, zone: tzinfo
) -> Said:
    """How the last check ended, when it failed. `code`: where in the log, when the fault is ours."""
    again = (Offer.TRY_AGAIN, Offer.SETTINGS)
    if code:
        return Said("fault", "Something went wrong here.", f"It is in the log as {code}.", "red", (Offer.TRY_AGAIN,))
    if isinstance(error, ScanRunning):
        return Said(
            "busy", another_runs(error, report.as_of, zone), "This one was not started.", "plain", (Offer.WATCH,)
        )
    if isinstance(error, SourceError) and error.source == PLEX_TV:
        tone, offers = ("red", (Offer.SETTINGS,)) if isinstance(error, Rejected) else ("amber", again)
        return Said("watchlist", "Your Plex watchlist could not be read.", advice, tone, offers)
    if isinstance(error, Rejected):
        what = "token" if error.source == "Plex" else "key"
        offers = (Offer.SETTINGS if error.source == "Plex" else Offer.ANOTHER_KEY,)
        return Said("refused", f"{error.source} refused the {what}.", "Nothing was changed.", "red", offers)
    if isinstance(error, Unreachable) and error.source == "Plex":
        host = urlsplit(plex_address).hostname or plex_address
        return Said("away", "Plex did not answer", f"at {host}.{_as_of(report, zone)}", "amber", again)
    return Said("failed", "The last check ended early.", words.sentence(advice), "amber", again)


def another_runs(error: ScanRunning, now: datetime, zone: tzinfo) -> str:
    """ "Another check runs since today 14:02, started by the schedule." """
    since = f" since {words.when(error.since, now, zone)}" if error.since else ""
    by = f", started by {error.by}" if error.by else ""
    return f"Another check runs{since}{by}."


def standing(report: Report, zone: tzinfo, drawn: Collection[str] = ()) -> tuple[Said, ...]:
    """What the report itself has to say: an old watchlist, shows that could not be checked, removals held back,
    libraries not read whole. Before the first check the page says that itself; where it failed, that has been said.

    `drawn`: the ids of the shows in no total that stand on the page one by one.
    """
    unread = report.unread if report.last_run is not None else ()
    if failed_before(report):
        unread = tuple(one for one in unread if one.section)
    return (
        *_watchlist(report, zone),
        *_partial(report, zone, drawn),
        *(_held_back(held) for held in report.held_back),
        *(_unread(one) for one in unread),
    )


def standing_of_films(report: Report, zone: tzinfo) -> tuple[Said, ...]:
    """The same of films: those and collections that could not be checked, removals held back, libraries not read
    whole."""
    unread = report.unread if report.last_run is not None else ()
    return (
        *_partial_films(report, zone),
        *(_held_back(held) for held in report.held_back),
        *(_unread(one) for one in unread),
    )


def standing_of_library(report: Report, zone: tzinfo) -> tuple[Said, ...]:
    """The same where every show, film and collection that could not be checked stands on the page by itself."""
    said = standing(report, zone, [show.title_id for show in report.shows])
    return tuple(replace(one, offers=(Offer.RETRY_SHOWS,)) if one.key == "partial" else one for one in said)


def _partial_films(report: Report, zone: tzinfo) -> tuple[Said, ...]:
    """Only where films don't all stand one by one, among the first that ask, or collections are of them."""
    films, found = failed_films(report), failed_collections(report)
    drawn = films_that_ask(report)[:NEED_FIRST]
    if not found and all(film in drawn for film in films):
        return ()
    counted = ((len(films), "film"), (len(found), "collection"))
    what = words.listed(words.count(many, noun) for many, noun in counted if many)
    they, keep, are = ("It", "keeps", "is") if len(films) + len(found) == 1 else ("They", "keep", "are")
    oldest = min((each.checked_at for each in found if each.stale and each.checked_at), default=None)
    known = f"{keep} what was known {words.since(oldest, report.as_of, zone)} and " if oldest else ""
    reasons = [*(film.reason for film in films), *(one.reason for one in found if one.reason)]
    return (
        Said(
            "partial-films",
            f"{what} could not be checked.",
            f"{they} {known}{are} in no total.{_most_said(reasons)}",
            "amber",
            (Offer.TRY_AGAIN, *((Offer.SHOW_UNKNOWN,) if found else ())),
        ),
    )


def _as_of(report: Report, zone: tzinfo) -> str:
    seen = report.library_seen_at
    return f" Showing your library as of {words.when(seen, report.as_of, zone)}." if seen else ""


def _watchlist(report: Report, zone: tzinfo) -> tuple[Said, ...]:
    """Where the list that counts is not the whole one of the last try to read it."""
    listed = report.watchlist
    if listed is None or listed.read_at is None or not listed.problem:
        return ()
    strong = f"{words.count(listed.unasked, 'show')} of your Plex watchlist could not be looked up."
    text = listed.problem
    if listed.is_old:
        strong = "Your Plex watchlist could not be read."
        text = f"{text} The one of {words.when(listed.read_at, report.as_of, zone)} counts."
    return (Said("watchlist", strong, text, "amber", (Offer.TRY_AGAIN, Offer.SETTINGS)),)


def _partial(report: Report, zone: tzinfo, drawn: Collection[str]) -> tuple[Said, ...]:
    """Only where they are many, or don't all stand on the page one by one."""
    failed = tuple(show for show in report.shows if show.state is State.UNKNOWN and show.reason != NOT_CHECKED)
    if len(failed) <= NEED_FIRST and all(show.title_id in drawn for show in failed):
        return ()
    they, keep, are = ("It", "keeps", "is") if len(failed) == 1 else ("They", "keep", "are")
    oldest = min((show.checked_at for show in failed if show.checked_at), default=None)
    known = f"{keep} what was known {words.since(oldest, report.as_of, zone)} and " if oldest else ""
    total = words.count(len(report.shows), "show")
    return (
        Said(
            "partial",
            f"{words.number(len(failed))} of {total} could not be checked.",
            f"{they} {known}{are} in no total.{_most_said([show.reason for show in failed if show.reason])}",
            "amber",
            (Offer.RETRY_SHOWS, Offer.SHOW_NEEDS),
            failed,
        ),
    )


def _most_said(reasons: Sequence[str]) -> str:
    """The reason most of them share, if there is one."""
    most = max(sorted(set(reasons)), key=reasons.count, default="")
    return f" {words.sentence(most)}" if most and reasons.count(most) * 2 > len(reasons) else ""


def _unread(unread: Unread) -> Said:
    strong = f"{unread.section} was not read whole." if unread.section else "Your library was not read whole."
    kept = "What was known of it stays."
    return Said(
        f"unread-{unread.section}", strong, f"{words.sentence(unread.reason)} {kept}", "amber", (Offer.TRY_AGAIN,)
    )


def _held_back(held: HeldBack) -> Said:
    gone = f"{words.count(held.count, 'title')} {words.be(held.count)} no longer in {held.section}."
    still, them = ("It still counts", "it") if held.count == 1 else ("They still count", "them")
    return Said(
        f"held-{held.section}-{held.count}",
        gone,
        f"{still} as held. If a disk is away, keep {them}.",
        "amber",
        (Offer.KEEP, Offer.TAKE_OUT),
    )


def failed_before(report: Report) -> bool:
    """Whether the last run on record failed, as a freshly started program knows it."""
    return report.last_run is not None and report.last_run.status is RunStatus.FAILED
