"""The list of the page Missing: counts that open to as many rows, what it is narrowed to, what is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from plexgap.domain.decisions import Ignore, Level
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import State
from plexgap.views.missing import NEED_FIRST
from plexgap.views.report import NOT_CHECKED, Group, Report, ShowReport
from plexgap.views.shows import Asked, ListView, Narrowed, Pick, Sort, listed, missing_now, new_gaps, offered
from tests.lettered import NOW, TODAY, report, show

LANTERN = show("The Lantern Keepers", "h" * 10, "hhhhmhhhhhhhh", "h" * 10, "hhmhmmmhhh", "hauu")
NORTHBOUND = show("Northbound", "hhhhmh", year=2021)
ENDED = replace(show("Paper Wolves", "mmmm", "hhh", year=2009, group=Group.ARCHIVED), provider=Source.TVDB)
WHOLE = show("Kestrel House", "hhhh", "hhuu", year=2001, libraries=("Anime", "TV Shows"))
IGNORED = show("Idle Street", "hhii", year=2002)
UNASKED = show("New Here", state=State.UNKNOWN, reason=NOT_CHECKED)
FAILED = show("Umbra", "hhmm", year=2020, state=State.UNKNOWN, reason="TMDB did not answer", stale=True)
NAMELESS = show("Wintering", year=2014, state=State.NEEDS_MAPPING, reason="Plex knows no id for it")
ALL = (LANTERN, NORTHBOUND, ENDED, WHOLE, IGNORED, UNASKED, FAILED, NAMELESS)


def titles(seen: ListView) -> list[str]:
    return [*(one.title for one in seen.need), *(one.title for lane in seen.lanes for one in lane.shows)]


def asked(*shows: ShowReport, **more: object) -> list[str]:
    return titles(listed(report(*(shows or ALL)), Asked(**more)))  # type: ignore[arg-type]


def test_every_count_opens_to_as_many_rows() -> None:
    made, new = report(*ALL), {LANTERN.title_id: 1}
    for pick, label in offered(made, new).picks:
        seen = listed(made, Asked(pick), new)
        rows = sum(len(lane.shows) for lane in seen.lanes)
        rows += len(seen.need) if pick is Pick.NEED else 0
        assert label.rpartition(" ")[2] == str(rows), pick
    tally = made.tally
    assert tally.shows == tally.complete + tally.with_gaps + tally.need_you
    assert [len(lane.shows) for lane in listed(made, Asked()).lanes] == [tally.shows_ongoing, tally.shows_archived]


def test_lanes_say_what_they_hold() -> None:
    said = [(lane.title, lane.note) for lane in listed(report(*ALL), Asked(None)).lanes]
    assert said == [
        ("Ongoing", "6 episodes in 2 shows"),
        ("Archived", "4 episodes in 1 show"),
        ("Nothing missing", "2 shows"),
    ]
    specials = replace(show("Salt Road", "hhh", specials="mmh"), state=State.GAPS)
    assert [lane.note for lane in listed(report(specials), Asked()).lanes] == ["2 specials in 1 show"]


def test_the_newest_gap_stands_first_and_questions_before_failures() -> None:
    assert asked(NORTHBOUND, LANTERN, FAILED, NAMELESS) == ["Wintering", "Umbra", "The Lantern Keepers", "Northbound"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NEWEST, ["Lantern", "Apple", "Zebra"]),
        (Sort.TITLE, ["Apple", "Lantern", "Zebra"]),
        (Sort.MOST, ["Zebra", "Apple", "Lantern"]),
        (Sort.LAST, ["Zebra", "Lantern", "Apple"]),
    ],
)
def test_shows_stand_in_the_order_that_was_asked_for(sort: Sort, expected: list[str]) -> None:
    made = (
        replace(show("Zebra", "mmm"), last_aired=date(2026, 1, 1)),
        replace(show("Apple", "h", "mm", year=2003), last_aired=None),
        replace(show("Lantern", "h", "h", "m", year=2004), last_aired=date(2025, 1, 1)),
    )
    assert asked(*made, sort=sort) == expected


def test_shows_on_the_screen_keep_their_places() -> None:
    kept = (NORTHBOUND.title_id, LANTERN.title_id)
    assert titles(listed(report(LANTERN, NORTHBOUND), Asked(), order=kept)) == ["Northbound", "The Lantern Keepers"]
    joined = listed(report(LANTERN, NORTHBOUND), Asked(), order=kept[:1])
    assert titles(joined) == ["Northbound", "The Lantern Keepers"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"pick": Pick.AIRED}, ["The Lantern Keepers"]),
        ({"pick": Pick.COMPLETE}, ["Idle Street", "Kestrel House"]),
        ({"pick": Pick.NEED}, ["Wintering", "Umbra", "New Here"]),
        ({"search": "keepers LANTERN"}, ["The Lantern Keepers"]),
        ({"search": "winter"}, ["Wintering"]),
        ({"pick": None, "search": "st"}, ["Idle Street", "Kestrel House"]),
        ({"narrowed": Narrowed(groups=(Group.ARCHIVED,))}, ["Paper Wolves"]),
        ({"narrowed": Narrowed(providers=(Source.TVDB,))}, ["Paper Wolves"]),
        ({"pick": Pick.COMPLETE, "narrowed": Narrowed(libraries=("Anime",))}, ["Kestrel House"]),
        ({"ignored": True, "narrowed": Narrowed(groups=(Group.ONGOING,)), "search": "idle"}, ["Idle Street"]),
    ],
)
def test_the_list_is_what_was_asked_for(more: dict[str, object], expected: list[str]) -> None:
    assert asked(LANTERN, ENDED, WHOLE, IGNORED, UNASKED, FAILED, NAMELESS, **more) == expected


def test_only_the_first_that_need_the_person_stand_above_the_others() -> None:
    many = [show(f"Lost {number}", state=State.NEEDS_MAPPING, year=number) for number in range(5)]
    seen = listed(report(*many, LANTERN), Asked())
    assert (len(seen.need), seen.need_left) == (NEED_FIRST, 5 - NEED_FIRST)
    seen = listed(report(*many, LANTERN), Asked(Pick.NEED))
    assert (len(seen.need), seen.need_left, seen.lanes) == (5, 0, ())
    assert listed(report(*many, LANTERN), Asked(Pick.COMPLETE)).need == ()


@pytest.mark.parametrize(
    ("more", "nothing", "elsewhere"),
    [
        ({"search": "lant"}, "", 0),
        ({"search": "zzz"}, 'No show with gaps matches "zzz".', 0),
        ({"search": "kestrel"}, 'No show with gaps matches "kestrel".', 1),
        ({"pick": Pick.NEW}, "There is no show with a new gap.", 0),
        ({"narrowed": Narrowed(groups=(Group.ARCHIVED,))}, "There is no show with gaps of what is chosen.", 0),
        ({"pick": None, "search": "zzz"}, 'No show matches "zzz".', 0),
    ],
)
def test_an_empty_list_says_why_and_what_a_search_finds_elsewhere(
    more: dict[str, object], nothing: str, elsewhere: int
) -> None:
    seen = listed(report(LANTERN, WHOLE), Asked(**more))  # type: ignore[arg-type]
    assert (seen.nothing, seen.elsewhere) == (nothing, elsewhere)


def test_where_nothing_is_missing_the_page_has_words_of_its_own() -> None:
    assert listed(report(WHOLE), Asked()).nothing == ""
    assert listed(report(WHOLE), Asked()).is_bare
    assert offered(report(), {}).picks == ()


def test_there_is_no_choice_between_one() -> None:
    assert offered(report(LANTERN), {}).libraries == ()
    assert offered(report(*ALL), {}).libraries == ("Anime", "TV Shows")
    assert offered(report(LANTERN, NAMELESS), {}).providers == ()
    assert offered(report(*ALL), {}).providers == (Source.TMDB, Source.TVDB)


# ---------------------------------------------------------------- what is new


def gaps(made: Report, before: Report | None) -> dict[str, int]:
    found = new_gaps(made, missing_now(before) if before is not None else None)
    return {one.title: found[one.title_id] for one in made.shows if one.title_id in found}


def test_new_is_what_became_missing_since_it_was_seen_last() -> None:
    earlier = show("Northbound", "hhhhhha", year=2021)
    assert gaps(report(show("Northbound", "hhmhhhm", year=2021)), report(earlier)) == {"Northbound": 2}
    assert gaps(report(NORTHBOUND), report(NORTHBOUND)) == {}
    assert gaps(report(NORTHBOUND), None) == {}, "the first visit has nothing to compare with"


def test_what_could_not_be_judged_then_is_not_new_now() -> None:
    assert gaps(report(show("Umbra", "hhmm", year=2020)), report(FAILED)) == {}
    assert gaps(report(FAILED), report(show("Umbra", "hhhm", year=2020))) == {}, "it is in no total today"


def ignored(until: date | None) -> ShowReport:
    made = show("Northbound", "hhhhih", year=2021)
    ignore = Ignore("1", made.ref, Level.SEASON, NOW, season=1, until=until)
    season = made.seasons[0]
    lines = tuple(replace(line, ignore=ignore) for line in season.lines)
    return replace(made, seasons=(replace(season, lines=lines),))


def test_an_ignore_that_is_taken_back_is_not_new_and_one_that_ran_out_is() -> None:
    assert gaps(report(NORTHBOUND), report(ignored(None))) == {}
    assert gaps(report(NORTHBOUND), report(ignored(TODAY + timedelta(days=3)))) == {"Northbound": 1}
