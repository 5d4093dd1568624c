from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from plexgap.domain.catalogue import Candidate
from plexgap.domain.decisions import Ignore, Level, TitleRef
from plexgap.domain.events import RunStatus, Stats
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.verdicts import Extra, Standing, State
from plexgap.views.export import report_csv, report_json
from plexgap.views.lines import missing_lines, upcoming_lines, why_lines
from plexgap.views.report import (
    HeldBack,
    Report,
    RunSummary,
)
from tests.reports import LINK, NOW, line, report, season, show


def as_json(one: Report) -> Any:
    return json.loads(report_json(one, NOW))


def test_a_report_before_any_check_has_every_key_of_version_1_and_is_not_complete() -> None:
    assert as_json(report()) == {
        "version": 1,
        "generated_at": "2026-11-21T10:00:00Z",
        "as_of": "2026-11-21T10:00:00Z",
        "mode": None,
        "complete": False,
        "shows": [],
        "collections": [],
        "needs_mapping": [],
        "suspect": [],
        "unknown": [],
        "stats": {
            "seconds": 0.0,
            "shows": 0,
            "episodes_held": 0,
            "movies_held": 0,
            "requests": {"plex": 0, "tmdb": 0, "tvdb": 0},
            "cache_hits": 0,
            "retries": 0,
        },
    }


def test_a_show_has_exactly_the_promised_keys_and_values() -> None:
    ignore = Ignore(
        "k", TitleRef(frozenset(), frozenset(), "x"), Level.SHOW, NOW, until=date(2027, 1, 1), reason="later"
    )
    lines = (
        line(2, 5, title="Breakage", air_date=date(2009, 4, 5)),
        line(2, 6, Standing.JUST_AIRED, air_date=date(2026, 11, 21)),
        line(2, 7, Standing.UPCOMING, air_date=date(2026, 12, 1)),
        line(2, 8, Standing.UNDATED, air_date=None, episode_id=None),
        line(2, 9, Standing.IGNORED, ignore=ignore),
    )
    extra = (Extra("99", None, None, "Odd"), Extra("7", 2, 40, "Bonus", date(2010, 1, 1)))
    (made,) = as_json(report(show("Breaking Bad", State.GAPS, season(2, *lines), extra=extra)))["shows"]
    links = [{"label": LINK.label, "url": LINK.url}]

    def episode(number: int, title: str, air_date: str | None, tmdb_id: int | None) -> dict[str, object]:
        return {
            "season": 2,
            "episode": number,
            "title": title,
            "air_date": air_date,
            "tmdb_id": tmdb_id,
            "tvdb_id": None,
            "removed": False,
            "links": links,
        }

    assert made == {
        "title": "Breaking Bad",
        "year": 2008,
        "plex_rating_keys": ["12"],
        "libraries": ["TV Shows"],
        "tmdb_id": 1396,
        "tvdb_id": 81189,
        "imdb_id": "tt0903747",
        "state": "gaps",
        "reason": None,
        "status": "Ended",
        "group": "archived",
        "provider": "tmdb",
        "order": "aired",
        "order_source": "default",
        "checked_at": "2026-11-21T10:00:00Z",
        "held": 60,
        "listed": 62,
        "missing": [episode(5, "Breakage", "2009-04-05", 62005)],
        "just_aired": [episode(6, "Part 6", "2026-11-21", 62006)],
        "upcoming": [episode(7, "Part 7", "2026-12-01", 62007)],
        "undated": [episode(8, "Part 8", None, None)],
        "ignored": [{**episode(9, "Part 9", "2009-04-10", 62009), "reason": "later", "until": "2027-01-01"}],
        "extra": [
            {**episode(40, "Bonus", "2010-01-01", None), "links": [], "rating_key": "7"},
            {**episode(0, "Odd", None, None), "season": None, "episode": None, "links": [], "rating_key": "99"},
        ],
    }


def test_needs_mapping_stands_in_its_own_list_only_and_the_others_are_repeated() -> None:
    candidate = Candidate(Source.TMDB, 5, "Which", 2001, 2, 20)
    made = as_json(
        report(
            show("Complete", State.COMPLETE),
            show("Mapless", State.NEEDS_MAPPING, libraries=("Kids", "TV"), candidates=(candidate,), provider=None),
            show("Odd", State.SUSPECT, reason="Half of it matches nothing."),
            show("Silent", State.UNKNOWN, reason="TMDB did not answer."),
        )
    )
    assert [one["title"] for one in made["shows"]] == ["Complete", "Odd", "Silent"]
    assert made["needs_mapping"] == [
        {
            "title": "Mapless",
            "year": 2008,
            "library": "Kids, TV",
            "kind": "show",
            "plex_rating_keys": ["12"],
            "candidates": [{"provider": "tmdb", "id": 5, "title": "Which", "year": 2001, "seasons": 2, "episodes": 20}],
        }
    ]
    (suspect,), (unknown,) = made["suspect"], made["unknown"]
    assert set(suspect) == {"title", "year", "library", "plex_rating_keys", "reason", "suggestion"}
    assert "show 1396 of TMDB" in suspect["suggestion"]
    assert unknown == {
        "title": "Silent",
        "year": 2008,
        "library": "TV Shows",
        "kind": "show",
        "plex_rating_keys": ["12"],
        "reason": "TMDB did not answer.",
    }
    assert made["complete"] is False


