"""One show, looked at again: what it costs, what it finds, and what a person may say of a show."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from plexgap import wiring
from plexgap.domain.errors import NotListed, PlexgapError
from plexgap.domain.verdicts import Outcome, Standing, State
from plexgap.jobs import choices
from plexgap.jobs.rescan import AnotherServer
from tests.scan.conftest import Installation
from tests.scan.test_modes import gaps, ordinary


def test_rescan_tells_what_was_filled_what_is_new_and_what_remains(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    before = [line.number for line in checked.show(title).missing]
    checked.demo.change.add_episode(title, *before[0])
    new = checked.demo.change.air_episode(title, days=-5)
    found = checked.rescan(title)
    assert found.filled == (before[0],)
    assert found.new == (new,)
    assert found.missing == tuple(sorted([*before[1:], new]))
    assert [line.number for line in checked.show(title).missing] == list(found.missing)


def test_rescan_costs_two_plex_requests_beside_connecting_and_two_of_tmdb(checked: Installation) -> None:
    checked.rescan(ordinary(checked, "archived_gaps"))
    paths = [entry.path.partition("?")[0] for entry in checked.demo.knobs["plex"].requests]
    assert len([path for path in paths if path != "/"]) <= 2
    assert checked.asked("tmdb") <= 2


def test_rescan_of_a_show_in_two_libraries_reads_both(checked: Installation) -> None:
    title = next(t.title for t in checked.demo.world.truths if "show_in_two_sections" in t.tags)
    missing = checked.show(title).missing[0].number
    checked.demo.change.add_episode(title, *missing)
    assert checked.rescan(title).filled == (missing,)
    paths = [entry.path.partition("?")[0] for entry in checked.demo.knobs["plex"].requests]
    assert len([path for path in paths if path != "/"]) <= 3


def test_rescan_tells_items_apart_that_plex_matched_anew(checked: Installation) -> None:
    truth = next(t for t in checked.demo.world.truths if "show_in_two_sections" in t.tags)
    before = checked.show(truth.title)
    sections = checked.demo.world.library.sections
    here, there = (e for section in sections for e in section.entries if str(e.key) in before.rating_keys)
    judged = [show for show in checked.report.shows if show.show_id and show.show_id < (before.show_id or 0)]
    there.title = "Put apart"
    checked.demo.change.rematch("Put apart", judged[0].show_id or 0)
    found = wiring.run_rescan(checked.house, before, threading.Event())
    (after,) = [show for show in checked.report.shows if str(here.key) in show.rating_keys]
    assert (after.show_id, after.rating_keys) == (before.show_id, (str(here.key),))
    assert set(found.missing) > {line.number for line in before.missing}
    moved = gaps(checked)
    checked.scan()
    assert gaps(checked) == moved


def test_rescan_result_is_what_a_full_scan_gives(checked: Installation) -> None:
    title = ordinary(checked, "ongoing")
    checked.demo.change.air_episode(title, days=-4)
    checked.rescan(title)
    found = gaps(checked)
    checked.scan()
    assert gaps(checked) == found


def test_rescan_beside_a_scan_wins_over_its_older_snapshot(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    missing = checked.show(title).missing[0].number
    scan = checked.events()
    next(scan)
    checked.demo.change.add_episode(title, *missing)
    checked.clock.pass_by(seconds=5)
    checked.rescan(title)
    for _ in scan:
        pass
    assert missing not in [line.number for line in checked.show(title).missing]


def test_failed_rescan_says_so_and_keeps_what_was_known(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    before = checked.show(title)
    checked.demo.knobs["tmdb"].add("html", "/3/tv/", count=None)
    with pytest.raises(PlexgapError) as problem:
        checked.rescan(title)
    assert "TMDB" in problem.value.advice
    after = checked.show(title)
    assert (after.state, after.stale) == (State.UNKNOWN, True)
    assert [line.number for line in after.missing] == [line.number for line in before.missing]


def test_show_that_left_plex_is_gone_after_its_rescan(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    show = checked.show(title)
    checked.demo.change.remove_show(title)
    with pytest.raises(PlexgapError) as problem:
        wiring.run_rescan(checked.house, show, threading.Event())
    assert "no longer" in problem.value.advice
    assert title not in [other.title for other in checked.report.shows]


def test_rescan_at_another_server_than_the_mirrored_one_changes_nothing(checked: Installation) -> None:
    """The same rating key is another title there, or none."""
    title = ordinary(checked, "archived_gaps")
    before = checked.show(title)
    checked.demo.change.install_anew()
    with pytest.raises(AnotherServer) as problem:
        checked.rescan(title)
    assert "another Plex server" in problem.value.advice
    assert checked.show(title) == before


def test_ignored_episode_season_and_show_leave_the_totals_and_come_back(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    show = checked.show(title)
    season, number = show.missing[0].number
    before = checked.report.tally
    made = [
        choices.ignore(
            checked.house.decisions, show, season=season, numbers=(number,), reason="a recap", now=checked.clock()
        ),
    ]
    assert len(checked.show(title).missing) == len(show.missing) - 1
    assert checked.show(title).of(Standing.IGNORED)[0].ignore == made[0]
    made.append(choices.ignore(checked.house.decisions, show, season=season, now=checked.clock()))
    made.append(choices.ignore(checked.house.decisions, show, now=checked.clock()))
    assert checked.show(title).state is State.COMPLETE
    assert checked.report.tally.missing_archived == before.missing_archived - len(show.missing)
    for ignore in made:
        assert choices.unignore(checked.house.decisions, ignore.key) == ignore
    assert checked.report.tally == before
    assert checked.asked("plex") + checked.asked("tmdb") == 0


def test_snoozed_show_comes_back_by_itself(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    until = checked.clock().date() + timedelta(days=2)
    choices.ignore(checked.house.decisions, checked.show(title), until=until, now=checked.clock())
    assert checked.show(title).state is State.COMPLETE
    checked.clock.pass_by(days=3)
    assert checked.show(title).state is State.GAPS


def test_override_is_checked_at_tmdb_echoes_the_title_and_holds_from_the_next_look(checked: Installation) -> None:
    unmapped = next(show for show in checked.report.shows if show.state is State.NEEDS_MAPPING)
    right = checked.show(ordinary(checked, "archived_complete"))
    assert right.show_id is not None
    made = wiring.choose(checked.house, unmapped, choices.Wish(right.show_id), threading.Event())
    assert made is not None
    assert right.title in made.echo
    wiring.run_rescan(checked.house, unmapped, threading.Event())
    assert [show.show_id for show in checked.report.shows if unmapped.rating_keys[0] in show.rating_keys] == [
        right.show_id
    ]
    checked.scan()
    assert [show.show_id for show in checked.report.shows if unmapped.rating_keys[0] in show.rating_keys] == [
        right.show_id
    ]


def test_show_overridden_to_one_that_is_there_already_takes_nothing_from_it(checked: Installation) -> None:
    unmapped = next(show for show in checked.report.shows if show.state is State.NEEDS_MAPPING)
    there = checked.show(ordinary(checked, "archived_complete"))
    assert there.show_id is not None
    wiring.choose(checked.house, unmapped, choices.Wish(there.show_id), threading.Event())
    wiring.run_rescan(checked.house, unmapped, threading.Event())
    (joined,) = [show for show in checked.report.shows if show.show_id == there.show_id]
    assert set(joined.rating_keys) == {*unmapped.rating_keys, *there.rating_keys}
    assert (joined.state, joined.held) == (State.COMPLETE, there.held)
    assert checked.report.tally.not_checked_yet == 0


def test_override_with_a_number_tmdb_does_not_have_keeps_nothing(checked: Installation) -> None:
    show = checked.report.shows[0]
    with pytest.raises(NotListed):
        wiring.choose(checked.house, show, choices.Wish(999_999_999), threading.Event())
    assert checked.house.decisions.load().overrides == ()


def test_override_survives_a_new_mirror_and_is_taken_back_whole(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    other = checked.show(ordinary(checked, "ongoing"))
    assert other.show_id is not None
    before = checked.show(title)
    wiring.choose(checked.house, before, choices.Wish(other.show_id), threading.Event())
    checked.house.close()
    (checked.house.paths.library_db).unlink()
    checked.open()
    checked.scan()
    (overridden,) = [show for show in checked.report.shows if before.rating_keys[0] in show.rating_keys]
    assert overridden.show_id == other.show_id
    assert wiring.clear_override(checked.house, overridden) is not None
    assert checked.show(title).show_id == before.show_id


def test_rescan_of_an_unmapped_show_finds_it_once_plex_matched_it(checked: Installation) -> None:
    unmapped = next(s for s in checked.report.shows if s.state is State.NEEDS_MAPPING and not s.ids)
    donor = checked.show(ordinary(checked, "archived_complete"))
    checked.demo.change.rematch(unmapped.title, donor.show_id or 0, unmapped.year)
    found = wiring.run_rescan(checked.house, unmapped, threading.Event())
    assert found.outcome is Outcome.JUDGED
