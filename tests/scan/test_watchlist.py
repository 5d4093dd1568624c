"""Scans where only shows on the Plex watchlist count."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from plexgap import wiring
from plexgap.demo.library import ShowEntry
from plexgap.domain.errors import Rejected, SourceError, Unreachable
from plexgap.domain.events import Event, Phase, Progress, RunDone, RunStatus
from plexgap.domain.events import Warning as Warned
from plexgap.domain.ids import Source
from plexgap.jobs.scan import Mode
from plexgap.views import scope
from tests.plex_tv_forms import LIST, REFUSED, XML, page, row
from tests.scan.conftest import Install, Installation
from tests.scripted import Answer, ScriptedServer

WHOLE, GAPS, TWICE = "Velvet Society, Glenharrow", "The Lantern Keepers", "Thornley"
LEGACY = "The Scarlet Archive"
AWAY = Answer(status=400, json={})
NOT_ANSWERED = "plex.tv gave an answer that plexgap does not know (400)."


@pytest.fixture
def plex_tv() -> Iterator[ScriptedServer]:
    """plex.tv, whose list is empty until a test says otherwise."""
    with ScriptedServer() as server:
        server.on(LIST, page([]))
        yield server


@pytest.fixture
def watching(install: Install, plex_tv: ScriptedServer) -> Installation:
    return install(scan_scope="watchlist_only", plex_discover_base_url=plex_tv.url)


def entry(installation: Installation, title: str) -> ShowEntry:
    sections = installation.demo.world.library.sections
    return next(entry for section in sections for entry in section.entries if entry.title == title)


def listed(installation: Installation, *titles: str) -> Answer:
    """A list of these shows of the library, by their Plex guids."""
    rows = []
    for number, title in enumerate(titles):
        rows.append({**row(number, title, 1900), "guid": entry(installation, title).guid})
    return page(rows)


def titles(installation: Installation) -> list[str]:
    return [show.title for show in installation.report.shows]


def details(plex_tv: ScriptedServer) -> list[str]:
    """The items that were asked about one by one."""
    return [path.rpartition("/")[2] for path in plex_tv.paths if path.startswith("/library/metadata/")]


def asked_tmdb(installation: Installation) -> set[int]:
    """The shows whose listings were asked for."""
    asked = installation.demo.knobs["tmdb"].matching("/3/tv/")
    return {int(each.path.partition("?")[0].split("/")[3]) for each in asked}


# What counts


def test_only_listed_shows_count_and_only_they_are_asked_about(watching: Installation, plex_tv: ScriptedServer) -> None:
    plex_tv.on(LIST, listed(watching, WHOLE, GAPS))
    assert watching.scan().status is RunStatus.OK
    report = watching.report
    assert [show.title for show in report.shows] == [GAPS, WHOLE]
    assert report.tally.shows == report.tally.complete + report.tally.with_gaps == 2
    assert asked_tmdb(watching) == {show.show_id for show in report.shows}
    assert report.shows_complete
    assert report.watchlist is not None
    assert (report.watchlist.shows, report.watchlist.found) == (2, 2)
    assert watching.house.index.counts().shows == watching.demo.world.shows_held


def test_scope_hides_and_deletes_nothing(checked: Installation, plex_tv: ScriptedServer) -> None:
    before = checked.report
    plex_tv.on(LIST, listed(checked, WHOLE))
    checked.open(scan_scope="watchlist_only", plex_discover_base_url=plex_tv.url)
    checked.scan(Mode.INCREMENTAL)
    assert titles(checked) == [WHOLE]
    checked.open(scan_scope="all_library")
    checked.forget_requests()
    after = checked.report
    assert after.shows == before.shows
    assert checked.asked("plex") == checked.asked("tmdb") == 0


def test_scope_counts_at_once_when_the_list_was_read_before(checked: Installation, plex_tv: ScriptedServer) -> None:
    plex_tv.on(LIST, listed(checked, WHOLE, GAPS))
    checked.open(scan_scope="watchlist_only", plex_discover_base_url=plex_tv.url)
    checked.scan(Mode.REFRESH)
    checked.open(scan_scope="all_library")
    assert len(titles(checked)) > 2
    checked.open(scan_scope="watchlist_only")
    assert titles(checked) == [GAPS, WHOLE]


def test_show_that_lies_in_two_libraries_comes_whole(watching: Installation, plex_tv: ScriptedServer) -> None:
    plex_tv.on(LIST, listed(watching, TWICE))
    watching.scan()
    (truth,) = [truth for truth in watching.demo.world.truths if truth.title == TWICE]
    (show,) = watching.report.shows
    assert set(show.rating_keys) == set(truth.rating_keys)
    assert (show.held, show.listed) == (truth.held, truth.listed)


def test_listed_show_outside_the_chosen_libraries_is_in_no_scope(
    watching: Installation, plex_tv: ScriptedServer
) -> None:
    anime = next(truth.title for truth in watching.demo.world.truths if truth.libraries == ("Anime",))
    plex_tv.on(LIST, listed(watching, anime, WHOLE))
    watching.open(libraries=["TV Shows"])
    watching.scan()
    assert titles(watching) == [WHOLE]
    assert watching.report.watchlist is not None
    assert (watching.report.watchlist.shows, watching.report.watchlist.found) == (2, 1)


def test_show_taken_off_the_list_leaves_the_scope_with_the_next_scan(
    watching: Installation, plex_tv: ScriptedServer
) -> None:
    plex_tv.on(LIST, listed(watching, WHOLE, GAPS), listed(watching, WHOLE))
    watching.scan()
    watching.scan(Mode.INCREMENTAL)
    assert titles(watching) == [WHOLE]


@pytest.mark.parametrize("seed", [1, 2])
def test_list_of_the_invented_world_leaves_exactly_its_shows_whole(install: Install, seed: int) -> None:
    installation = install(seed=seed, scan_scope="watchlist_only")
    world = installation.demo.world
    assert installation.scan().status is RunStatus.OK
    truths = sorted(world.tagged("watchlist"), key=lambda truth: truth.title)
    assert {tag for truth in truths for tag in truth.tags} >= {"watchlist_by_title", "watchlist_by_id"}
    assert [(show.title, show.state, show.held, show.listed) for show in installation.report.shows] == [
        (truth.title, truth.state, truth.held, truth.listed) for truth in truths
    ]
    asked = installation.asked("plex_tv")
    installation.scan(Mode.INCREMENTAL)
    assert installation.asked("plex_tv") == asked + 1


# Asking plex.tv


def test_full_scan_asks_without_validator_and_others_with_it(watching: Installation, plex_tv: ScriptedServer) -> None:
    plex_tv.on(LIST, page([row(1)], etag='"a"'))
    for mode in (Mode.FULL, Mode.INCREMENTAL, Mode.REFRESH, Mode.FULL):
        watching.scan(mode)
    asked = [asked.headers.get("if-none-match") for asked in plex_tv.asked if asked.path == LIST]
    assert asked == [None, '"a"', '"a"', None]


def test_plex_tv_is_not_asked_where_every_show_counts(install: Install, plex_tv: ScriptedServer) -> None:
    installation = install(plex_discover_base_url=plex_tv.url)
    installation.scan()
    assert plex_tv.asked == []
    assert installation.report.watchlist is None


def test_rescan_of_one_show_asks_plex_tv_nothing(watching: Installation, plex_tv: ScriptedServer) -> None:
    plex_tv.on(LIST, listed(watching, GAPS))
    watching.scan()
    plex_tv.asked.clear()
    watching.rescan(GAPS)
    assert plex_tv.asked == []


def test_ids_are_asked_once_for_what_nothing_else_names_and_kept(
    watching: Installation, plex_tv: ScriptedServer
) -> None:
    tvdb = entry(watching, LEGACY).guid.partition("://")[2].partition("?")[0]
    matched = {**row(1), "guid": entry(watching, WHOLE).guid}
    first, second, third = row(2, "Das Scharlacharchiv", 2012), row(3, "Not In Plex", 2001), row(4, "Withdrawn", 2002)
    plex_tv.on(LIST, page([first, matched, second, third]), page([matched, second, first]))
    plex_tv.on(f"/library/metadata/{first['ratingKey']}", page([row(2, guids=[f"tvdb://{tvdb}"])]))
    plex_tv.on(f"/library/metadata/{second['ratingKey']}", page([row(3)]))
    plex_tv.on(f"/library/metadata/{third['ratingKey']}", Answer(status=404, body=b"<Error/>", kind=XML))
    assert watching.scan().status is RunStatus.OK
    assert details(plex_tv) == [first["ratingKey"], second["ratingKey"], third["ratingKey"]]
    assert titles(watching) == [LEGACY, WHOLE]
    watching.open()
    watching.scan(Mode.INCREMENTAL)
    assert len(details(plex_tv)) == 3
    assert titles(watching) == [LEGACY, WHOLE]


def test_looking_up_is_told_as_progress_and_keeps_what_it_has_when_it_is_stopped(
    watching: Installation, plex_tv: ScriptedServer
) -> None:
    rows = [row(number, f"Not In Plex {number}", 2001) for number in range(2, 5)]
    plex_tv.on(LIST, page(rows))
    for each in rows:
        plex_tv.on(f"/library/metadata/{each['ratingKey']}", page([each]))
    stop = threading.Event()
    here, go = plex_tv.hold(f"/library/metadata/{rows[1]['ratingKey']}")

    def stop_there() -> None:
        assert here.wait(10)
        stop.set()

    stopping = threading.Thread(target=stop_there)
    stopping.start()
    *_, last = watching.events(Mode.FULL, stop)
    stopping.join()
    assert isinstance(last, RunDone)
    assert (last.status, details(plex_tv)) == (RunStatus.STOPPED, [rows[0]["ratingKey"]])
    go.set()
    told = [
        (event.phase, event.item, event.done, event.total)
        for event in watching.events(Mode.FULL)
        if isinstance(event, Progress) and event.library == "Plex watchlist"
    ]
    assert told[-1] == (Phase.MIRROR, "Not In Plex 4", 1, 2)
    assert details(plex_tv)[0] == rows[0]["ratingKey"]
    assert set(details(plex_tv)) == {each["ratingKey"] for each in rows}


def test_list_whose_ids_are_still_to_be_asked_for_is_not_the_whole_truth(
    checked: Installation, plex_tv: ScriptedServer
) -> None:
    plex_tv.on(LIST, page([{**row(1), "guid": entry(checked, WHOLE).guid}, row(2, "Das Scharlacharchiv", 2012)]))
    checked.open(scan_scope="watchlist_only", plex_discover_base_url=plex_tv.url)
    wiring.read_watchlist(checked.house)
    report = checked.report
    assert [show.title for show in report.shows] == [WHOLE]
    assert report.watchlist is not None
    assert report.watchlist.unasked == 1
    assert not report.shows_complete
    checked.scan(Mode.REFRESH)
    assert checked.report.shows_complete


# plex.tv away


def told(events: Iterator[Event]) -> list[str]:
    return [event.reason for event in events if isinstance(event, Warned) and event.what == "watchlist"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(AWAY, NOT_ANSWERED, id="away"),
        pytest.param(Answer(status=401, json=REFUSED), "plex.tv refused the Plex token", id="refused"),
    ],
)
def test_last_list_counts_while_plex_tv_gives_none_and_that_is_said(
    answer: Answer, said: str, watching: Installation, plex_tv: ScriptedServer
) -> None:
    good = listed(watching, GAPS)
    plex_tv.on(LIST, good, answer, good)
    watching.scan()
    watching.clock.pass_by(days=1)
    watching.forget_requests()
    (warning,) = told(watching.events(Mode.INCREMENTAL))
    assert said in warning
    assert warning.endswith("Your watchlist as of 2026-11-21 12:00 UTC counts.")
    assert watching.asked("plex") > 0
    report = watching.report
    assert titles(watching) == [GAPS]
    assert report.last_run is not None
    assert (report.last_run.status, report.last_run.advice) == (RunStatus.PARTIAL, warning)
    assert report.watchlist is not None
    assert report.watchlist.is_old
    assert not report.shows_complete
    watching.clock.pass_by(hours=1)
    assert watching.scan(Mode.INCREMENTAL).status is RunStatus.OK
    assert watching.report.shows_complete


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(Answer(status=401, json=REFUSED), Rejected, id="refused"),
        pytest.param(Answer(status=429, json={}, headers={"Retry-After": "900"}), SourceError, id="too busy"),
    ],
)
def test_without_any_list_the_scan_ends_before_it_asks_for_what_may_not_count(
    answer: Answer, error: type[SourceError], watching: Installation, plex_tv: ScriptedServer
) -> None:
    plex_tv.on(LIST, answer)
    with pytest.raises(error) as caught:
        watching.scan()
    assert caught.value.source == "plex.tv"
    assert "Without your watchlist plexgap can't tell which shows count." in caught.value.advice
    assert watching.asked("tmdb") == watching.asked("plex") == 0
    report = watching.report
    assert report.shows == ()
    assert not report.shows_complete
    assert report.last_run is not None
    assert (report.last_run.status, report.last_run.advice) == (RunStatus.FAILED, caught.value.advice)


def test_address_where_nobody_listens_is_said_and_ends_the_first_scan(watching: Installation) -> None:
    with ScriptedServer() as gone:
        address = gone.url
    watching.open(plex_discover_base_url=address)
    with pytest.raises(Unreachable, match=r"plex\.tv"):
        watching.scan()


def test_ids_that_could_not_be_asked_for_are_said_and_asked_for_next_time(
    watching: Installation, plex_tv: ScriptedServer
) -> None:
    rows = [{**row(1), "guid": entry(watching, WHOLE).guid}, row(2, "Das Scharlacharchiv", 2012)]
    tvdb = entry(watching, LEGACY).guid.partition("://")[2].partition("?")[0]
    plex_tv.on(LIST, page(rows))
    plex_tv.on(f"/library/metadata/{rows[1]['ratingKey']}", AWAY, page([row(2, guids=[f"tvdb://{tvdb}"])]))
    done = watching.scan()
    assert done.status is RunStatus.PARTIAL
    assert done.advice.endswith("1 show of your watchlist could not be looked for by id.")
    assert titles(watching) == [WHOLE]
    assert not watching.report.shows_complete
    assert watching.scan(Mode.INCREMENTAL).status is RunStatus.OK
    assert titles(watching) == [LEGACY, WHOLE]
    assert watching.report.shows_complete


# Nothing in scope


def test_list_that_was_never_read_leaves_no_show_and_says_so(checked: Installation) -> None:
    checked.open(scan_scope="watchlist_only")
    report = checked.report
    said = scope.empty(report)
    assert said is not None
    assert said.sentence == "Only shows on your Plex watchlist count, and it has not been read yet."
    assert not report.shows_complete


def test_list_without_shows_is_told_from_one_whose_shows_are_elsewhere(
    watching: Installation, plex_tv: ScriptedServer
) -> None:
    elsewhere = page([{**row(number), "Guid": [{"id": f"tmdb://99900{number}"}]} for number in range(14)])
    plex_tv.on(LIST, page([]), elsewhere)
    said = []
    for _ in range(2):
        assert watching.scan().status is RunStatus.OK
        assert watching.report.shows_complete
        found = scope.empty(watching.report)
        assert found is not None
        said.append(found.sentence)
    assert said == [
        "There are no shows on your Plex watchlist.",
        "14 shows are on your Plex watchlist, none of them in TV Shows or Anime.",
    ]


def test_listed_shows_that_are_excluded_are_not_said_to_be_elsewhere(
    watching: Installation, plex_tv: ScriptedServer
) -> None:
    plex_tv.on(LIST, listed(watching, WHOLE))
    watching.open(**{"exclusions.shows": [WHOLE]})
    watching.scan()
    found = scope.empty(watching.report)
    assert found is not None
    assert "left out by your exclusions" in found.sentence


def test_ids_of_the_list_never_name_a_show_by_a_number_of_another_source(
    watching: Installation, plex_tv: ScriptedServer
) -> None:
    tvdb = entry(watching, LEGACY).guid.partition("://")[2].partition("?")[0]
    plex_tv.on(LIST, page([row(1, "Another", 1999, guids=[f"{Source.TMDB}://{tvdb}"])]))
    watching.scan()
    assert watching.report.shows == ()
