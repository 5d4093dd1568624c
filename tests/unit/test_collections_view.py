"""What the page Collections says: headings, counts that open to as many rows, order, search, cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plexgap.domain.catalogue import Candidate
from plexgap.domain.decisions import Level
from plexgap.domain.events import RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import State
from plexgap.views.card import Ask
from plexgap.views.choosing import film_named
from plexgap.views.collection_card import Choice, CollectionCard, collection_card, film_need
from plexgap.views.collections import (
    Asked,
    CollectionsView,
    ListView,
    Pick,
    Sort,
    collections,
    collections_title,
    differences,
    listed,
)
from plexgap.views.films import CollectionReport
from plexgap.views.missing import Tone, missing
from plexgap.views.report import NOT_CHECKED, HeldBack, Report, Unread
from plexgap.views.said import Offer, standing_of_films
from tests.lettered import NOW, TODAY
from tests.lettered_films import collection, ignore, report, to_map

CARTO = collection("Cartographer", "hhhmhhu")
ROOK = collection("Rook & Rye", "hhmh")
FERRY = collection("Neon Ferry", "hmmh")
ALONE = collection("Alien", "hmmmmm")
WHOLE = collection("Café Noir", "hhh")
AHEAD = collection("Distant Station", "hhud")
FAILED = collection(
    "Umbra",
    "hmh",
    state=State.UNKNOWN,
    reason="TMDB did not answer",
    stale=True,
    checked_at=NOW - timedelta(days=4),
)
UNREAD = collection("Unread", "h", state=State.UNKNOWN, reason=NOT_CHECKED, checked_at=None, listed=1)
UNSURE = collection("Wintering", "hm", state=State.UNKNOWN, reason="Wintering in Plex may be one of them.", unsure=True)
ALL = (CARTO, ROOK, FERRY, ALONE, WHOLE, AHEAD, FAILED)
UNLIT = to_map("The Unlit Rooms")


def view(*found: CollectionReport, **more: Any) -> CollectionsView:
    return collections(report(*found, **more), UTC)


def listing(*found: CollectionReport, asked: Asked | None = None, **more: Any) -> ListView:
    return listed(report(*found, **more), asked or Asked(), UTC)


def names(seen: ListView) -> list[str]:
    return [one.name.removesuffix(" Collection") for one in seen.found]


def picked(made: Report, pick: Pick | None) -> int:
    return len(listed(made, Asked(pick), UTC).found)


def card_of(one: CollectionReport) -> CollectionCard:
    return collection_card(one, NOW, UTC, 24)


# ---------------------------------------------------------------- what is said


def missing_of_part(**more: Any) -> tuple[str, str]:
    """The heading and the calm card where a library was not read, or not as Plex has it."""
    found = replace(report(WHOLE), **more)
    quiet = listed(found, Asked(), UTC).quiet
    assert quiet is not None
    return collections(found, UTC).heading, quiet.heading


def test_the_heading_is_the_answer() -> None:
    assert view(*ALL).heading == "9 films are missing"
    assert view(ROOK).heading == "1 film is missing"
    assert view(WHOLE, AHEAD).heading == "Nothing is missing"
    assert view(WHOLE, FAILED).heading == "Nothing is missing in 1 of 2 collections"
    assert view(WHOLE, AHEAD, waiting=(UNLIT,)).heading == "Nothing is missing in 2 collections"
    assert missing_of_part(unread=(Unread("Films 2", "Plex did not answer."),)) == (
        "Nothing is missing of what could be judged",
        "Every released film of this collection is in your library",
    )
    assert missing_of_part(held_back=(HeldBack("Films", 3),)) == (
        "Nothing is missing of what could be judged",
        "Nothing that counts is missing from this collection",
    )
    assert view(FAILED).heading == "No collection could be judged"
    assert view(films=3).heading == "No collections yet"
    assert view(waiting=(to_map("X", state=State.UNKNOWN, reason="TMDB did not answer"),)).heading == (
        "No collection could be judged"
    )
    assert view().heading == "No film to check"
    assert view(status=None).heading == "Not checked yet"
    assert view(waiting=(to_map("X", state=State.UNKNOWN, reason=NOT_CHECKED),)).heading == "Not checked yet"


def test_the_navigation_names_the_same_number_as_the_heading() -> None:
    assert collections_title(report(*ALL)) == "Collections 9"
    assert collections_title(report(WHOLE)) == "Collections"


@pytest.mark.parametrize(
    ("seen", "said", "tone"),
    [
        (view(*ALL[:6], films=812), "In 4 of the 6 collections you have started. Checked 3 h ago, 812 films.", "quiet"),
        (view(ROOK, films=1), "In the collection you have started. Checked 3 h ago, 1 film.", "quiet"),
        (view(WHOLE, waiting=(UNLIT,), films=10), "Checked 3 h ago, 9 of 10 films.", "quiet"),
        (view(UNSURE, waiting=(UNLIT,), films=10), "Checked 3 h ago, 9 of 10 films.", "quiet"),
        (
            view(WHOLE, FAILED),
            "Checked 3 h ago. 1 collection could not be checked; showing what was known on Tuesday.",
            "amber",
        ),
        (
            view(WHOLE, waiting=(to_map("X", state=State.UNKNOWN, reason="TMDB did not answer"),)),
            "Checked 3 h ago. 1 film could not be checked.",
            "amber",
        ),
        (
            view(
                WHOLE, UNREAD, waiting=(to_map("X", state=State.UNKNOWN, reason=NOT_CHECKED),), status=RunStatus.STOPPED
            ),
            "You stopped the last check 3 h ago. 1 film and 1 collection are still to be checked.",
            "amber",
        ),
        (view(WHOLE, status=RunStatus.PARTIAL, films=10), "Checked 3 h ago, 10 films.", "quiet"),
        (view(status=RunStatus.PARTIAL), "The libraries you chose hold no films.", "quiet"),
        (view(status=None), "Nothing has been compared so far.", "quiet"),
        (view(), "The libraries you chose hold no films.", "quiet"),
        (
            view(problem="There is no TMDB key. Enter one in the settings."),
            "There is no TMDB key. Enter one in the settings.",
            "amber",
        ),
        (
            view(WHOLE, status=RunStatus.FAILED, before=NOW - timedelta(days=1)),
            "The last check ended early, 3 h ago. Showing what was known yesterday.",
            "amber",
        ),
    ],
)
def test_the_status_line_says_when_and_what_it_lacks(seen: CollectionsView, said: str, tone: str) -> None:
    assert (seen.status, seen.tone) == (said, Tone(tone))


@pytest.mark.parametrize(("service", "tone"), [("TMDB", Tone.AMBER), ("TheTVDB", Tone.QUIET)])
def test_of_films_only_a_refusal_of_tmdb_leaves_the_status_line_in_doubt(service: str, tone: Tone) -> None:
    made = report(WHOLE, status=RunStatus.PARTIAL)
    assert made.last_run is not None
    refused = replace(made, last_run=replace(made.last_run, refused_by=(service,)))
    assert collections(refused, UTC).tone is tone


def test_completeness_at_a_glance_counts_released_films_and_the_unjudged_apart() -> None:
    seen = view(CARTO, collection("Ignored", "hiu"), WHOLE, FAILED).glance
    assert seen is not None
    assert seen.bar == (("h", 9), ("i", 1), ("m", 1), ("?", 3))
    assert (
        "".join(text for text, _ in seen.words)
        == "9 of 11 films held, 2 of 4 collections complete, 1 film ignored, 1 not judged"
    )
    assert view(films=3).glance is None


def test_a_film_ignored_before_its_release_is_no_part_of_the_glance() -> None:
    whole = ignore(Level.COLLECTION, "Cartographer", 1)
    ignored = replace(collection("Cartographer", "hii"), listed=2, ignore=whole)
    seen = view(ignored).glance
    assert seen is not None
    assert seen.bar == (("h", 1), ("i", 1))


# ---------------------------------------------------------------- which, and in which order


def test_every_count_opens_to_as_many_rows() -> None:
    made = report(*ALL)
    tally = made.films.tally
    assert [label for _, label in view(*ALL).picks] == ["With gaps 4", "Announced 2", "Complete 2", "Not checked 1"]
    assert [picked(made, pick) for pick in Pick] == [
        tally.with_gaps,
        tally.with_announced,
        tally.complete,
        tally.unknown,
    ]
    assert picked(made, None) == tally.collections == tally.complete + tally.with_gaps + tally.unknown
    assert sum(len(one.missing) for one in listing(*ALL).found) == tally.missing


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.NEARLY, ["Cartographer", "Rook & Rye", "Neon Ferry", "Alien"]),
        (Sort.MOST, ["Alien", "Neon Ferry", "Cartographer", "Rook & Rye"]),
        (Sort.NAME, ["Alien", "Cartographer", "Neon Ferry", "Rook & Rye"]),
    ],
)
def test_the_reader_chooses_the_order(sort: Sort, order: list[str]) -> None:
    assert names(listing(*ALL, asked=Asked(sort=sort))) == order


def test_collections_on_the_screen_keep_their_places() -> None:
    kept = listing(*ALL).order
    filled = replace(collection("Neon Ferry", "hhmh"), collection_id=FERRY.collection_id)
    again = listed(report(filled, CARTO, ROOK, ALONE), Asked(), UTC, order=kept)
    assert names(again) == ["Cartographer", "Rook & Rye", "Neon Ferry", "Alien"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("carto", ["Cartographer"]),
        ("  FERRY neon ", ["Neon Ferry"]),
        ("cafe", ["Café Noir"]),
        ("rook rye iii", ["Rook & Rye"]),
        ("umbra iii", ["Umbra"]),
        ("", ["Cartographer", "Rook & Rye", "Neon Ferry", "Alien", "Distant Station", "Umbra", "Café Noir"]),
        ("nowhere", []),
    ],
)
def test_a_search_goes_through_the_names_of_collections_and_films(search: str, found: list[str]) -> None:
    assert sorted(names(listing(*ALL, asked=Asked(None, search)))) == sorted(found)


def test_a_search_that_finds_nothing_says_so_and_what_it_would_find_among_all() -> None:
    seen = listing(*ALL, asked=Asked(Pick.GAPS, " noir "))
    assert (seen.nothing, seen.elsewhere, seen.quiet) == ('No collection with gaps matches "noir".', 1, None)
    seen = listing(*ALL, asked=Asked(None, "nowhere"))
    assert (seen.nothing, seen.elsewhere) == ('No collection matches "nowhere".', 0)
    assert listing(*ALL, asked=Asked(Pick.GAPS, "carto")).nothing == ""
    assert listing(WHOLE, asked=Asked(Pick.UNKNOWN)).nothing == "There is no collection that was not checked."


def test_where_nothing_is_missing_a_calm_card_says_what_comes_next() -> None:
    soon = replace(AHEAD.lines[2], release_date=TODAY + timedelta(days=3))
    ahead = replace(AHEAD, lines=(*AHEAD.lines[:2], soon, AHEAD.lines[3]))
    seen = listing(WHOLE, ahead).quiet
    assert seen is not None
    assert seen.heading == "Every released film of your 2 collections is in your library"
    assert seen.text == "Next: on Tuesday, Distant Station III."
    evening = replace(report(WHOLE, ahead), as_of=datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    seen = listed(evening, Asked(), ZoneInfo("America/New_York")).quiet
    assert seen is not None
    assert seen.text == "Next: tomorrow, Distant Station III."
    seen = listing(WHOLE, FAILED).quiet
    assert seen is not None
    assert seen.heading == "Every released film of this collection is in your library"
    assert seen.text == "No film of them is announced with a date."
    assert listing(ROOK).quiet is None
    assert listing(FAILED).quiet is None


@pytest.mark.parametrize(
    ("seen", "heading"),
    [
        (listing(films=3), "No collections yet"),
        (listing(films=3, asked=Asked(Pick.COMPLETE, "carto")), "No collections yet"),
        (listing(), "There are no films here"),
        (listing(status=None), "Ready for the first check"),
        (listing(collection("Seen", "hi")), "Nothing that counts is missing from your collection"),
        (listing(collection("Out Today", "hha")), "Nothing that counts is missing from your collection"),
    ],
)
def test_an_empty_list_is_never_a_blank_page(seen: ListView, heading: str) -> None:
    assert seen.quiet is not None
    assert seen.quiet.heading == heading


def test_before_the_first_check_ends_the_page_says_that_it_runs() -> None:
    seen = listed(report(status=None), Asked(), UTC, checking=True).quiet
    assert seen is not None
    assert seen.heading == "The first check runs"


def test_questions_stand_before_failures_and_films_not_checked_yet_are_no_question() -> None:
    waiting = (
        to_map("Alpha", state=State.UNKNOWN, reason="TMDB did not answer"),
        to_map("Beta", state=State.UNKNOWN, reason=NOT_CHECKED),
        UNLIT,
    )
    assert [film.title for film in view(WHOLE, waiting=waiting).need] == ["The Unlit Rooms", "Alpha"]


def test_ignored_films_stand_on_their_page_and_shows_on_theirs() -> None:
    ignores = (
        ignore(Level.MOVIE, "Rook & Rye III", 1, 2008),
        ignore(Level.COLLECTION, "Alien Collection", 2, until=date(2027, 1, 2)),
        ignore(Level.SHOW, "Inverlock", 3),
    )
    made = report(WHOLE, ignores=ignores)
    assert [(row.name, row.what) for row in collections(made, UTC).ignored] == [
        ("Rook & Rye III (2008)", "the film"),
        ("Alien Collection", "the whole collection"),
    ]
    assert [row.name for row in missing(made, UTC).ignored] == ["Inverlock"]


def test_differences_are_collections_that_would_look_otherwise() -> None:
    before = report(CARTO, ROOK, WHOLE)
    assert differences(before, before) == 0
    assert differences(before, report(CARTO, ROOK, WHOLE)) == 0
    filled = replace(collection("Rook & Rye", "hhhh"), collection_id=ROOK.collection_id)
    assert differences(before, report(CARTO, filled)) == 2


# ---------------------------------------------------------------- notices


def test_collections_that_failed_are_said_once_with_what_is_still_known() -> None:
    (told,) = standing_of_films(report(CARTO, FAILED), UTC)
    assert told.strong == "1 collection could not be checked."
    assert told.text == "It keeps what was known on Tuesday and is in no total. TMDB did not answer."
    assert told.offers == (Offer.TRY_AGAIN, Offer.SHOW_UNKNOWN)
    lost = tuple(to_map(f"X{n}", state=State.UNKNOWN, reason="TMDB did not answer") for n in range(4))
    (told,) = standing_of_films(report(CARTO, waiting=lost), UTC)
    assert told.strong == "4 films could not be checked."
    assert told.text == "They are in no total. TMDB did not answer."
    assert told.offers == (Offer.TRY_AGAIN,)


def test_what_stands_one_by_one_or_waits_for_the_person_needs_no_notice() -> None:
    lost = tuple(to_map(f"X{n}", state=State.UNKNOWN, reason="TMDB did not answer") for n in range(3))
    assert standing_of_films(report(CARTO, UNSURE, UNREAD, waiting=lost), UTC) == ()
    assert standing_of_films(report(CARTO, UNSURE, UNREAD, waiting=(*lost[:2], UNLIT)), UTC) == ()


def test_a_film_that_failed_behind_the_first_that_ask_is_said() -> None:
    failed = to_map("X", state=State.UNKNOWN, reason="TMDB did not answer")
    asks = tuple(to_map(f"Nameless {n}") for n in range(3))
    (told,) = standing_of_films(report(CARTO, waiting=(*asks, failed)), UTC)
    assert told.strong == "1 film could not be checked."


def test_removals_held_back_and_libraries_read_in_part_are_said_of_films_too() -> None:
    made = replace(report(CARTO, held_back=(HeldBack("Films", 24),)), unread=(Unread("Films", "It was cut."),))
    assert [told.strong for told in standing_of_films(made, UTC)] == [
        "24 titles are no longer in Films.",
        "Films was not read whole.",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("603", 603),
        (" 603 ", 603),
        ("tmdb://603", 603),
        ("https://www.themoviedb.org/movie/603", 603),
        ("https://www.themoviedb.org/movie/603-the-matrix?language=de", 603),
        ("www.themoviedb.org/movie/603-the-matrix/", 603),
        ("https://www.themoviedb.org/tv/603", None),
        ("https://www.themoviedb.org/movie/603/cast", None),
        ("the matrix", None),
        ("603 604", None),
        ("1999: 603", None),
        ("", None),
    ],
)
def test_a_film_is_named_by_its_number_or_address(text: str, number: int | None) -> None:
    assert film_named(text) == number


# ---------------------------------------------------------------- a card


def test_a_card_has_its_films_in_order_and_one_link_for_each_missing_one() -> None:
    drawn = card_of(CARTO)
    assert (drawn.name, drawn.missing, drawn.held) == (
        "Cartographer Collection",
        "1 missing",
        "5 of 6 films, 1 announced",
    )
    assert drawn.bar == tuple("hhhmhhu")
    assert drawn.bar_spoken == "5 of 6 released films held, 1 missing, 1 announced"
    assert [tile.under for tile in drawn.tiles] == [
        *("1994", "1997", "2000", "2003 missing", "2006", "2009"),
        "2028 announced",
    ]
    assert [tile.tone for tile in drawn.tiles] == [*(["held"] * 3), "missing", "held", "held", "announced"]
    linked = [tile for tile in drawn.tiles if tile.url]
    assert [tile.title for tile in linked] == ["Cartographer IV"]
    assert linked[0].spoken == "2003 missing: open Cartographer IV in Debrid Media Manager, new tab"


def test_held_films_show_plexs_picture_and_all_others_tmdbs() -> None:
    held, absent = (card_of(ROOK).tiles[place] for place in (0, 2))
    assert held.picture == ROOK.lines[0].poster_key
    assert absent.picture == f"tmdb-{ROOK.lines[2].tmdb_id}"


@pytest.mark.parametrize(
    ("away", "under"),
    [(timedelta(days=1), "tomorrow"), (timedelta(days=20), "11 Dec 2026"), (timedelta(days=31), "2026 announced")],
)
def test_a_film_that_comes_soon_says_its_day(away: timedelta, under: str) -> None:
    line = replace(CARTO.lines[6], release_date=TODAY + away, year=(TODAY + away).year)
    assert card_of(replace(CARTO, lines=(line,))).tiles[0].under == under


def test_films_without_a_date_or_just_out_are_announced_and_say_so() -> None:
    drawn = card_of(collection("Odd", "had"))
    assert [tile.under for tile in drawn.tiles] == ["1994", "just released", "no date yet"]
    assert [told.badge for told in drawn.told] == [
        "just released, counts as missing from tomorrow",
        "not counted",
    ]


def test_each_absent_film_says_why_it_stands_there() -> None:
    (told,) = card_of(ROOK).told
    assert told.named == "Rook & Rye III (2000)"
    assert told.why.endswith(" Last looked today at 11:00.")
    was_held = replace(ROOK, lines=(replace(ROOK.lines[2], removed=True),))
    assert card_of(was_held).told[0].badge == "was in Plex before"
    due = replace(ROOK, lines=(replace(ROOK.lines[2], not_rechecked=True),))
    assert card_of(due).told[0].badge == "not looked for since it was released"
    assert card_of(ROOK).foot == f"Collection {ROOK.tmdb_id} of TMDB, asked 3 h ago. Yours are in Films."


def test_a_collection_that_was_not_judged_says_why_and_what_was_known() -> None:
    drawn = card_of(FAILED)
    assert (drawn.mark, drawn.missing) == ("Not checked", "")
    assert drawn.lines == ("TMDB did not answer.", "What was known on Tuesday: 1 film missing.")
    assert drawn.menu == ()
    drawn = card_of(UNREAD)
    assert (drawn.held, drawn.lines) == ("1 film of it held", ("Not checked yet.",))
    assert card_of(UNSURE).mark == "Not sure"


def test_what_can_be_ignored_is_the_collection_and_each_missing_film() -> None:
    assert [choice.label for choice in card_of(FERRY).menu] == [
        "The whole collection",
        "Neon Ferry II (1997)",
        "Neon Ferry III (2000)",
    ]
    twins = replace(FERRY, lines=tuple(replace(line, title="Twin", year=2000) for line in FERRY.lines))
    labels = [choice.label for choice in card_of(twins).menu]
    assert len(set(labels)) == len(labels)
    assert card_of(WHOLE).menu == card_of(WHOLE).back == ()


def test_what_is_ignored_can_be_taken_back_where_it_stands() -> None:
    drawn = card_of(collection("Seen", "hi"))
    number = drawn.back[0].tmdb_id
    assert drawn.back == (Choice(number, "Count Seen II (1997) again", "Seen II (1997)", f"key-{number}"),)
    assert drawn.held == "1 of 2 films, 1 ignored"
    whole = ignore(Level.COLLECTION, "Seen Collection", 7)
    assert [choice.key for choice in card_of(replace(collection("Seen", "hi"), ignore=whole)).back] == ["key-7"]


def test_a_film_that_waits_offers_the_films_it_may_be() -> None:
    candidates = (
        Candidate(Source.TMDB, 1, "The Unlit Rooms", 2016),
        Candidate(Source.TMDB, 2, "The Unlit Rooms", 2018),
    )
    drawn = film_need(replace(UNLIT, candidates=candidates))
    assert (drawn.badge, drawn.ask) == ("Which film is this?", Ask.IDENTIFY)
    assert [offered.label for offered in drawn.offered] == ["It is the 2016 film", "It is the 2018 film"]
    assert drawn.lines[0].endswith("Pick one; it is remembered.")
    assert drawn.other == "Neither, enter an id"
    drawn = film_need(replace(UNLIT, state=State.UNKNOWN, reason="TMDB did not answer", candidates=candidates))
    assert (drawn.badge, drawn.ask, drawn.offered) == ("Not checked", Ask.RETRY, ())
