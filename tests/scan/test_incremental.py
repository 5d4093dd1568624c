"""A second look: what it asks, what it writes, what it must not believe. Requests do not depend on a library's size.

Source: design/mirror.md 2 and 8, design/gaps.md 8.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from plexgap.demo.changes import Changes
from plexgap.demo.servers import DemoServers
from plexgap.demo.truth import ShowTruth
from plexgap.demo.world import CASES, make_world
from plexgap.domain.events import RunStatus
from plexgap.domain.library import Kind
from plexgap.jobs import choices
from plexgap.jobs.scan import Mode
from tests.scan.conftest import Clock, Install, Installation
from tests.scan.test_modes import gaps, ordinary

_OF_THE_RUN = frozenset({"run", "run_event", "mirror", "sqlite_sequence"})
_OF_THE_RUN_TOO = ("library.db", "scan.lock", "plexgap.log")
SHOWS, ALL = 8, 14
_FEW = 30


def rows(installation: Installation) -> Mapping[str, frozenset[tuple[object, ...]]]:
    """Every row of every table but those of the runs themselves."""
    with installation.house.index._database.reading() as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: frozenset(connection.execute(f"SELECT * FROM {table}"))
            for table in tables
            if table not in _OF_THE_RUN
        }


def written(before: Mapping[str, frozenset[tuple[object, ...]]], installation: Installation) -> set[str]:
    """The tables in which a row is another one than before."""
    return {table for table, now in rows(installation).items() if now != before[table]}


def files(installation: Installation) -> dict[str, tuple[int, int]]:
    """When each file of the home was last written to, and its size; but for those of the run itself."""
    home: Path = installation.house.paths.home
    return {
        str(path.relative_to(home)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith(_OF_THE_RUN_TOO)
    }


def asked(installation: Installation) -> dict[str, int]:
    return {service: installation.asked(service) for service in ("plex", "tmdb", "tvdb", "plex_tv")}


def a_show(installation: Installation) -> ShowTruth:
    """One with a gap, whose title and items are its own."""
    return next(
        truth
        for truth in installation.demo.world.truths
        if "archived_gaps" in truth.tags and len(truth.rating_keys) == 1
    )


def few_shows(clock: Clock) -> DemoServers:
    """A world of the first cases alone: whole scans of it are short."""
    return DemoServers(make_world(episodes=1, films=1, now=clock, cases=CASES[:_FEW]))


@pytest.fixture(scope="module")
def few_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation after its first full scan of the few shows, to be copied."""
    home = tmp_path_factory.mktemp("few")
    with few_shows(Clock()) as demo:
        installation = Installation(demo, Clock(), home)
        installation.scan()
        installation.house.close()
    return home


