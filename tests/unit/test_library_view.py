"""What the page Library says: what waits, findings, and how complete everything is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date

import pytest

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.events import RunStatus
from plexgap.domain.verdicts import Duplicate, Extra, State
from plexgap.views.films import GoneCollection
from plexgap.views.library import (
    HealthView,
    LibraryView,
    collection_need,
    copies,
    library,
    library_health,
    library_title,
)
from plexgap.views.missing import Tone
from plexgap.views.report import NOT_CHECKED, Report, ShowReport
from tests import film_reports, lettered
from tests.film_reports import collection, film, missing, to_map

GAPS = lettered.show("The Lantern Keepers", "hhmh", "hai")
WHOLE = lettered.show("Kestrel House", "hhhh", year=2001)
ANIME = lettered.show("Low Water", "hhhm", libraries=("Anime", "TV Shows"), year=2003)
OFF = lettered.show("Tin Harbour", "hhmm", state=State.SUSPECT, reason="It may be another show.")
OPEN = lettered.show("Wintering", state=State.NEEDS_MAPPING, reason="Plex knows no id for it")
FAILED = lettered.show("Umbra", "hhmm", state=State.UNKNOWN, reason="TMDB did not answer", stale=True)
UNASKED = lettered.show("New Here", state=State.UNKNOWN, reason=NOT_CHECKED)
BEGUN = collection("Begun", film(1, "One", date(1994, 1, 1)), missing(2, "Two", date(1996, 1, 1)))
LOST = collection("Lost", film(3, "Three", date(1994, 1, 1)), state=State.UNKNOWN, number=2, reason="It timed out")


def given(*shows: ShowReport, status: RunStatus | None = RunStatus.OK, **films: object) -> Report:
    made = film_reports.films(*films.pop("collections", ()), **films) if films else film_reports.films()  # type: ignore[arg-type, misc]
    return replace(lettered.report(*shows, status=status), films=made)


def view(*shows: ShowReport, **more: object) -> LibraryView:
    return library(given(*shows, **more), UTC)  # type: ignore[arg-type]


def of_health(*shows: ShowReport, **more: object) -> HealthView:
    return library_health(given(*shows, **more), {})  # type: ignore[arg-type]


def test_questions_stand_before_failures_and_films_after_shows() -> None:
    report = given(FAILED, GAPS, OFF, OPEN, UNASKED, collections=(LOST,), open=(to_map("Drifting Hours"),))
    seen = library(report, UTC)
    assert [getattr(one, "title", "") or getattr(one, "name", "") for one in library_health(report, {}).waiting] == [
        "Wintering",
        "Tin Harbour",
        "Drifting Hours",
        "Umbra",
        "Lost",
    ]
    assert seen.heading == "5 things need you"
    assert library_title(report) == "Library 5"
    assert "1 show is still to be checked." in seen.status


@pytest.mark.parametrize(
    ("shows", "heading", "title"),
    [
        ((OFF,), "1 thing needs you", "Library 1"),
        ((WHOLE,), "Everything is in order", "Library"),
        ((UNASKED, WHOLE), "Nothing needs you", "Library"),
        ((replace(WHOLE, extra=(Extra("1", 1, 9, "Outtake"),)),), "Nothing needs you", "Library"),
    ],
)
def test_the_heading_is_the_answer(shows: tuple[ShowReport, ...], heading: str, title: str) -> None:
    assert view(*shows).heading == heading
    assert library_title(given(*shows)) == title


def test_before_the_first_check_nothing_is_said_of_it() -> None:
    seen = view(status=None)
    assert (seen.heading, seen.status) == ("Not checked yet", "Nothing has been compared so far.")
    below = of_health(status=None)
    assert (below.bars, below.groups) == ((), ())
    assert below.quiet


def test_the_status_counts_as_the_other_pages_do() -> None:
    seen = view(GAPS, WHOLE, OFF, collections=(BEGUN,))
    assert seen.status == "1 of 3 shows and 0 of 1 collection are complete. Checked 3 h ago."
    assert seen.tone is Tone.QUIET
    whole = collection("Whole", film(4, "Four", date(1994, 1, 1)), state=State.COMPLETE, number=3)
    assert view(collections=(BEGUN, whole)).status == "1 of 2 collections is complete. Checked 3 h ago."


@pytest.mark.parametrize(
    ("seen", "tone"),
    [
        (view(WHOLE, status=RunStatus.STOPPED), Tone.AMBER),
        (view(WHOLE, status=RunStatus.PARTIAL), Tone.QUIET),
        (view(WHOLE, FAILED), Tone.AMBER),
        (view(WHOLE, UNASKED), Tone.AMBER),
        (view(WHOLE, OPEN), Tone.QUIET),
        (view(WHOLE, collections=(LOST,)), Tone.AMBER),
    ],
)
def test_the_status_is_amber_while_something_is_in_doubt(seen: LibraryView, tone: Tone) -> None:
    assert seen.tone is tone


def test_bars_leave_what_was_not_judged_out_of_their_numbers() -> None:
    seen = of_health(GAPS, WHOLE, ANIME, OFF, OPEN, collections=(BEGUN, LOST))
    assert [f"{bar.name}: {bar.note}" for bar in seen.bars] == [
        "Shows: 1 of 3, 2 not judged",
        "Collections: 0 of 1, 1 not judged",
        "Anime: 3 of 4 episodes",
        "TV Shows: 11 of 15 episodes, 2 shows not judged",
        "Films of collections: 1 of 2 films, 1 not judged",
    ]
    assert dict(seen.bars[0].parts) == {"h": 1, "m": 2, "?": 2}
    assert dict(seen.bars[3].parts) == {"h": 11, "i": 2, "m": 2, "?": 4}


def test_findings_say_how_many_they_are_and_what_copies_take() -> None:
    twice = tuple(Duplicate(EpisodeNumber(1, number), "", (f"{number}1", f"{number}2")) for number in (1, 2))
    odd = replace(GAPS, extra=(Extra("9", 1, 9, "Outtake"),), duplicates=twice[:1])
    other = replace(WHOLE, duplicates=twice[1:])
    report = replace(
        given(odd, other, ANIME),
        films=replace(film_reports.films(), gone=(GoneCollection(5, "", ("One", "Two")),)),
    )
    sizes = {"11": 3_000_000_000, "12": 2_000_000_000, "21": 1_000_000_000}
    assert set(copies(report)) == {"11", "12", "21", "22"}
    assert [(group.kind.value, group.note) for group in library_health(report, sizes).groups] == [
        ("Held, but listed nowhere", "1 episode of The Lantern Keepers"),
        ("The same episode twice", "2 episodes of 2 shows, 2 GB in further copies"),
        ("The same show in two libraries", "1 show, counted once"),
        ("Collections TMDB no longer has", "1 collection"),
    ]
    assert [(one.title, one.what) for one in library_health(report, {}).groups[-1].findings] == [
        ("Collection 5", "One and Two")
    ]


def test_a_collection_that_could_not_be_looked_up_says_why() -> None:
    drawn = collection_need(LOST)
    assert (drawn.title, drawn.badge, drawn.lines) == ("Lost", "Not checked", ("It timed out.",))
