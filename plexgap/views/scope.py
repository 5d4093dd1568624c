"""What is said where only shows on the Plex watchlist count: the page and the command line say the same.

Plain text, whole sentences. Changes when that is worded otherwise. Source: design/gaps.md 5 "Scope".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from plexgap.views import words
from plexgap.views.report import Report, WatchlistReport


@dataclass(frozen=True, slots=True)
class Empty:
    """Why no show is in scope. `heading` for the page, `sentence` what is so, `hint` what one can do; `settings`: it is
    done in the settings."""

    heading: str
    sentence: str
    hint: str
    settings: bool = True


def empty(report: Report) -> Empty | None:
    """Why the watchlist leaves no show; None where it leaves some, or where that is not for the watchlist to say."""
    listed = report.watchlist
    if listed is None or report.tally.shows:
        return None
    if listed.read_at is None:
        return Empty(
            "No show to check yet",
            "Only shows on your Plex watchlist count, and it has not been read yet.",
            "The next check reads it.",
            settings=False,
        )
    if any(not unread.section for unread in report.unread):
        return None
    if not listed.shows:
        return Empty(
            "No show to check",
            "There are no shows on your Plex watchlist.",
            "Add some in Plex and check again, or let all shows count in Settings.",
        )
    if listed.found:
        return Empty(
            "No show to check",
            f"Every show of your Plex watchlist that is in {_either(listed.libraries)} is left out by your exclusions.",
            "Take one out of exclusions.shows in the settings, or let all shows count.",
        )
    if listed.unasked:
        shows = f"{words.count(listed.unasked, 'show')} {words.be(listed.unasked)}"
        hint = f"{shows} still to be looked up at plex.tv. The next check does that."
        return Empty("No show to check yet", f"{_none_found(listed)[:-1]} so far.", hint, settings=False)
    hint = "Choose other libraries in Settings, or let all shows count there."
    return Empty("No show to check", _none_found(listed), hint)


def status(listed: WatchlistReport, now: datetime, zone: tzinfo) -> str:
    """The scope in the line under a page's heading, with the age of the list where it is an old one."""
    if listed.read_at is None:
        return "Scope: Plex watchlist, not read yet."
    if listed.is_old:
        return f"Scope: Plex watchlist as of {words.when(listed.read_at, now, zone)}."
    pending = f", {words.count(listed.unasked, 'show')} of it still to be looked up" if listed.unasked else ""
    return f"Scope: Plex watchlist{pending}."


def line(listed: WatchlistReport) -> str:
    """The scope in one line of a terminal."""
    count = "Only shows on your Plex watchlist count"
    if listed.read_at is None:
        return f"{count}, and it has not been read yet: run python3 app.py scan."
    found = f"{words.number(listed.found)} of its {words.count(listed.shows, 'show')}"
    where = f" {words.be(listed.found)} in {words.listed(listed.libraries)}" if listed.libraries else ""
    said = f"{count}: {found}{where}." if where and listed.shows else f"{count}: it has {_shows(listed.shows)}."
    if listed.is_old:
        return f"{said} It could not be read anew, so this is the list of {listed.read_at:%Y-%m-%d %H:%M} UTC."
    return f"{said[:-1]}, {words.number(listed.unasked)} still to be looked up." if listed.unasked else said


def _none_found(listed: WatchlistReport) -> str:
    count = f"{words.count(listed.shows, 'show')} {words.be(listed.shows)} on your Plex watchlist"
    if not listed.libraries:
        return f"{count}, but none of the libraries you chose holds shows."
    where = _either(listed.libraries)
    return f"{count}, none of them in {where}." if listed.shows > 1 else f"{count}, and it is not in {where}."


def _either(names: Iterable[str]) -> str:
    """ "TV Shows", "TV Shows or Anime"."""
    known = tuple(names)
    return " or ".join(part for part in (", ".join(known[:-1]), *known[-1:]) if part)


def _shows(many: int) -> str:
    return words.count(many, "show") if many else "no shows"
