"""What is said where only shows on the Plex watchlist count, on the page and in a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from itertools import chain
from typing import Any

import pytest

from plexgap.cli.exits import Exit, code_of_report
from plexgap.domain.errors import PlexgapError, Rejected, Unreachable
from plexgap.domain.events import RunStatus
from plexgap.domain.watchlist import PLEX_TV
from plexgap.views import scope
from plexgap.views.lines import missing_lines
from plexgap.views.missing import Tone, missing
from plexgap.views.report import Report, Unread, WatchlistReport
from plexgap.views.said import Offer, run_failed, standing
from tests.lettered import NOW, report, show

WHOLE = show("Kestrel House", "hhhh", "hhhh", year=2001)
GAPS = show("The Lantern Keepers", "hhmh")
AWAY = "plex.tv did not answer: no connection."
YESTERDAY = NOW - timedelta(days=1)
LIST = WatchlistReport(("TV Shows", "Anime"), 40, 12, NOW)
OLD = replace(LIST, read_at=YESTERDAY, problem=AWAY, is_old=True)
PARTLY = replace(LIST, problem=AWAY, unasked=5)
PENDING = replace(LIST, unasked=1)
COUNT = "Only shows on your Plex watchlist count"
UNREAD = WatchlistReport(("TV Shows", "Anime"))


def watching(listed: WatchlistReport, *shows: Any, status: RunStatus | None = RunStatus.OK) -> Report:
    return replace(report(*shows, status=status), watchlist=listed)


def every_word(told: Report) -> str:
    view = missing(told, UTC)
    quiet = (view.quiet.heading, view.quiet.text) if view.quiet else ()
    return " ".join(chain((view.heading, view.status), quiet, missing_lines(told)))


def test_the_scope_stands_under_the_heading() -> None:
    view = missing(watching(LIST, WHOLE, GAPS), UTC)
    assert view.status == "Checked 3 h ago, all 2 shows. Scope: Plex watchlist."
    assert view.tone is Tone.QUIET
    assert "watchlist" not in every_word(report(WHOLE, GAPS))


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (OLD, "Checked 3 h ago, all 2 shows. Scope: Plex watchlist as of yesterday 14:00."),
        (PARTLY, "Checked 3 h ago, all 2 shows. Scope: Plex watchlist, 5 shows of it still to be looked up."),
    ],
)
def test_an_old_list_is_said_with_its_age_and_is_not_calm(listed: WatchlistReport, said: str) -> None:
    view = missing(watching(listed, WHOLE, GAPS), UTC)
    assert (view.status, view.tone) == (said, Tone.AMBER)


def test_a_notice_says_why_the_list_is_old_and_what_to_do() -> None:
    (said,) = standing(watching(OLD, WHOLE), UTC)
    assert said.strong == "Your Plex watchlist could not be read."
    assert said.text == f"{AWAY} The one of yesterday 14:00 counts."
    assert said.offers == (Offer.TRY_AGAIN, Offer.SETTINGS)
    (said,) = standing(watching(PARTLY, WHOLE), UTC)
    assert said.strong == "5 shows of your Plex watchlist could not be looked up."
    assert standing(watching(PENDING, WHOLE), UTC) == ()
    assert standing(watching(LIST, WHOLE), UTC) == ()


@pytest.mark.parametrize(
    ("listed", "heading", "sentence"),
    [
        pytest.param(
            replace(LIST, shows=0, found=0),
            "No show to check",
            "There are no shows on your Plex watchlist.",
            id="no shows on the list",
        ),
        pytest.param(
            replace(LIST, shows=14, found=0),
            "No show to check",
            "14 shows are on your Plex watchlist, none of them in TV Shows or Anime.",
            id="none of them in the libraries",
        ),
        pytest.param(
            WatchlistReport(("TV Shows",), 1, 0, NOW),
            "No show to check",
            "1 show is on your Plex watchlist, and it is not in TV Shows.",
            id="the only one is elsewhere",
        ),
        pytest.param(
            WatchlistReport((), 14, 0, NOW),
            "No show to check",
            "14 shows are on your Plex watchlist, but none of the libraries you chose holds shows.",
            id="only films are chosen",
        ),
        pytest.param(
            replace(LIST, shows=14, found=0, unasked=3),
            "No show to check yet",
            "14 shows are on your Plex watchlist, none of them in TV Shows or Anime so far.",
            id="some are still to be looked up",
        ),
        pytest.param(
            LIST,
            "No show to check",
            "Every show of your Plex watchlist that is in TV Shows or Anime is left out by your exclusions.",
            id="all are excluded",
        ),
        pytest.param(
            UNREAD,
            "No show to check yet",
            "Only shows on your Plex watchlist count, and it has not been read yet.",
            id="never read",
        ),
    ],
)
def test_each_way_to_have_no_show_has_its_own_sentence(listed: WatchlistReport, heading: str, sentence: str) -> None:
    told = watching(listed)
    view = missing(told, UTC)
    assert view.heading == heading
    assert view.quiet is not None
    assert f"{view.quiet.heading}." == sentence
    assert view.quiet.settings is (listed.read_at is not None and not listed.unasked)
    assert view.counters == ()
    assert sentence in list(missing_lines(told))
    assert "Plex lists no show" not in every_word(told)


def test_before_the_first_check_the_page_says_that_first() -> None:
    assert missing(watching(UNREAD, status=None), UTC).heading == "Not checked yet"


def test_library_that_was_never_read_is_not_said_to_lack_the_list() -> None:
    told = replace(watching(replace(LIST, found=0), status=RunStatus.FAILED), unread=(Unread("", "None was read."),))
    assert scope.empty(told) is None
    assert "none of them in" not in every_word(told)


@pytest.mark.parametrize(
    ("listed", "line"),
    [
        (LIST, f"{COUNT}: 12 of its 40 shows are in TV Shows and Anime."),
        (
            replace(LIST, found=1),
            f"{COUNT}: 1 of its 40 shows is in TV Shows and Anime.",
        ),
        (replace(LIST, shows=0, found=0), f"{COUNT}: it has no shows."),
        (UNREAD, f"{COUNT}, and it has not been read yet: run python3 app.py scan."),
        (
            OLD,
            f"{COUNT}: 12 of its 40 shows are in TV Shows and Anime. It could not be "
            "read anew, so this is the list of 2026-11-20 14:00 UTC.",
        ),
        (
            PARTLY,
            f"{COUNT}: 12 of its 40 shows are in TV Shows and Anime, 5 still to be looked up.",
        ),
    ],
)
def test_the_scope_is_one_line_in_a_terminal(listed: WatchlistReport, line: str) -> None:
    assert scope.line(listed) == line


@pytest.mark.parametrize(
    ("listed", "code", "complete"),
    [
        pytest.param(LIST, Exit.NOTHING_MISSING, True, id="a list that was read"),
        pytest.param(replace(LIST, found=0), Exit.NOTHING_MISSING, True, id="a list of other shows"),
        pytest.param(OLD, Exit.PARTIAL, False, id="an old list"),
        pytest.param(PARTLY, Exit.PARTIAL, False, id="a list that could not be looked up whole"),
        pytest.param(PENDING, Exit.PARTIAL, False, id="a list that is still to be looked up"),
        pytest.param(UNREAD, Exit.PARTIAL, False, id="a list that was never read"),
    ],
)
def test_a_scope_that_is_not_sure_is_not_complete(listed: WatchlistReport, code: Exit, complete: bool) -> None:
    told = watching(listed, WHOLE)
    assert (code_of_report(told), told.complete) == (code, complete)
    assert code_of_report(report(WHOLE)) is Exit.NOTHING_MISSING


@pytest.mark.parametrize(
    ("error", "tone", "offers"),
    [
        (Unreachable(PLEX_TV, "x", AWAY), "amber", (Offer.TRY_AGAIN, Offer.SETTINGS)),
        (Rejected(PLEX_TV, "x", AWAY), "red", (Offer.SETTINGS,)),
    ],
)
def test_check_that_ended_for_want_of_a_list_says_so(error: PlexgapError, tone: str, offers: tuple[Offer, ...]) -> None:
    said = run_failed(error, error.advice, "", "http://192.168.1.20:32400", report(), UTC)
    assert (said.strong, said.text) == ("Your Plex watchlist could not be read.", AWAY)
    assert (said.tone, said.offers) == (tone, offers)
