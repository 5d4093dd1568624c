"""Films of a report as text, JSON and CSV, and the exit code that they lead to."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest

from plexgap.cli.exits import Exit, code_of_report
from plexgap.domain.catalogue import Candidate
from plexgap.domain.decisions import Ignore, Level, TitleRef
from plexgap.domain.events import RunStatus, Stats
from plexgap.domain.ids import Source
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Standing, State
from plexgap.views.export import report_csv, report_json
from plexgap.views.films import Films, FilmTally, GoneCollection
from plexgap.views.lines import missing_lines, upcoming_lines
from plexgap.views.report import NOT_CHECKED, Report, RunSummary
from tests.film_reports import LINK, collection, film, films, missing, to_map
from tests.reports import NOW, report

OLD, AHEAD = date(1979, 5, 25), date(2027, 3, 1)
RUN = RunSummary("full", RunStatus.OK, NOW, NOW, Stats())
ALIEN = collection(
    "Alien Collection",
    film(348, "Alien", OLD, rating_keys=("5",)),
    missing(679, "Aliens", date(1986, 7, 18)),
    missing(8078, "Alien Resurrection", date(1997, 11, 12), removed=True),
    film(1, "Alien: Tomorrow", AHEAD, Standing.UPCOMING),
    film(2, "Alien: Someday", None, Standing.UNDATED),
)


def of(made: Films, **more: Any) -> Report:
    return report(**{"films": made, "last_run": RUN, "kinds": (Kind.MOVIE,), **more})


def text(made: Films, **more: Any) -> list[str]:
    return list(missing_lines(of(made), **more))


def document(made: Films) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(report_json(of(made), NOW))
    return parsed


# ---------------------------------------------------------------- text


def test_text_says_what_is_missing_of_each_collection() -> None:
    assert text(films(ALIEN)) == [
        "Alien Collection (missing 2 of 3):",
        "    - Aliens (1986)",
        "    - Alien Resurrection (1997) [removed]",
        "2 films missing in 1 collection.",
        "1 collection: 1 with gaps.",
    ]


def test_a_future_film_that_counts_is_marked_as_upcoming() -> None:
    made = films(collection("Alien Collection", film(348, "Alien", OLD), missing(1, "Alien: Tomorrow", AHEAD)))
    assert "    - Alien: Tomorrow (2027) [upcoming]" in text(made)


def test_a_long_collection_is_cut_unless_every_line_is_wanted() -> None:
    many = [missing(number, f"Part {number}", OLD) for number in range(1, 15)]
    made = films(collection("Long Collection", film(100, "Part 0", OLD), *many))
    assert text(made)[11] == "    ... and 4 more"
    assert not any("more" in line for line in text(made, every_line=True))
    assert len(text(made, every_line=True)) == 1 + 14 + 2


def test_what_was_not_judged_has_a_line_each_and_is_in_no_total() -> None:
    unknown = collection(
        "Saw Collection", film(176, "Saw", OLD), state=State.UNKNOWN, number=656, reason="TMDB did not answer."
    )
    offered = (Candidate(Source.TMDB, 11, "Northbound", 1999), Candidate(Source.TMDB, 12, "Northbound", 2014))
    told = text(
        films(
            unknown,
            open=(
                to_map("Northbound", candidates=offered, reason="Plex knows no id for it, and two films fit its name."),
                to_map("Wintering", State.UNKNOWN, reason="TMDB did not answer."),
            ),
        )
    )
    assert told == [
        "Needs mapping: Northbound (2019): Plex knows no id for it, and two films fit its name. "
        "It may be Northbound (1999), TMDB 11, or Northbound (2014), TMDB 12.",
        "Unknown: Wintering (2019): TMDB did not answer.",
        "Unknown: Saw Collection: TMDB did not answer.",
        "Say which film a title is with: override TITLE --movie --tmdb ID",
        "No film is missing of what could be judged.",
        "1 collection: 1 unknown.",
    ]


def test_films_that_no_check_has_seen_are_one_line_together() -> None:
    open_films = tuple(to_map(f"Film {number}", State.UNKNOWN, reason=NOT_CHECKED) for number in range(812))
    made = Films(open=open_films, tally=FilmTally(films=812, unknown_films=812, not_checked_yet=812))
    assert text(made) == ["Unknown: 812 films not checked yet."]


def test_many_films_to_map_are_cut_unless_every_line_is_wanted() -> None:
    made = films(open=tuple(to_map(f"Film {number}") for number in range(14)))
    assert text(made)[10] == "... and 4 more"
    assert len(text(made, every_line=True)) == 14 + 1


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (Films(), ["There is no film."]),
        (films(collection("Saw Collection", film(1, "Saw", OLD), state=State.COMPLETE)), ["No film is missing."]),
        (Films(problem="There is no TMDB key."), ["There is no TMDB key."]),
        (
            Films(gone=(GoneCollection(9, "Lost Collection", ("Saw",)),), tally=FilmTally(films=1)),
            ["No film is missing.", "Lost Collection: TMDB no longer has this collection."],
        ),
    ],
)
def test_the_summary_says_no_more_than_is_known(made: Films, told: list[str]) -> None:
    assert text(made)[: len(told)] == told


def test_upcoming_films_stand_among_the_episodes_by_day() -> None:
    assert list(upcoming_lines(of(films(ALIEN)))) == [
        "2027-03-01:",
        "    - Alien Collection - Alien: Tomorrow (film)",
        "1 upcoming film.",
    ]


# ---------------------------------------------------------------- JSON and CSV


def test_json_has_every_collection_in_the_promised_form() -> None:
    ignore = Ignore("k", TitleRef(frozenset(), frozenset(), "Aliens"), Level.MOVIE, NOW, until=AHEAD, reason="seen")
    ignored = collection(
        "Saw Collection",
        film(176, "Saw", OLD),
        film(215, "Saw II", OLD, Standing.IGNORED, ignore=ignore),
        state=State.COMPLETE,
        number=656,
    )
    found = document(films(ALIEN, ignored))
    alien, saw = found["collections"]
    assert list(alien) == ["tmdb_id", "name", "state", "held", "listed", "missing", "announced", "ignored"]
    assert (alien["tmdb_id"], alien["name"], alien["state"], alien["held"], alien["listed"]) == (
        *(8091, "Alien Collection"),
        *("gaps", 1, 3),
    )
    assert alien["missing"][0] == {
        "tmdb_id": 679,
        "imdb_id": "tt0118583",
        "title": "Aliens",
        "release_date": "1986-07-18",
        "links": [{"label": "Debrid Media Manager", "url": LINK.url}],
    }
    assert [one["release_date"] for one in alien["announced"]] == ["2027-03-01", None]
    assert saw["ignored"][0]["reason"] == "seen"
    assert saw["ignored"][0]["until"] == "2027-03-01"
    assert found["complete"] is True


def test_json_repeats_what_was_not_judged_with_its_kind() -> None:
    unknown = collection(
        "Saw Collection", film(176, "Saw", OLD, rating_keys=("8", "9")), state=State.UNKNOWN, reason="TMDB is away."
    )
    offered = (Candidate(Source.TMDB, 11, "Northbound", 1999),)
    found = document(
        films(unknown, open=(to_map("Northbound", candidates=offered), to_map("W", State.UNKNOWN, reason="Away.")))
    )
    assert found["needs_mapping"] == [
        {
            "title": "Northbound",
            "year": 2019,
            "library": "Movies",
            "kind": "movie",
            "plex_rating_keys": ["7"],
            "candidates": [
                {"provider": "tmdb", "id": 11, "title": "Northbound", "year": 1999, "seasons": None, "episodes": None}
            ],
        }
    ]
    assert [(one["kind"], one["title"], one["reason"]) for one in found["unknown"]] == [
        ("movie", "W", "Away."),
        ("collection", "Saw Collection", "TMDB is away."),
    ]
    assert found["unknown"][1]["plex_rating_keys"] == ["8", "9"]
    assert found["complete"] is False


def test_csv_has_a_row_for_each_missing_film() -> None:
    hostile = collection("=1+1", film(1, "A", OLD), missing(2, "@B", date(2001, 1, 2), imdb_id=None, links=()))
    rows = list(csv.DictReader(io.StringIO(report_csv(of(films(ALIEN, hostile))))))
    assert rows[0] == {
        "kind": "movie",
        "title": "Alien Collection",
        "year": "1986",
        "season": "",
        "episode": "",
        "name": "Aliens",
        "air_date": "1986-07-18",
        "standing": "missing",
        "library": "Movies",
        "tmdb_id": "679",
        "tvdb_id": "",
        "imdb_id": "tt0118583",
        "link": LINK.url,
    }
    assert (rows[2]["title"], rows[2]["name"], rows[2]["link"]) == ("'=1+1", "'@B", "")
    assert len(rows) == 3
    (upcoming,) = csv.DictReader(io.StringIO(report_csv(of(films(ALIEN)), only_upcoming=True)))
    assert (upcoming["name"], upcoming["standing"]) == ("Alien: Tomorrow", "upcoming")


def test_unknown_collections_stand_in_no_csv() -> None:
    unknown = collection("Alien Collection", *ALIEN.lines, state=State.UNKNOWN, reason="TMDB is away.")
    assert report_csv(of(films(unknown))).count("\n") == 1


# ---------------------------------------------------------------- exit codes

_COMPLETE = collection("Saw Collection", film(1, "Saw", OLD), state=State.COMPLETE)
_UNKNOWN = collection("Saw Collection", film(1, "Saw", OLD), state=State.UNKNOWN, reason="TMDB is away.")
_UNSURE = collection("Saw Collection", film(1, "Saw", OLD), state=State.UNKNOWN, reason="Which film?", unsure=True)
_AWAY = to_map("W", State.UNKNOWN, reason="TMDB is away.")


@pytest.mark.parametrize(
    ("made", "ran", "code"),
    [
        (films(_COMPLETE), RunStatus.OK, Exit.NOTHING_MISSING),
        (films(ALIEN, _COMPLETE), RunStatus.OK, Exit.GAPS),
        (films(_COMPLETE, open=(to_map("Northbound"),)), RunStatus.OK, Exit.NOTHING_MISSING),
        (films(_COMPLETE, _UNSURE, open=(to_map("Northbound"),)), RunStatus.OK, Exit.NOTHING_MISSING),
        (films(ALIEN, _UNKNOWN), RunStatus.PARTIAL, Exit.PARTIAL),
        (films(_COMPLETE, open=(_AWAY,)), None, Exit.PARTIAL),
        (films(open=(_AWAY,)), RunStatus.PARTIAL, Exit.UNREACHABLE),
        (films(open=(_AWAY,)), None, Exit.PARTIAL),
        (Films(problem="There is no TMDB key."), RunStatus.OK, Exit.NOTHING_MISSING),
    ],
)
def test_exit_codes_of_films(made: Films, ran: RunStatus | None, code: Exit) -> None:
    assert code_of_report(of(made), ran) is code