def test_a_held_back_removal_is_not_complete() -> None:
    run = RunSummary("full", RunStatus.OK, NOW, NOW, Stats())
    assert as_json(report(last_run=run))["complete"] is True
    assert as_json(report(last_run=run, held_back=(HeldBack("TV", 24),)))["complete"] is False


def test_stats_are_those_of_the_last_run() -> None:
    stats = Stats(1.23456, 3, 40, 5, {"plex": 7, "tmdb": 9}, 2, 1, 99, 98)
    made = as_json(report(last_run=RunSummary("full", RunStatus.OK, NOW, NOW, stats)))
    assert made["mode"] == "full"
    assert made["stats"] == {
        "seconds": 1.235,
        "shows": 3,
        "episodes_held": 40,
        "movies_held": 5,
        "requests": {"plex": 7, "tmdb": 9, "tvdb": 0},
        "cache_hits": 2,
        "retries": 1,
    }


def test_an_episode_id_is_that_of_the_catalogue_it_came_from() -> None:
    (made,) = as_json(report(show("A", State.GAPS, season(1, line(1, 1)), provider=Source.TVDB, show_id=81189)))[
        "shows"
    ]
    assert (made["missing"][0]["tmdb_id"], made["missing"][0]["tvdb_id"]) == (None, 62001)
    assert (made["tmdb_id"], made["tvdb_id"]) == (None, 81189)


def test_an_id_that_the_other_catalogue_gave_is_said_beside_its_own() -> None:
    known = replace(line(1, 1), ids=frozenset({ExternalId(Source.TMDB, "41"), ExternalId(Source.IMDB, "tt0000041")}))
    one = report(show("A", State.GAPS, season(1, known), provider=Source.TVDB, show_id=81189))
    (made,) = as_json(one)["shows"]
    assert (made["missing"][0]["tmdb_id"], made["missing"][0]["tvdb_id"]) == (41, 62001)


def test_a_future_episode_that_counts_is_both_missing_and_upcoming() -> None:
    """--include-future: listed as missing too."""
    future = line(3, 1, air_date=date(2026, 11, 22))
    one = report(show("A", State.GAPS, season(3, future)))
    (made,) = as_json(one)["shows"]
    assert made["missing"] == made["upcoming"] != []
    assert report_csv(one).splitlines()[1].split(",")[7] == "upcoming"


def test_csv_has_its_header_always() -> None:
    assert report_csv(report()) == (
        "kind,title,year,season,episode,name,air_date,standing,library,tmdb_id,tvdb_id,imdb_id,link\n"
    )


