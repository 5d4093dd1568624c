"""What a scan does not do again: titles of which nothing moved, films too, and what a list of changes says of many."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexgap.domain.catalogue import AIRED
from plexgap.domain.events import Phase, RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import State
from plexgap.jobs.scan import Mode
from tests.scan.conftest import Install, Installation
from tests.scan.test_modes import ordinary
from tests.scan.test_truth import numbers

TABLES = ("title_check", "title_item", "absent", "film_check", "collection_check")


def rows(installation: Installation) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored of checks."""
    with installation.house.index._database.reading() as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}


def listing_files(installation: Installation) -> Iterator[Path]:
    return (installation.home / "data" / "cache").glob("*/*.json")


def make_unreadable(installation: Installation) -> int:
    """Spoils every file of the cache in a way that only shows when it is read; how many."""
    count = 0
    for path in listing_files(installation):
        written = path.stat().st_mtime_ns
        path.write_text("spoiled", encoding="utf-8")
        os.utime(path, ns=(written, written))
        count += 1
    return count


def found(installation: Installation) -> dict[str, tuple[object, ...]]:
    return {
        show.title_id: (show.state, show.order, numbers(show.missing), show.reason)
        for show in installation.report.shows
    } | {str(one.tmdb_id): (one.state, one.missing) for one in installation.report.films.collections}


def asked(installation: Installation) -> int:
    return installation.asked("tmdb") + installation.asked("tvdb")


@pytest.mark.parametrize("mode", [Mode.INCREMENTAL, Mode.REFRESH])
def test_nothing_moved_asks_writes_and_reads_nothing(checked: Installation, mode: Mode) -> None:
    before, said = rows(checked), found(checked)
    assert make_unreadable(checked) > 100
    done = checked.scan(mode)
    assert asked(checked) == 0
    assert rows(checked) == before
    assert found(checked) == said
    assert done.stats.cache_hits >= checked.report.tally.shows
    assert set(done.stats.phases) >= {Phase.COMPARE, Phase.FILMS}


