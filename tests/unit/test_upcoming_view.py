"""What the page Upcoming says: heading, the nearest, lanes that add up, the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.events import RunStatus
from plexgap.domain.verdicts import Standing, State
from plexgap.ui.parts_upcoming import calendar_html
from plexgap.views.builder import _tally as tally_of
from plexgap.views.coming import ahead
from plexgap.views.missing import Tone, missing
from plexgap.views.report import Report, ShowReport
from plexgap.views.upcoming import Calendar, Lane, UpcomingView, calendar, upcoming
from tests.lettered import NOW, TODAY, report, show
from tests.lettered_films import collection
from tests.lettered_films import report as films_report

LANTERN = show("The Lantern Keepers", "hhhauu")  # one today, the next ones tomorrow and the day after
KESTREL = show("Kestrel House", "hhu")  # tomorrow
UNDATED = show("Umbra", "hhdd", "d")
HOSTILE = '<b>&</b> "Keepers" <script>alert(1)</script> ![x](http://example.invalid/x.png)'


def dated(one: ShowReport, *days: date) -> ShowReport:
    """The show with a first season that is absent and has these days, upcoming from the day after NOW's on."""
    lines = tuple(
        replace(
            show("x", "u").seasons[0].lines[0],
            number=EpisodeNumber(1, number),
            air_date=day,
            standing=Standing.UPCOMING if day > TODAY else Standing.MISSING,
            episode_id=number,
        )
        for number, day in enumerate(days, start=1)
    )
    return replace(one, seasons=(replace(one.seasons[0], lines=lines, row="u" * len(lines)),))


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def view(*shows: ShowReport, zone: tzinfo = UTC, hours: int = 24, **more: object) -> UpcomingView:
    return upcoming(report(*shows, **more), zone, hours)  # type: ignore[arg-type]


def titles(lane: Lane) -> list[str]:
    return [f"{row.weekday} {row.title} {row.code}".strip() for row in lane.rows]


# ---------------------------------------------------------------- the head


def test_the_heading_is_the_answer() -> None:
    assert view(LANTERN, KESTREL).heading == "Next: tomorrow, 2 episodes"
    assert view(dated(KESTREL, after(3))).heading == "Next: on Tuesday, 1 episode"
    assert view(dated(KESTREL, date(2027, 3, 12))).heading == "Next: 12 Mar 2027, 1 episode"
    assert view(show("With a special", "h", specials="u")).heading == "Next: tomorrow, 1 special"
    assert view(show("Over", "hha")).heading == "Just aired: today, 1 episode"
    assert view(show("Over", "hhh")).heading == "Nothing is announced"
    assert view(status=None).heading == "Not checked yet"


def test_nothing_ahead_is_said_in_whole_sentences() -> None:
    quiet = view(show("Over", "hhh")).quiet
    assert quiet is not None
    assert (quiet.heading, quiet.text) == (
        "Nothing is announced",
        "No show in your library has a dated episode ahead.",
    )
    unchecked = view(status=None).quiet
    assert unchecked is not None
    assert unchecked.heading == "Ready for the first check"
    assert view(LANTERN).quiet is None


def test_what_has_no_date_stands_below_where_nothing_is_announced() -> None:
    seen = view(UNDATED)
    assert seen.heading == "Nothing is announced"
    assert seen.quiet is not None
    (lane,) = seen.lanes
    assert (lane.title, lane.note, lane.folded) == ("No date yet", "1 show", True)
    assert [(row.title, row.code, row.note) for row in lane.rows] == [("Umbra", "S01, S02", "3 episodes")]


@pytest.mark.parametrize(
    ("seen", "said", "tone"),
    [
        (view(LANTERN, KESTREL), "3 episodes of 2 shows have a date ahead. Checked 3 h ago.", Tone.QUIET),
        (view(KESTREL), "1 episode of 1 show has a date ahead. Checked 3 h ago.", Tone.QUIET),
        (
            view(KESTREL, status=RunStatus.PARTIAL),
            "1 episode of 1 show has a date ahead. Checked 3 h ago.",
            Tone.QUIET,
        ),
        (
            view(KESTREL, show("Umbra", "m", state=State.UNKNOWN, reason="TMDB did not answer")),
            "1 episode of 1 show has a date ahead. Checked 3 h ago. 1 show needs you and is left out.",
            Tone.AMBER,
        ),
        (
            view(KESTREL, show("Northbound", "m", state=State.SUSPECT, reason="It fits nothing.")),
            "1 episode of 1 show has a date ahead. Checked 3 h ago. 1 show needs you and is left out.",
            Tone.QUIET,
        ),
        (
            view(KESTREL, status=RunStatus.FAILED, before=NOW - timedelta(days=1)),
            "1 episode of 1 show has a date ahead. The last check ended early, 3 h ago. "
            "Showing what was known yesterday.",
            Tone.AMBER,
        ),
        (
            view(KESTREL, status=RunStatus.STOPPED),
            "1 episode of 1 show has a date ahead. You stopped the last check 3 h ago.",
            Tone.AMBER,
        ),
        (view(status=None), "Nothing has been compared so far.", Tone.QUIET),
    ],
)
def test_the_status_line_counts_and_says_of_when(seen: UpcomingView, said: str, tone: Tone) -> None:
    assert (seen.status, seen.tone) == (said, tone)


