"""What is ahead as a calendar that other programs read: iCalendar, RFC 5545. Changes when that form does.

Days only: no catalogue says at which hour, so every event is a whole day, which no time zone moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import plexgap
from plexgap.views.coming import Coming, What, ahead
from plexgap.views.report import Report

MEDIA_TYPE = "text/calendar"
_LINE_OCTETS = 75
_ASKED_AGAIN = "PT6H"
# RFC 5545 3.3.11: what a text may hold, but for line breaks, which are written as \\n.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# RFC 5545 3.6 asks for one component at least; a calendar without events holds this one, which nothing uses.
_UTC_ZONE = (
    *("BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"),
)


def upcoming_ics(report: Report) -> str:
    """An event an episode or film that is ahead or has just come out, by day and title. The same report gives the same
    text; an event keeps its UID when its date or number moves, so that a calendar moves it too."""
    coming = ahead(report)
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//plexgap//plexgap {plexgap.__version__}//EN"),
        *("CALSCALE:GREGORIAN", "NAME:plexgap", "X-WR-CALNAME:plexgap"),
        *(f"REFRESH-INTERVAL;VALUE=DURATION:{_ASKED_AGAIN}", f"X-PUBLISHED-TTL:{_ASKED_AGAIN}"),
    ]
    events = [line for one in (*coming.just_out, *coming.dated) for line in _event(one, report.as_of)]
    folded = (piece for line in (*lines, *(events or _UTC_ZONE), "END:VCALENDAR") for piece in _folded(line))
    return "".join(f"{piece}\r\n" for piece in folded)


def _event(one: Coming, as_of: datetime) -> Iterator[str]:
    if one.day is None:
        return
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(one.key)}@plexgap"
    yield f"DTSTAMP:{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"SUMMARY:{_text(summary(one))}"
    yield f"DESCRIPTION:{_text(_description(one))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def summary(one: Coming) -> str:
    """ "The Lantern Keepers S05 E03: Ballast"; a film by its title."""
    if one.what is What.FILM:
        return f"{one.title} (film)"
    return f"{one.title} {one.code}" + (f": {one.name}" if one.name else "")


def _description(one: Coming) -> str:
    """Its library, or its collection; and whose date it is."""
    where = one.name if one.what is What.FILM else ", ".join(one.libraries)
    whose = f"Date as {one.source.label} gives it." if one.source is not None else ""
    return "\n".join(part for part in (where, whose) if part)


def _text(value: str) -> str:
    """RFC 5545 3.3.11: with what would end a value escaped, and without control characters."""
    plain = _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """RFC 5545 3.1: pieces of at most 75 octets, each but the first behind a space; no character is cut in two."""
    piece, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > _LINE_OCTETS:
            yield piece
            piece, octets = " ", 1
        piece, octets = piece + character, octets + size
    yield piece