def test_csv_has_one_row_a_missing_episode_of_a_show_with_gaps() -> None:
    lines = season(2, line(2, 110, title='A "quoted", name'), line(2, 111, Standing.IGNORED))
    rows = list(
        csv.DictReader(
            io.StringIO(
                report_csv(
                    report(
                        show("Breaking Bad", State.GAPS, lines, libraries=("Kids", "TV")),
                        show("Silent", State.UNKNOWN, lines),
                    )
                )
            )
        )
    )
    assert rows == [
        {
            "kind": "episode",
            "title": "Breaking Bad",
            "year": "2008",
            "season": "2",
            "episode": "110",
            "name": 'A "quoted", name',
            "air_date": "2009-04-27",
            "standing": "missing",
            "library": "Kids, TV",
            "tmdb_id": "1396",
            "tvdb_id": "81189",
            "imdb_id": "tt0903747",
            "link": LINK.url,
        }
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\r\n="])
def test_a_csv_cell_can_never_start_a_formula_or_a_row(start: str) -> None:
    text = report_csv(report(show(f"{start}HYPERLINK(1)", State.GAPS, season(1, line(1, 1)))))
    _, row = csv.reader(io.StringIO(text, newline=""))
    assert row[1] == f"'{' ' * (len(start) - 1)}{start[-1]}HYPERLINK(1)"
    assert row[6] == "2009-04-02"


def test_text_is_as_people_know_it() -> None:
    lines = (line(2, 5, title="Breakage", air_date=date(2009, 4, 5)), line(2, 6, title="", air_date=date(2009, 4, 12)))
    special = season(0, line(0, 3, title="Behind <b>&"), link=None)
    made = list(missing_lines(report(show("Breaking Bad", State.GAPS, season(2, *lines), specials=special))))
    assert made == [
        "Breaking Bad (missing 2 episodes and 1 special):",
        "  Season 2:",
        "    - S02E05 - Breakage (2009-04-05)",
        "    - S02E06 (2009-04-12)",
        "  Specials:",
        "    - S00E03 - Behind <b>& (2009-04-04)",
        "2 episodes missing in 1 show.",
        "1 show: 0 complete, 1 with gaps.",
    ]


def test_a_long_season_stops_after_ten_lines_unless_all_are_wanted() -> None:
    one = report(show("A", State.GAPS, season(1, *(line(1, number) for number in range(1, 13)))))
    short, whole = list(missing_lines(one)), list(missing_lines(one, every_line=True))
    assert short[12] == "    ... and 2 more"
    assert sum(text.startswith("    - ") for text in short) == 10
    assert sum(text.startswith("    - ") for text in whole) == 12


def test_nothing_is_called_not_missing_beyond_what_was_judged() -> None:
    complete, unknown = show("Whole", State.COMPLETE), show("Silent", State.UNKNOWN, reason="TMDB did not answer.")
    assert "No episode is missing." in missing_lines(report(complete))
    assert "No episode is missing of what could be judged." in missing_lines(report(complete, unknown))
    assert "No show could be judged." in missing_lines(report(unknown))


def test_what_was_not_judged_has_a_line_each_and_no_gap_of_it_is_told() -> None:
    lines = season(1, line(1, 1))
    made = list(
        missing_lines(
            report(
                show("Silent", State.UNKNOWN, lines, reason="TMDB did not answer."),
                show("Mapless", State.NEEDS_MAPPING, reason="No id.", provider=None),
                show("Odd", State.SUSPECT, lines, reason="Half of it matches nothing."),
                held_back=(HeldBack("TV", 24),),
            )
        )
    )
    assert made[0].startswith("Suspect: Odd: Half of it matches nothing. It was compared with show 1396 of TMDB")
    assert made[1:3] == ["Needs mapping: Mapless: No id.", "Unknown: Silent: TMDB did not answer."]
    assert made[3] == "No show could be judged."
    assert made[4] == "3 shows: 0 complete, 1 suspect, 1 in need of mapping, 1 unknown."
    assert made[5].startswith("24 titles of TV are no longer in Plex")


def test_candidates_stand_in_the_line_of_what_needs_mapping_and_how_to_choose_stands_once() -> None:
    pair = (Candidate(Source.TMDB, 11, "Northbound", 1999), Candidate(Source.TMDB, 12, "Northbound", None))
    made = list(
        missing_lines(
            report(
                show("Northbound", State.NEEDS_MAPPING, reason="No id.", provider=None, candidates=pair),
                show("Wintering", State.NEEDS_MAPPING, reason="No year.", provider=None, candidates=pair[:1]),
                show("Silent", State.UNKNOWN, reason="TMDB did not answer."),
            )
        )
    )
    assert made[:4] == [
        "Needs mapping: Northbound: No id. It may be Northbound (1999), TMDB 11, or Northbound, TMDB 12.",
        "Needs mapping: Wintering: No year. It may be Northbound (1999), TMDB 11.",
        "Unknown: Silent: TMDB did not answer.",
        "Say which show a title is with: override TITLE --tmdb ID",
    ]


def test_two_shows_of_one_title_are_told_apart_by_year() -> None:
    made = list(
        missing_lines(
            report(
                show("Galactica", State.GAPS, season(1, line(1, 1)), year=1978),
                show("Galactica", State.GAPS, season(1, line(1, 1)), year=2003),
            )
        )
    )
    assert [text for text in made if text.endswith("):")] == [
        "Galactica (1978) (missing 1 episode):",
        "Galactica (2003) (missing 1 episode):",
    ]


def test_upcoming_stands_under_its_day_nearest_first() -> None:
    later = line(1, 2, Standing.UPCOMING, air_date=date(2026, 12, 1), title="Two")
    soon = line(4, 1, Standing.UPCOMING, air_date=date(2026, 11, 22), title="One")
    assert list(
        upcoming_lines(
            report(show("B", State.COMPLETE, season(1, later)), show("A", State.GAPS, season(4, soon, line(4, 2))))
        )
    ) == [
        "2026-11-22 (tomorrow):",
        "    - A - S04E01 - One",
        "2026-12-01:",
        "    - B - S01E02 - Two",
        "2 upcoming episodes.",
    ]


def test_why_names_source_order_date_and_each_reason() -> None:
    one = show("A", State.GAPS, season(2, line(2, 5, why="TMDB lists it.")))
    made = "\n".join(why_lines(one, NOW))
    assert "Compared with TMDB 1396 in aired order (default), status: Ended." in made
    assert "Listing of 2026-11-21 10:00 UTC." in made
    assert "S02E05 - Part 5 (2009-04-06): missing. TMDB lists it." in made
