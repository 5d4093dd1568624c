"""What each mode asks, and that each is right about what it asked."""

from __future__ import annotations

import threading
from math import ceil

import pytest

from plexgap import wiring
from plexgap.demo.world import DEFAULT_FILMS
from plexgap.domain.errors import Rejected
from plexgap.domain.events import Change
from plexgap.domain.verdicts import Standing, State
from plexgap.jobs import choices
from plexgap.jobs.scan import Mode
from tests.scan.conftest import Install, Installation
from tests.scan.test_truth import numbers


def ordinary(installation: Installation, tag: str) -> str:
    """The title of a show with this tag whose truth today's scan states."""
    return next(
        truth.title for truth in installation.demo.world.truths if tag in truth.tags and len(truth.rating_keys) == 1
    )


def gaps(installation: Installation) -> dict[str, tuple[str, object]]:
    return {show.title_id: (show.state.value, numbers(show.missing)) for show in installation.report.shows}


def test_first_scan_without_a_mode_is_full_and_the_second_is_not(install: Install) -> None:
    installation = install()
    installation.scan(None)
    assert installation.report.last_run is not None
    assert installation.report.last_run.mode == Mode.FULL
    installation.scan(None)
    assert installation.report.last_run.mode == Mode.INCREMENTAL


def test_scan_after_one_that_read_nothing_is_still_the_first(install: Install) -> None:
    installation = install(plex_token="wrong-token-0123456789")
    with pytest.raises(Rejected):
        installation.scan(None)
    installation.open(plex_token=installation.demo.world.plex_token)
    installation.scan(None)
    assert installation.report.last_run is not None
    assert installation.report.last_run.mode == Mode.FULL


@pytest.mark.parametrize("episodes", [2_500, 5_000])
def test_requests_of_a_full_scan(install: Install, episodes: int) -> None:
    installation = install(episodes=episodes, films=DEFAULT_FILMS)
    done = installation.scan()
    kinds = {"show": 500, "season": 1000, "episode": 1000, "movie": 500}
    rows: dict[tuple[str, str], int] = {}
    with installation.house.index._database.reading() as connection:
        for section, kind, count in connection.execute(
            "SELECT section_id, kind, count(*) FROM item GROUP BY section_id, kind"
        ):
            rows[section, kind] = count
    sections = len({section for section, _ in rows})
    pages = sum(ceil(count / kinds[kind]) for (_, kind), count in rows.items())
    assert installation.asked("plex") == done.stats.requests["plex"]
    orders = len(installation.demo.knobs["plex"].matching(r"/library/metadata/|/prefs"))
    assert installation.asked("plex") - orders <= 2 + 3 * sections + 1 + pages
    assert orders <= 1 + sections
    assert installation.asked("tmdb") == done.stats.requests["tmdb"]
    groups = len(installation.demo.knobs["tmdb"].matching(r"/episode_group"))
    films = len(installation.demo.knobs["tmdb"].matching(r"/3/(movie|collection|search/movie)|/find/tt19"))
    assert installation.asked("tmdb") - groups - films <= 1.2 * done.stats.shows
    assert groups <= 0.2 * done.stats.shows


def test_refresh_reads_nothing_of_plex_and_finds_what_tmdb_gained(checked: Installation) -> None:
    title = ordinary(checked, "ongoing")
    before = checked.show(title)
    checked.demo.change.air_episode(title, days=-3)
    checked.clock.pass_by(days=2)
    checked.scan(Mode.REFRESH)
    assert checked.asked("plex") == 0
    assert len(checked.show(title).missing) > len(before.missing)


def test_second_look_within_freshness_asks_tmdb_for_nothing_it_knows(checked: Installation) -> None:
    before = gaps(checked)
    unmapped = sum(show.state is State.NEEDS_MAPPING for show in checked.report.shows)
    checked.scan(Mode.REFRESH)
    assert checked.asked("tmdb") <= 2 * unmapped
    checked.scan(Mode.INCREMENTAL)
    assert checked.asked("tmdb") <= 4 * unmapped
    assert gaps(checked) == before


