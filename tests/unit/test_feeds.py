"""upcoming.ics and missing.rss, read by the parsers that calendars and feed readers use, and line by line."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import icalendar
import pytest

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.verdicts import Standing, State
from plexgap.views.ics import upcoming_ics
from plexgap.views.report import Report
from plexgap.views.rss import missing_rss
from tests.film_reports import collection, film, films
from tests.film_reports import missing as missing_film
from tests.reports import LINK, NOW, line, report, season, show

TOMORROW = date(2026, 11, 22)
HOSTILE = '<b>&</b> "Keepers", \\; <script>alert(1)</script> ![x](http://example.invalid/x.png)'
CONTROLS = "A\x00B\x07C\x1fD\x7fE\x85F\ud800G\ufffeH"


def upcoming(number: int, day: date = TOMORROW, **more: Any) -> Any:
    return line(5, number, Standing.UPCOMING, air_date=day, **more)


def ahead(*lines: Any, title: str = "Lanterns", **more: Any) -> Report:
    return report(show(title, State.COMPLETE, season(5, *lines), **more))


def gaps(*lines: Any, title: str = "Lanterns", **more: Any) -> Report:
    return report(show(title, State.GAPS, season(2, *lines), **more))


def events(made: Report) -> list[Any]:
    return list(icalendar.Calendar.from_ical(upcoming_ics(made)).walk("VEVENT"))


def entries(made: Report) -> list[Any]:
    read = feedparser.parse(missing_rss(made).encode())
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "rss20"
    return list(read.entries)


def items(made: Report) -> list[dict[str, str]]:
    """The items as XML alone has them."""
    root = ElementTree.fromstring(missing_rss(made).encode())
    return [{child.tag: child.text or "" for child in item} for item in root.findall("channel/item")]


# ---------------------------------------------------------------- the calendar


def test_an_episode_ahead_is_a_whole_day_with_its_names() -> None:
    (event,) = events(ahead(upcoming(3, title="Ballast")))
    assert str(event["SUMMARY"]) == "Lanterns S05 E03: Ballast"
    assert event["DTSTART"].dt == TOMORROW
    assert not isinstance(event["DTSTART"].dt, datetime)
    assert str(event["DESCRIPTION"]) == "TV Shows\nDate as TMDB gives it."
    assert str(event["UID"]) == "tmdb-episode-62003@plexgap"
    assert event["DTSTAMP"].dt == NOW
    assert str(event["TRANSP"]) == "TRANSPARENT"


def test_an_event_keeps_its_uid_when_its_date_and_number_move() -> None:
    before, after = upcoming(3), upcoming(4, TOMORROW + timedelta(days=9), episode_id=62003)
    assert [event["UID"] for event in events(ahead(before))] == [event["UID"] for event in events(ahead(after))]
    (nameless,) = events(ahead(upcoming(3, episode_id=None)))
    assert str(nameless["UID"]) == "tmdb-1396-s05e03@plexgap"


def test_every_uid_is_its_own_and_the_same_report_gives_the_same_text() -> None:
    made = ahead(*(upcoming(number, TOMORROW + timedelta(days=number)) for number in range(1, 201)))
    uids = [str(event["UID"]) for event in events(made)]
    assert len(uids) == len(set(uids)) == 200
    assert upcoming_ics(made) == upcoming_ics(made)


def test_what_aired_today_stays_on_the_calendar_and_what_is_missing_undated_or_ignored_does_not() -> None:
    standings = (Standing.JUST_AIRED, Standing.MISSING, Standing.UNDATED, Standing.IGNORED)
    lines = [line(5, number, kind, air_date=NOW.date()) for number, kind in enumerate(standings, start=1)]
    lines[2] = replace(lines[2], air_date=None)
    assert [str(event["SUMMARY"]) for event in events(ahead(*lines))] == ["Lanterns S05 E01: Part 1"]


def test_films_ahead_are_on_the_calendar_with_their_collection() -> None:
    coming = film(603, "Harbour IV", date(2027, 9, 17), Standing.UPCOMING)
    (event,) = events(report(films=films(collection("Harbour Collection", coming, state=State.COMPLETE))))
    assert (str(event["UID"]), str(event["SUMMARY"])) == ("tmdb-film-603@plexgap", "Harbour IV (film)")
    assert str(event["DESCRIPTION"]).startswith("Harbour Collection")


@pytest.mark.parametrize(
    "title",
    [HOSTILE, "Comma, semicolon; backslash \\ and\nline\r\nbreak", "N:name;x=y", "灯籠" * 60, "é" * 40, "🏮" * 40],
)
def test_any_title_comes_back_as_it_was_in_lines_of_75_octets(title: str) -> None:
    made = ahead(upcoming(3, title=title), title="Sh;ow, \\n")
    text = upcoming_ics(made)
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.encode().removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in one or b"\r" in one for one in lines)
    assert all(one.decode() for one in lines), "no character is cut in two"
    (event,) = events(made)
    assert str(event["SUMMARY"]) == f"Sh;ow, \\n S05 E03: {' '.join(title.split())}"


def test_control_characters_reach_no_calendar() -> None:
    made = ahead(upcoming(3, title=CONTROLS))
    assert "ABC DE FGH" in upcoming_ics(made)
    assert re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", upcoming_ics(made)) is None
    upcoming_ics(made).encode("utf-8")


def test_a_calendar_of_nothing_is_one_that_programs_read() -> None:
    read = icalendar.Calendar.from_ical(upcoming_ics(report()))
    assert str(read["VERSION"]) == "2.0"
    assert str(read["PRODID"]).startswith("-//plexgap//")
    assert [part.name for part in read.subcomponents] == ["VTIMEZONE"]
    assert events(report()) == []


# ---------------------------------------------------------------- the feed


def test_a_missing_episode_is_an_item_with_link_date_and_reason() -> None:
    made = gaps(line(2, 5, title="Breakage", air_date=date(2009, 4, 5), why="TMDB lists it as S02 E05."))
    (entry,) = entries(made)
    assert entry.title == "Lanterns S02 E05: Breakage"
    assert entry.link == LINK.url
    assert (entry.id, entry.guidislink) == ("tmdb-episode-62005@plexgap", False)
    assert tuple(entry.published_parsed[:6]) == (2009, 4, 5, 0, 0, 0)
    assert entry.summary == "Missing from TV Shows. TMDB lists it as S02 E05."


def test_an_item_keeps_its_guid_when_its_date_and_number_move() -> None:
    first, second = (
        entries(gaps(line(2, number, air_date=date(2009, 4, number), episode_id=62005))) for number in (5, 6)
    )
    assert first[0].id == second[0].id


def test_an_item_a_missing_episode_and_film_the_newest_first() -> None:
    collected = collection(
        "Harbour Collection", missing_film(604, "Harbour II", date(2015, 1, 1)), state=State.GAPS, number=9
    )
    made = report(
        show("Lanterns", State.GAPS, season(2, line(2, 5), line(2, 6, Standing.JUST_AIRED), line(2, 7))),
        show("Unjudged", State.SUSPECT, season(1, line(1, 1)), title_id="tmdb-7"),
        films=films(collected),
    )
    found = entries(made)
    assert [entry.title for entry in found] == [
        "Harbour II (2015)",
        "Lanterns S02 E07: Part 7",
        "Lanterns S02 E05: Part 5",
    ]
    assert found[0].id == "tmdb-film-604@plexgap"
    assert found[0].summary.startswith("Missing from Harbour Collection.")
    assert len({entry.id for entry in found}) == 3


def test_an_item_without_a_link_of_its_own_leads_to_the_dashboard() -> None:
    made = report(show("Lanterns", State.GAPS, season(2, line(2, 5), link=None)))
    assert entries(made)[0].link == "http://127.0.0.1:8501/"
    assert "<link>http://127.0.0.1:8502/</link>" in missing_rss(made, "http://127.0.0.1:8502")


def test_titles_and_reasons_that_are_markup_stay_text() -> None:
    """As XML the title is what it was; a reader that shows descriptions as html shows text too."""
    made = gaps(line(2, 5, title=HOSTILE, why=HOSTILE), title=HOSTILE)
    (item,) = items(made)
    assert item["title"] == f"{HOSTILE} S02 E05: {HOSTILE}"
    assert "<" not in item["description"]
    assert "&lt;script&gt;" in item["description"]
    assert "<script" not in missing_rss(made)
    assert "<script" not in entries(made)[0].summary


def test_control_characters_reach_no_feed() -> None:
    (item,) = items(gaps(line(2, 5, title=CONTROLS, why=CONTROLS)))
    assert item["title"] == "Lanterns S02 E05: ABC DE FGH"
    assert item["description"].endswith("ABCDEFGH")


def test_a_feed_of_nothing_is_one_that_readers_take() -> None:
    assert entries(report()) == []
    root = ElementTree.fromstring(missing_rss(report()).encode())
    assert [root.findtext(f"channel/{name}") for name in ("link", "lastBuildDate")] == [
        "http://127.0.0.1:8501/",
        "Sat, 21 Nov 2026 10:00:00 GMT",
    ]


def test_the_feed_of_a_huge_library_has_every_item() -> None:
    lines = [replace(line(2, 1), number=EpisodeNumber(2, number), episode_id=number) for number in range(1, 5001)]
    made = gaps(*lines)
    assert len(items(made)) == 5000
    assert missing_rss(made) == missing_rss(made)
    assert made.as_of.tzinfo is UTC