def test_future_episodes_that_count_as_missing_already_are_listed_and_it_is_said() -> None:
    future = replace(KESTREL.seasons[0].lines[0], standing=Standing.MISSING)
    counted = replace(KESTREL, state=State.GAPS, seasons=(replace(KESTREL.seasons[0], lines=(future,)),))
    seen = view(counted)
    assert seen.heading == "Next: tomorrow, 1 episode"
    assert seen.status.startswith("1 episode of 1 show has a date ahead and counts as missing already.")


# ---------------------------------------------------------------- the nearest, and lanes


def test_the_three_nearest_are_not_repeated_and_the_lane_says_so() -> None:
    shows = [dated(show(name, "h"), after(1), after(9)) for name in ("Alpha", "Beta", "Gamma", "Delta")]
    seen = view(*shows)
    assert [row.title for row in seen.nearest] == ["Alpha", "Beta", "Delta"]
    assert [(row.weekday, row.date, row.code) for row in seen.nearest[:1]] == [
        ("Tomorrow", "Sunday, 22 Nov", "S01 E01"),
    ]
    week, month = seen.lanes
    assert (week.title, week.note) == ("Next 7 days", "4 episodes of 4 shows, 3 of them above")
    assert titles(week) == ["Tomorrow Gamma S01 E01"]
    assert (month.title, month.note, len(month.rows)) == ("In 8 to 30 days", "4 episodes of 4 shows", 4)


def test_a_lane_whose_all_stands_above_keeps_its_count() -> None:
    (week,) = view(KESTREL).lanes
    assert (week.note, week.rows) == ("1 episode of 1 show, above", ())


def test_what_just_aired_stands_first_with_the_day_from_which_it_is_missing() -> None:
    today, week = view(LANTERN).lanes
    assert (today.title, today.note) == ("Today", "1 episode of 1 show, counts as missing from tomorrow")
    assert titles(today) == ["Today The Lantern Keepers S01 E04"]
    assert week.title == "Next 7 days"
    assert view(LANTERN, hours=72).lanes[0].note.endswith("counts as missing from Tuesday")
    assert view(LANTERN, zone=ZoneInfo("America/Los_Angeles")).lanes[0].note.endswith("as missing from 16:00 on")


@pytest.mark.parametrize(
    ("days", "lane"),
    [(1, "Next 7 days"), (7, "Next 7 days"), (8, "In 8 to 30 days"), (30, "In 8 to 30 days"), (31, "Later")],
)
def test_each_day_stands_in_its_lane(days: int, lane: str) -> None:
    (found,) = view(dated(KESTREL, after(days))).lanes
    assert found.title == lane
    assert found.folded is (lane == "Later")


def test_a_season_on_one_day_is_one_row() -> None:
    seen = view(dated(KESTREL, *[after(4)] * 8))
    assert [(row.code, row.note, row.of) for row in seen.nearest] == [("S01 E01-E08", "8 episodes", 8)]
    assert seen.heading == "Next: on Wednesday, 8 episodes"
    assert seen.lanes[0].note == "8 episodes of 1 show, above"


def test_a_season_opener_is_named_and_a_finale_is_not_guessed() -> None:
    opener, finale = view(dated(KESTREL, after(1), after(2))).nearest
    assert opener.note == "Title 1x1, season opener"
    assert finale.note == "Title 1x1"


def test_two_shows_of_one_title_are_told_apart_by_year() -> None:
    seen = view(show("Northbound", "hu", year=1999), show("Northbound", "hu", year=2014))
    assert [row.title for row in seen.nearest] == ["Northbound (1999)", "Northbound (2014)"]


def test_numbers_are_those_of_the_page_missing() -> None:
    """What is ignored, unwanted, unjudged or a special is in neither."""
    daily = dated(show("Daily", "h"), *(after(1 + number) for number in range(200)))
    shows = (
        *(LANTERN, KESTREL, UNDATED, daily),
        show("Ignored", "hii"),
        show("Unjudged", "hu", state=State.SUSPECT),
        show("Specials", "hu", specials="uu"),
    )
    made = report(*shows)
    assert (made.tally.upcoming, made.tally.upcoming_week) == (204, 11)
    counters = [counter.value for counter in missing(made, UTC).counters]
    assert "204" in counters
    seen = upcoming(made, UTC, 24)
    assert seen.status.startswith("204 episodes and 2 specials of 4 shows have a date ahead.")
    lanes = {lane.key: lane for lane in seen.lanes}
    assert lanes["week"].note == "11 episodes and 2 specials of 4 shows, 3 of them above"
    rows = [*seen.nearest, *(row for key in ("week", "month", "later") for row in lanes[key].rows)]
    assert sum(row.of for row in rows) == 206
    assert sum(row.of for row in lanes["week"].rows) == 13 - 3
    assert len(lanes["later"].rows) == 170