def test_every_kind_of_outcome_and_order_is_passed_over(
    checked: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    states = {show.state for show in checked.report.shows}
    assert states >= {State.COMPLETE, State.GAPS, State.SUSPECT, State.NEEDS_MAPPING}
    with caplog.at_level(logging.INFO, "plexgap.jobs"):
        checked.scan(Mode.INCREMENTAL)
    assert not [record for record in caplog.records if "is looked at" in record.message]
    with caplog.at_level(logging.DEBUG, "plexgap.jobs"):
        checked.scan(Mode.INCREMENTAL)
    skipped = [record.message for record in caplog.records if "is skipped" in record.message]
    assert len(skipped) >= checked.report.tally.shows


def test_emptied_cache_is_asked_for_again(checked: Installation) -> None:
    said = found(checked)
    assert checked.house.listings.clear() > 100
    checked.scan(Mode.INCREMENTAL)
    assert checked.asked("tmdb") >= checked.report.tally.shows - checked.report.tally.need_you
    assert found(checked) == said


def test_one_deleted_file_costs_one_request(checked: Installation) -> None:
    show = checked.show(ordinary(checked, "archived_gaps"))
    said = found(checked)
    (checked.home / "data" / "cache" / "tmdb" / f"tv-{show.show_id}.json").unlink()
    checked.scan(Mode.INCREMENTAL)
    assert asked(checked) == 1
    assert found(checked) == said


def test_each_title_that_is_looked_at_says_why(checked: Installation, caplog: pytest.LogCaptureFixture) -> None:
    gappy, due = ordinary(checked, "archived_gaps"), ordinary(checked, "airs_tomorrow")
    season, number = checked.show(gappy).missing[0].number
    checked.demo.change.add_episode(gappy, season, number)
    checked.clock.pass_by(hours=7)
    with caplog.at_level(logging.INFO, "plexgap.jobs"):
        checked.scan(Mode.INCREMENTAL)
    said = [record.message for record in caplog.records if "is looked at" in record.message]
    assert any(gappy in line and line.endswith("changed") for line in said)
    assert any(due in line and line.endswith("an episode is due") for line in said)
    assert (season, number) not in numbers(checked.show(gappy).missing)


def test_what_is_due_is_asked_for_on_its_day(checked: Installation) -> None:
    title = ordinary(checked, "airs_tomorrow")
    before = len(checked.show(title).missing)
    checked.clock.pass_by(days=2)
    checked.scan(Mode.INCREMENTAL)
    show = checked.show(title)
    assert checked.demo.knobs["tmdb"].matching(rf"/tv/{show.show_id}\?")
    assert len(show.missing) > before


def test_what_needs_the_person_is_asked_for_again_after_a_day(checked: Installation) -> None:
    title = next(show for show in checked.report.shows if show.state is State.NEEDS_MAPPING and show.ref.ids)
    checked.clock.pass_by(hours=23)
    checked.scan(Mode.INCREMENTAL)
    assert not checked.demo.knobs["tmdb"].matching(title_question(title.title))
    checked.clock.pass_by(hours=1)
    checked.scan(Mode.INCREMENTAL)
    assert checked.demo.knobs["tmdb"].matching(title_question(title.title))


def title_question(title: str) -> str:
    return rf"/search/tv\?.*{title.split()[-1]}"


def test_key_that_is_added_is_used_at_once(checked: Installation) -> None:
    checked.open(provider="tmdb")
    checked.scan(Mode.INCREMENTAL)
    alone = found(checked)
    checked.open(provider="auto")
    checked.scan(Mode.INCREMENTAL)
    again = found(checked)
    checked.scan(Mode.FULL)
    assert found(checked) == again != alone


# Lists of changes


LIST = r"/tv/changes|/updates"


@pytest.fixture
def ongoing(install: Install) -> Installation:
    """A library of ongoing shows, all of which were checked at once."""
    installation = install(episodes=5_000, films=0)
    for show in installation.demo.world.catalogue.shows.values():
        show.status = "Returning Series"
    installation.scan(Mode.FULL)
    installation.forget_requests()
    return installation


def matching(installation: Installation, pattern: str) -> int:
    return sum(len(installation.demo.knobs[service].matching(pattern)) for service in ("tmdb", "tvdb"))


def quiet(installation: Installation) -> dict[str, int]:
    """TMDB's numbers of titles that rest on its listing alone, in aired order, and had their last episode long ago."""
    long_ago = installation.clock().date().toordinal() - 10
    return {
        stored.check.title: stored.check.show_id or 0
        for stored in installation.house.index.checks()
        if stored.check.provider is Source.TMDB
        and stored.check.orders == (AIRED,)
        and [ground.file for ground in stored.stamps.grounds] == [f"tmdb/tv-{stored.check.show_id}.json"]
        and all(day < long_ago for season in stored.check.seasons for day in season.days)
    }


def asked_of(installation: Installation) -> set[int]:
    """The shows of TMDB that were asked for, each by itself."""
    entries = installation.demo.knobs["tmdb"].matching(r"/3/tv/\d+\?")
    return {int(entry.path.split("/tv/")[1].split("?")[0]) for entry in entries}


def test_list_of_changes_stands_for_titles_that_are_only_too_old(ongoing: Installation) -> None:
    ongoing.clock.pass_by(hours=25)
    known = quiet(ongoing)
    moved = dict(list(known.items())[:3])
    before = {title: len(ongoing.show(title).missing) for title in moved}
    for title in moved:
        ongoing.demo.change.air_episode(title, days=-10)
    ongoing.scan(Mode.INCREMENTAL)
    assert len(known) > 40
    assert len(ongoing.demo.knobs["tmdb"].matching("/tv/changes")) == 1
    assert asked_of(ongoing) & set(known.values()) == set(moved.values())
    assert {title: len(ongoing.show(title).missing) for title in moved} == {t: n + 1 for t, n in before.items()}
    said = found(ongoing)
    ongoing.forget_requests()
    ongoing.scan(Mode.INCREMENTAL)
    assert asked(ongoing) == 0
    ongoing.scan(Mode.FULL)
    assert found(ongoing) == said


def test_what_lists_renewed_is_fetched_again_after_thirty_days(ongoing: Installation) -> None:
    known = set(quiet(ongoing).values())
    for _ in range(9):
        ongoing.clock.pass_by(days=3)
        ongoing.scan(Mode.REFRESH)
        assert all(
            stored.check.checked_at == ongoing.clock()
            for stored in ongoing.house.index.checks()
            if stored.check.show_id in known and stored.check.provider is Source.TMDB
        )
    assert not asked_of(ongoing) & known
    ongoing.clock.pass_by(days=3)
    ongoing.scan(Mode.REFRESH)
    assert asked_of(ongoing) >= known


def test_list_of_changes_that_fails_only_costs_its_request(ongoing: Installation) -> None:
    for service in ("tmdb", "tvdb"):
        ongoing.demo.knobs[service].add("html", LIST, count=None)
    ongoing.clock.pass_by(hours=25)
    done = ongoing.scan(Mode.INCREMENTAL)
    assert done.status is RunStatus.OK
    assert asked_of(ongoing) >= set(quiet(ongoing).values())


def test_full_scan_never_asks_for_a_list(ongoing: Installation) -> None:
    ongoing.clock.pass_by(hours=25)
    ongoing.scan(Mode.FULL)
    assert matching(ongoing, LIST) == 0


def test_small_library_never_asks_for_a_list(checked: Installation) -> None:
    checked.clock.pass_by(hours=25)
    checked.scan(Mode.INCREMENTAL)
    assert asked(checked) > 0
    assert matching(checked, LIST) == 0