@pytest.fixture
def few(few_home: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation after its first full scan of the few shows, whose log of requests is empty."""
    shutil.copytree(few_home, tmp_path / "home")
    clock = Clock()
    with few_shows(clock) as demo:
        installation = Installation(demo, clock, tmp_path / "home")
        clock.pass_by(minutes=10)
        yield installation
        installation.house.close()


@pytest.mark.parametrize("episodes", [1, 4_000])
def test_where_nothing_changed_little_is_asked_and_nothing_written(install: Install, episodes: int) -> None:
    read = install(episodes=episodes, films=1)
    read.scan()
    choices.ignore(read.house.decisions, read.show(a_show(read).title), now=read.clock())
    read.clock.pass_by(hours=1)
    before, kept, held = rows(read), files(read), gaps(read)
    for only, most in ((Kind.SHOW, SHOWS), (None, ALL), (None, ALL)):
        read.forget_requests()
        done = read.scan(Mode.INCREMENTAL, only=only)
        counts = asked(read)
        assert done.status is RunStatus.OK
        assert counts.pop("plex") <= most
        assert counts == {"tmdb": 0, "tvdb": 0, "plex_tv": 0}
        assert written(before, read) == set()
        assert files(read) == kept
        assert (done.stats.rows_written, done.stats.changes) == (0, 0)
    assert gaps(read) == held


def added(change: Changes, truth: ShowTruth) -> None:
    change.add_episode(truth.title, *truth.missing[0], truth.year)


def removed(change: Changes, truth: ShowTruth) -> None:
    change.remove_episode(truth.title, 1, 1, truth.year)


def swapped(change: Changes, truth: ShowTruth) -> None:
    change.swap(truth.title, (1, 1), truth.missing[0], truth.year)


def replaced(change: Changes, truth: ShowTruth) -> None:
    change.replace_file(truth.title, 1, 1, truth.year)


@pytest.mark.parametrize("happens", [added, removed, swapped, replaced])
def test_one_show_that_changed_costs_two_requests_more_and_one_of_tmdb(
    few: Installation, happens: Callable[[Changes, ShowTruth], None]
) -> None:
    truth = a_show(few)
    happens(few.demo.change, truth)
    done = few.scan(Mode.INCREMENTAL, only=Kind.SHOW)
    counts = asked(few)
    assert done.status is RunStatus.OK
    assert counts["plex"] <= SHOWS + 2
    assert counts["tmdb"] <= 1
    assert (counts["tvdb"], counts["plex_tv"]) == (0, 0)
    found = gaps(few)
    few.scan(Mode.FULL)
    assert gaps(few) == found


@pytest.mark.parametrize("happens", [added, removed, swapped])
def test_what_plex_does_not_date_is_found_beside_what_it_dates(
    few: Installation, happens: Callable[[Changes, ShowTruth], None]
) -> None:
    """The show's own updatedAt stays, and another show of the library draws the look to itself."""
    change, truth, other = few.demo.change, a_show(few), ordinary(few, "gaps_in_season")
    change.set_books("updated_at", False)
    happens(change, truth)
    change.set_books("updated_at", True)
    change.remove_episode(other, 1, 1)
    few.scan(Mode.INCREMENTAL)
    found = gaps(few)
    few.scan(Mode.FULL)
    assert gaps(few) == found


def test_watching_costs_no_leaves_and_changes_no_gap(few: Installation) -> None:
    before = gaps(few)
    few.demo.change.mark_watched(a_show(few).title, 1, 1)
    few.scan(Mode.INCREMENTAL, only=Kind.SHOW)
    assert asked(few)["plex"] <= SHOWS + 2
    assert asked(few)["tmdb"] == 0
    assert gaps(few) == before


def test_an_idle_scan_of_plex_costs_nothing(few: Installation) -> None:
    before = rows(few)
    for section in ("TV Shows", "Anime"):
        few.demo.change.scan_idly(section)
    few.scan(Mode.INCREMENTAL, only=Kind.SHOW)
    assert asked(few)["plex"] <= SHOWS
    assert written(before, few) == set()


def test_metadata_that_was_fetched_anew_and_is_the_same_is_no_change(few: Installation) -> None:
    few.demo.change.refresh_metadata(a_show(few).title)
    done = few.scan(Mode.INCREMENTAL, only=Kind.SHOW)
    assert done.stats.changes == 0
    assert asked(few)["plex"] <= SHOWS + 2
    assert asked(few)["tmdb"] <= 1


def empty(installation: Installation) -> None:
    installation.demo.change.empty_section("TV Shows")


def short(installation: Installation) -> None:
    installation.demo.change.remove_episode(ordinary(installation, "gaps_in_season"), 1, 1)
    installation.demo.change.set_short("TV Shows", 40)


def failing(installation: Installation) -> None:
    installation.demo.change.remove_episode(ordinary(installation, "gaps_in_season"), 1, 1)
    installation.demo.knobs["plex"].add("html", r"sections/2/all.*type=2.*sort=addedAt(?!%3Adesc)", count=None)
    installation.demo.knobs["plex"].add("html", r"allLeaves|type=(3|4).*sort=addedAt(?!%3Adesc)", count=None)


@pytest.mark.parametrize("mode", [Mode.INCREMENTAL, Mode.FULL])
@pytest.mark.parametrize("listing", [empty, short, failing])
def test_a_listing_that_is_empty_short_or_fails_takes_nothing_out(
    few: Installation, listing: Callable[[Installation], None], mode: Mode
) -> None:
    before, held = gaps(few), few.house.index.counts()
    listing(few)
    for _ in range(2):
        done = few.scan(mode)
        assert done.status is RunStatus.PARTIAL
        assert "TV Shows" in done.advice or few.report.held_back
        assert gaps(few) == before
        assert few.house.index.counts() == held
        assert not few.report.complete


def test_a_library_that_lost_a_third_is_asked_about_until_it_is_answered(checked: Installation) -> None:
    section = checked.demo.world.library.titled("TV Shows")
    names = [entry.title for held in checked.demo.world.library.sections for entry in held.entries]
    gone = [entry for entry in section.entries if names.count(entry.title) == 1][: len(section.entries) * 3 // 10 + 1]
    assert len(gone) > 20
    checked.clock.pass_by(minutes=10)
    for entry in gone:
        checked.demo.change.remove_show(entry.title, entry.year)
    before = gaps(checked)
    for _ in range(3):
        done = checked.scan(Mode.INCREMENTAL)
        assert done.status is RunStatus.PARTIAL
        assert [(one.section, one.count) for one in checked.report.held_back] == [("TV Shows", len(gone))]
        assert gaps(checked) == before
    assert checked.scan(Mode.INCREMENTAL, accept_removals=True).status is RunStatus.OK
    assert checked.report.held_back == ()
    assert not {show.title for show in checked.report.shows} & {entry.title for entry in gone}
    found = gaps(checked)
    checked.scan(Mode.FULL)
    assert gaps(checked) == found


def test_what_was_held_back_and_comes_again_is_as_if_nothing_had_been(few: Installation) -> None:
    before = gaps(few)
    few.demo.change.keep()
    few.demo.change.empty_section("TV Shows")
    assert few.scan(Mode.INCREMENTAL).status is RunStatus.PARTIAL
    few.demo.change.restore()
    assert few.scan(Mode.INCREMENTAL).status is RunStatus.OK
    assert few.report.held_back == ()
    assert gaps(few) == before


def test_a_swap_that_a_restored_server_never_saw_is_found_though_its_counter_is_higher_by_now(
    few: Installation,
) -> None:
    change, truth = few.demo.change, a_show(few)
    change.keep()
    change.set_books("updated_at", False)
    swapped(change, truth)
    change.set_books("updated_at", True)
    few.scan(Mode.INCREMENTAL)
    change.restore()
    shows = few.demo.world.library.titled("TV Shows").entries
    for entry in [entry for entry in shows if entry.title != truth.title and entry.leaf_count > 5][:4]:
        few.clock.pass_by(minutes=1)
        change.remove_episode(entry.title, entry.runs[-1].season, entry.runs[-1].first, entry.year)
    few.scan(Mode.INCREMENTAL)
    found = gaps(few)
    few.scan(Mode.FULL)
    assert gaps(few) == found
