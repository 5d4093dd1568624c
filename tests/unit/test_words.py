"""Dates, ages and counts as people read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plexgap.domain.decisions import Ignore, Level, TitleRef
from plexgap.views import words

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)  # a Saturday
TODAY = NOW.date()
OSLO = ZoneInfo("Europe/Oslo")
AUCKLAND = ZoneInfo("Pacific/Auckland")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (3, "on Tuesday"),
        (-4, "on Tuesday"),
        (6, "on Friday"),
        (-6, "on Sunday"),
        (7, "28 Nov 2026"),
        (-7, "14 Nov 2026"),
    ],
)
def test_near_days_are_named_and_others_are_dates(days: int, said: str) -> None:
    assert words.near_day(TODAY + timedelta(days=days), TODAY) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=12, seconds=40), "12 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(hours=14), "14 h ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=4), "on Tuesday"),
        (timedelta(days=30), "22 Oct 2026"),
    ],
)
def test_ages_go_from_just_now_to_a_date(passed: timedelta, said: str) -> None:
    assert words.age(NOW - passed, NOW, UTC) == said


def test_an_age_of_a_few_hours_stays_one_across_midnight() -> None:
    past_midnight = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    assert words.age(past_midnight - timedelta(hours=3), past_midnight, UTC) == "3 h ago"


def test_times_are_the_readers_own() -> None:
    moment = datetime(2026, 11, 21, 13, 2, tzinfo=UTC)
    assert words.when(moment, NOW, OSLO) == "today 14:02"
    assert words.since(moment, NOW, OSLO) == "today at 14:02"
    assert words.when(moment - timedelta(days=1), NOW, AUCKLAND) == "yesterday 02:02"


@pytest.mark.parametrize(
    ("days", "said"), [(1, "yesterday 14:00"), (4, "Tuesday 14:00"), (6, "Sunday 14:00"), (7, "14 Nov")]
)
def test_when_something_ran_is_a_day_and_a_time_up_to_a_week(days: int, said: str) -> None:
    assert words.when(NOW - timedelta(days=days), NOW, UTC) == said


def test_a_run_of_another_year_says_its_year() -> None:
    assert words.when(datetime(2025, 11, 15, tzinfo=UTC), NOW, UTC) == "15 Nov 2025"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 s"), (40, "40 s"), (59.6, "1 min"), (112, "1 min 52 s"), (7500, "2 h 5 min"), (7200, "2 h")],
)
def test_durations_have_two_units_at_most(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(8.4, "about 8 s"), (33, "about 40 s"), (85, "about 1 min 30 s"), (118, "about 2 min")]
)
def test_a_guess_is_rounder_than_a_duration(seconds: float, said: str) -> None:
    assert words.about(seconds) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2020, 3, 3), date(2020, 5, 5), "3 Mar - 5 May 2020"),
        (date(2020, 3, 3), date(2021, 5, 5), "3 Mar 2020 - 5 May 2021"),
        (date(2020, 3, 3), date(2020, 3, 3), "3 Mar 2020"),
    ],
)
def test_a_span_says_a_year_once(first: date, last: date, said: str) -> None:
    assert words.span(first, last) == said


def test_counts_agree_with_their_noun_and_group_thousands() -> None:
    assert words.count(1, "episode") == "1 episode"
    assert words.count(1234, "episode") == "1,234 episodes"
    assert words.count(2, "library", "libraries") == "2 libraries"
    assert words.count(0, "show") == "0 shows"


@pytest.mark.parametrize(("given", "said"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), ("abc", "a, b and c")])
def test_lists_end_in_and(given: tuple[str, ...], said: str) -> None:
    assert words.listed(given) == said


@pytest.mark.parametrize(
    ("given", "said"), [("it broke", "It broke."), ("Which one?", "Which one?"), ("Done. ", "Done."), ("", "")]
)
def test_a_sentence_has_one_end(given: str, said: str) -> None:
    assert words.sentence(given) == said


def test_a_whole_season_is_said_as_one() -> None:
    assert words.season_pieces(4, range(1, 11), whole=True) == "S04, all 10"
    assert words.season_pieces(4, (3, 5, 6, 7), whole=False) == "S04 E03, E05-E07"
    assert words.season_pieces(4, (1,), whole=True) == "S04 E01"


def ignore(level: Level, *, until: date | None = None, reason: str = "") -> Ignore:
    title = TitleRef(frozenset(), frozenset(), "Paper Wolves")
    made = datetime(2026, 10, 2, tzinfo=UTC)
    return Ignore("k", title, level, made, season=1, numbers=(4,), until=until, reason=reason)


def test_an_ignore_says_what_since_when_how_long_and_why() -> None:
    assert words.ignored_what(ignore(Level.EPISODE)) == "S01 E04"
    assert words.ignored_what(ignore(Level.SEASON)) == "season 1"
    assert words.ignored_what(ignore(Level.SHOW)) == "the whole show"
    assert words.ignored_what(replace(ignore(Level.EPISODE), order="dvd")) == "S01 E04 in DVD order"
    assert words.ignored_what(replace(ignore(Level.SEASON), order="aired")) == "season 1"
    said = words.ignored_until(ignore(Level.SHOW, reason="only a recap"), NOW, UTC)
    assert said == "since 2 Oct 2026, for good. Reason: Only a recap."


def test_an_ignore_whose_day_has_passed_says_so() -> None:
    assert words.ignored_until(ignore(Level.SHOW, until=TODAY), NOW, UTC) == "since 2 Oct 2026, until 21 Nov 2026."
    past = words.ignored_until(ignore(Level.SHOW, until=TODAY - timedelta(days=1)), NOW, UTC)
    assert past == "since 2 Oct 2026, until 20 Nov 2026, which is over."


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (6_100_000, "6.1 MB"),
        (9_960_000, "10 MB"),
        (999_900_000, "1 GB"),
        (41_300_000_000, "41 GB"),
        (1_500_000_000_000, "1.5 TB"),
    ],
)
def test_sizes_are_rounded_to_what_people_say(count: int, said: str) -> None:
    assert words.size(count) == said