def test_what_a_search_found_is_asked_for_no_more_within_freshness(checked: Installation) -> None:
    tags = {"title_search", "title_search_bracket_year", "merged_at_tmdb"}
    found = [truth.title for truth in checked.demo.world.truths if truth.tags & tags]
    assert len(found) == 3
    assert all((checked.show(title).reason or "").startswith("Found by its title") for title in found)
    checked.scan(Mode.INCREMENTAL)
    asked = " ".join(entry.path for entry in checked.demo.knobs["tmdb"].requests)
    shows = [checked.show(title) for title in found]
    assert not any(f"/tv/{show.show_id}?" in asked for show in shows)
    assert not any(f"query={title.partition(' (')[0].replace(' ', '+')}" in asked for title in found)
    assert not any(own.value in asked for show in shows for own in show.ref.ids)


def test_show_found_by_its_title_is_so_again_once_an_override_is_taken_back(checked: Installation) -> None:
    (truth,) = [truth for truth in checked.demo.world.truths if "merged_at_tmdb" in truth.tags]
    before = checked.show(truth.title)
    other = checked.show(ordinary(checked, "ongoing"))
    wiring.choose(checked.house, before, choices.Wish(other.show_id or 0), threading.Event())
    wiring.run_rescan(checked.house, before, threading.Event())
    overridden = next(show for show in checked.report.shows if before.rating_keys[0] in show.rating_keys)
    assert overridden.show_id == other.show_id
    checked.forget_requests()
    wiring.clear_override(checked.house, overridden)
    after = checked.show(truth.title)
    assert (after.state, after.show_id, after.reason) == (before.state, before.show_id, before.reason)
    assert checked.asked("tmdb") == 0


def test_without_the_cache_everything_is_asked_again(checked: Installation) -> None:
    checked.scan(Mode.INCREMENTAL, no_cache=True)
    assert checked.asked("tmdb") >= checked.report.tally.shows - checked.report.tally.need_you


def test_questions_asked_again_travel_with_their_etag_but_not_in_a_full_scan(checked: Installation) -> None:
    checked.scan(Mode.FULL)
    checked.forget_requests()
    checked.scan(Mode.INCREMENTAL, no_cache=True)
    asked = checked.demo.knobs["tmdb"].requests
    assert sum(entry.conditional for entry in asked) > len(asked) / 2
    assert 304 in checked.demo.knobs["tmdb"].statuses()
    checked.forget_requests()
    checked.scan(Mode.FULL)
    assert not any(entry.conditional for entry in checked.demo.knobs["tmdb"].requests)


def test_incremental_gives_what_full_gives_after_changes(checked: Installation) -> None:
    change = checked.demo.change
    title = ordinary(checked, "archived_gaps")
    season, number = checked.show(title).missing[0].number
    change.add_episode(title, season, number)
    change.remove_episode(ordinary(checked, "archived_complete"), 1, 2)
    change.replace_file(ordinary(checked, "ongoing"), 1, 1)
    change.mark_watched(ordinary(checked, "ongoing"), 1, 1)
    checked.scan(Mode.INCREMENTAL)
    found = gaps(checked)
    checked.scan(Mode.FULL)
    assert gaps(checked) == found
    assert (season, number) not in numbers(checked.show(title).missing)
    assert numbers(checked.show(ordinary(checked, "archived_complete")).missing) == ((1, 2),)


def test_time_alone_moves_upcoming_to_just_aired_to_missing(checked: Installation) -> None:
    title = ordinary(checked, "airs_tomorrow")
    upcoming = checked.show(title).of(Standing.UPCOMING)[0].number
    just_aired = len(checked.show(title).of(Standing.JUST_AIRED))
    before = len(checked.show(title).missing)
    checked.clock.pass_by(hours=13)
    assert upcoming in [line.number for line in checked.show(title).of(Standing.JUST_AIRED)]
    checked.clock.pass_by(hours=24)
    late = checked.show(title)
    assert upcoming in [line.number for line in late.missing]
    assert len(late.missing) == before + just_aired + 1
    assert late.missing[-1].not_rechecked
    assert checked.asked("plex") == 0
    assert checked.asked("tmdb") == 0


def test_episode_that_fills_a_gap_is_told_as_a_change(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    season, number = checked.show(title).missing[0].number
    checked.demo.change.add_episode(title, season, number)
    changes = [event for event in checked.events(Mode.INCREMENTAL) if isinstance(event, Change)]
    assert [(change.kind, change.what) for change in changes] == [("added", "episode"), ("updated", "show")]