def test_films_ahead_are_counted_apart_and_unjudged_collections_left_out() -> None:
    made = films_report(
        collection("Cartographer", "hhu"),
        collection("Reels", "hd"),
        collection("Out now", "ha"),
        collection("Away", "hu", state=State.UNKNOWN, reason="TMDB did not answer"),
    )
    seen = upcoming(made, UTC, 24)
    assert seen.heading == "Next: 17 Sep 2027, 1 film"
    assert [(row.title, row.code, row.note) for row in seen.nearest] == [
        ("Cartographer III", "Film", "Cartographer Collection")
    ]
    assert [(lane.title, lane.note) for lane in seen.lanes] == [
        ("Today", "1 film, counts as missing from tomorrow"),
        ("Later", "1 film, above"),
        ("No date yet", "1 film"),
    ]


@pytest.mark.parametrize(
    ("now", "zone", "said"),
    [
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "Europe/Oslo", "Next: today, 1 episode"),
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "UTC", "Next: tomorrow, 1 episode"),
        (datetime(2026, 11, 21, 3, 0, tzinfo=UTC), "America/Los_Angeles", "Next: on Sunday, 1 episode"),
    ],
)
def test_a_day_stays_the_day_it_is_and_is_named_by_the_readers_calendar(now: datetime, zone: str, said: str) -> None:
    made = replace(report(dated(KESTREL, date(2026, 11, 22))), as_of=now)
    seen = upcoming(made, ZoneInfo(zone), 24)
    assert seen.heading == said
    assert seen.nearest[0].day == date(2026, 11, 22)
    assert seen.nearest[0].date.endswith("22 Nov")


def test_the_order_is_the_same_whatever_the_order_of_shows() -> None:
    made, turned = report(LANTERN, KESTREL, UNDATED), report(UNDATED, KESTREL, LANTERN)
    assert ahead(made) == ahead(turned)


# ---------------------------------------------------------------- the calendar


def names(seen: Calendar) -> dict[str, list[str]]:
    return {cell.label: [name.title for name in cell.names] for week in seen.weeks for cell in week if cell.names}


def test_the_calendar_has_five_weeks_from_the_present_one() -> None:
    seen = calendar(report(LANTERN, KESTREL), UTC)
    assert seen.title == "16 Nov - 20 Dec 2026"
    assert [len(week) for week in seen.weeks] == [7] * 5
    assert [cell.label for cell in seen.weeks[0]] == ["16 Nov", "17", "18", "19", "20", "today, 21", "22"]
    assert seen.weeks[2][1].label == "1 Dec"
    assert [cell.is_past for cell in seen.weeks[0]] == [True] * 5 + [False] * 2
    assert names(seen) == {
        "today, 21": ["The Lantern Keepers"],
        "22": ["Kestrel House", "The Lantern Keepers"],
        "23": ["The Lantern Keepers"],
    }
    assert seen.is_last


def test_a_day_names_three_titles_and_how_many_more() -> None:
    shows = [dated(show(f"Show {number}", "h"), after(6), after(6)) for number in range(5)]
    seen = calendar(report(*shows), UTC)
    (cell,) = [cell for week in seen.weeks for cell in week if cell.names]
    assert [name.title for name in cell.names] == ["Show 0", "Show 1", "Show 2"]
    assert [name.title for name in cell.more] == ["Show 3", "Show 4"]
    assert cell.names[0].what == "S01 E01-E02 2 episodes"
    assert "and 2 more" in calendar_html(seen)


def test_the_calendar_goes_on_five_weeks_later_while_something_is_ahead() -> None:
    made = report(dated(KESTREL, after(1), after(40)))
    first, second = calendar(made, UTC), calendar(made, UTC, 1)
    assert (first.is_last, second.is_last) == (False, True)
    assert second.title == "21 Dec 2026 - 24 Jan 2027"
    assert names(second) == {"31": ["Kestrel House"]}


def test_the_calendar_stands_at_the_readers_own_week() -> None:
    sunday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    made = replace(report(KESTREL), as_of=sunday)
    assert calendar(made, UTC).title.startswith("16 Nov")
    assert calendar(made, ZoneInfo("Europe/Oslo")).title.startswith("23 Nov")


def test_titles_that_are_markup_are_drawn_as_text() -> None:
    drawn = calendar_html(calendar(report(*(show(HOSTILE, "hu", year=year) for year in range(2001, 2006))), UTC))
    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert drawn.count("&lt;script&gt;") == 10


def test_a_large_library_is_counted_once_and_in_order() -> None:
    shows = [dated(show(f"Show {number:04}", "h", year=2000), after(1 + number % 300)) for number in range(5000)]
    made: Report = replace(report(*shows), tally=tally_of(shows, NOW))
    seen = upcoming(made, UTC, 24)
    of_rows = sum(row.of for lane in seen.lanes for row in lane.rows) + sum(row.of for row in seen.nearest)
    assert of_rows == made.tally.upcoming == 5000
    days = [row.day for lane in seen.lanes for row in lane.rows if row.day]
    assert days == sorted(days)
