"""Dates, ages, counts and durations as people read them. Changes when the tone of the screens changes.

Source: design/screens.md 3. `zone` is the reader's own; a catalogue's day has no zone and is compared with the
reader's calendar as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from plexgap.domain.catalogue import AIRED, Candidate
from plexgap.domain.decisions import Ignore, Level
from plexgap.domain.episodes import numbers_label
from plexgap.gaps.orders import order_words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NEAR_DAYS = 6


def number(value: int) -> str:
    """1234 -> "1,234"."""
    return f"{value:,}"


def count(value: int, one: str, many: str = "") -> str:
    """ "1 episode", "1,234 episodes"; `many` where the plural is more than an s."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def be(value: int) -> str:
    """ "is" for 1, else "are"."""
    return "is" if value == 1 else "are"


def size(count: int) -> str:
    """Bytes as people say them: "41 GB", "6.1 MB", "700 kB"; below 10 with one digit after the point."""
    for unit, of in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= 0.9995 * of:
            amount = count / of
            return f"{amount:.0f} {unit}" if amount >= 9.95 else f"{amount:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} B"


def listed(words: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c", "" for none."""
    known = tuple(words)
    return " and ".join(part for part in (", ".join(known[:-1]), *known[-1:]) if part)


def titled(title: str, year: int | None) -> str:
    """ "Northbound (2014)", without the year where it has none."""
    return f"{title} ({year})" if year else title


def candidate(found: Candidate, noun: str = "series") -> str:
    """ "Northbound (2014)", without the year where it has none. `noun`: what it is."""
    return titled(" ".join(found.title.split()) or f"a {noun} without a title", found.year)


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end, once."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?", ":")) else ".")


def day(value: date, today: date | None = None) -> str:
    """ "12 Mar 2018"; with `today` the year is left out where it is the same and the day has been: "12 Mar"."""
    same_year = today is not None and value.year == today.year and value <= today
    return f"{value.day} {MONTHS[value.month - 1]}" + ("" if same_year else f" {value.year}")


def near_day(value: date, today: date) -> str:
    """ "today", "tomorrow", "yesterday", "on Tuesday" up to 6 days away, else "12 Mar 2018"."""
    away = (value - today).days
    if away in (-1, 0, 1):
        return ("yesterday", "today", "tomorrow")[away + 1]
    return f"on {WEEKDAYS[value.weekday()]}" if abs(away) <= _NEAR_DAYS else day(value)


def span(first: date, last: date) -> str:
    """ "3 Mar - 5 May 2020", "3 Mar 2020 - 5 May 2021", or one day."""
    if first == last:
        return day(first)
    start = f"{first.day} {MONTHS[first.month - 1]}" if first.year == last.year else day(first)
    return f"{start} - {day(last)}"


def clock(moment: datetime, zone: tzinfo) -> str:
    """ "21:00" in the reader's zone."""
    return f"{moment.astimezone(zone):%H:%M}"


def when(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """ "today 14:02", "yesterday 21:00", "Tuesday 21:00", then "15 Nov": when something ran."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    away = (today - local.date()).days
    if away in (0, 1):
        return f"{'today' if away == 0 else 'yesterday'} {local:%H:%M}"
    return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}" if 0 < away <= _NEAR_DAYS else day(local.date(), today)


def age(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """ "just now", "12 min ago", "3 h ago", "yesterday", "on Tuesday", then the date. A moment ahead is just now."""
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} min ago"
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today or passed < timedelta(hours=6):
        return f"{passed // timedelta(hours=1)} h ago"
    return near_day(local, today)


def since(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """The same for "what was known ...": "today at 14:02", "yesterday", "on Tuesday", "on 12 Mar 2018"."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return f"today at {clock(moment, zone)}"
    words = near_day(local, today)
    return words if not words[0].isdigit() else f"on {words}"


def duration(seconds: float) -> str:
    """ "40 s", "1 min 52 s", "2 h 5 min"; whole seconds, at least 1."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def about(seconds: float) -> str:
    """A duration that is a guess: "about 8 s", "about 40 s" (in tens), "about 2 min"."""
    whole = max(1, round(seconds))
    if whole > 20:
        whole = -(-whole // 10) * 10
    if whole > 90:
        whole = round(whole / 60) * 60
    return f"about {duration(whole)}"


def season_name(season: int) -> str:
    """ "Season 4", "Specials"."""
    return f"Season {season}" if season else "Specials"


def season_pieces(season: int, numbers: Iterable[int], *, whole: bool) -> str:
    """ "S02 E03, E05-E07", or for a whole season "S04, all 10"."""
    known = tuple(numbers)
    if whole and len(known) > 1:
        return f"S{season:02d}, all {len(known)}"
    return numbers_label(season, known)


_WHOLE = {Level.SHOW: "the whole show", Level.COLLECTION: "the whole collection", Level.MOVIE: "the film"}


def ignored_name(ignore: Ignore) -> str:
    """What it covers with its title: "S04 E03 of The Lantern Keepers", "The Drowned Atlas (2004)"."""
    if ignore.level is Level.MOVIE:
        return titled(ignore.title.title, ignore.title.year)
    return ignore.title.title if ignore.level in _WHOLE else f"{ignored_what(ignore)} of {ignore.title.title}"


def ignored_what(ignore: Ignore) -> str:
    """What an ignore covers, without its title: "S04 E03", "season 4", "the specials", "the whole show", "the film",
    "the whole collection". Of numbers that are no aired ones also the order: "S04 E03 in DVD order"."""
    if ignore.level in _WHOLE:
        return _WHOLE[ignore.level]
    if ignore.level is Level.SEASON and not ignore.season:
        return "the specials"
    season = season_name(ignore.season or 0).lower()
    what = season if ignore.level is Level.SEASON else numbers_label(ignore.season or 0, ignore.numbers)
    return what if ignore.order in (None, AIRED) else f"{what} in {order_words(ignore.order)}"


def ignored_until(ignore: Ignore, now: datetime, zone: tzinfo) -> str:
    """ "since 2 Oct 2026, for good. Reason: only the recap." """
    made = day(ignore.made_at.astimezone(zone).date())
    length = f"until {day(ignore.until)}" if ignore.until else "for good"
    over = ", which is over" if ignore.until and ignore.until < now.astimezone(zone).date() else ""
    reason = f" Reason: {sentence(ignore.reason)}" if ignore.reason.strip() else ""
    return f"since {made}, {length}{over}.{reason}"
