"""A check that is older than what is known by now is never shown as an answer."""

from __future__ import annotations

import threading
import time

from plexgap import wiring
from plexgap.domain import events
from plexgap.domain.verdicts import State
from plexgap.jobs import choices
from plexgap.jobs.scan import Mode
from plexgap.views.report import ShowReport
from tests.scan.conftest import Installation
from tests.scan.test_modes import gaps, ordinary


def holding(installation: Installation, key: str) -> ShowReport:
    (found,) = [show for show in installation.report.shows if key in show.rating_keys]
    return found


def test_rescan_beside_a_scan_wins_over_its_older_listing(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    path = f"/3/tv/{checked.show(title).show_id}?"
    scan = checked.events()
    for event in scan:
        if isinstance(event, events.PhaseStarted) and event.phase is events.Phase.COMPARE:
            break
    until = time.monotonic() + 10
    while not any(path in asked.path for asked in checked.demo.knobs["tmdb"].requests) and time.monotonic() < until:
        time.sleep(0.01)
    new = checked.demo.change.air_episode(title, days=-5)
    checked.clock.pass_by(seconds=5)
    assert new in checked.rescan(title).missing
    for _ in scan:
        pass
    assert new in [line.number for line in checked.show(title).missing]


def test_failed_lookup_of_the_show_a_person_chose_keeps_no_list_of_another_one(checked: Installation) -> None:
    before = checked.show(ordinary(checked, "archived_gaps"))
    other = checked.show(ordinary(checked, "archived_complete"))
    checked.demo.change.remove_show(other.title)
    checked.scan()
    wiring.choose(checked.house, before, choices.Wish(other.show_id or 0), threading.Event())
    checked.demo.knobs["tmdb"].add("html", f"/3/tv/{other.show_id}", count=None)
    checked.scan()
    show = holding(checked, before.rating_keys[0])
    assert show.state is State.UNKNOWN
    assert show.show_id in (None, other.show_id)


def test_show_that_plex_says_has_more_than_was_read_is_unknown_in_every_mode(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    missing = checked.show(title).missing[0].number
    checked.demo.change.add_episode(title, *missing)
    checked.demo.knobs["plex"].add("status", r"/allLeaves|type=4&sort=addedAt(:|%3A)asc", status=500, count=None)
    checked.scan(Mode.INCREMENTAL)
    assert checked.show(title).state is State.UNKNOWN


def test_cleared_cache_takes_no_verdict_away(checked: Installation) -> None:
    before = gaps(checked)
    checked.house.listings.clear()
    assert gaps(checked) == before


def test_show_rematched_in_plex_is_never_shown_as_the_old_one(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    before = checked.show(title)
    other = checked.show(ordinary(checked, "archived_complete"))
    checked.demo.change.remove_show(other.title)
    checked.demo.change.rematch(title, other.show_id or 0)
    for event in checked.events(Mode.INCREMENTAL):
        if isinstance(event, events.PhaseStarted) and event.phase is events.Phase.COMPARE:
            show = holding(checked, before.rating_keys[0])
            assert show.state is State.UNKNOWN or show.show_id == other.show_id
    assert holding(checked, before.rating_keys[0]).show_id == other.show_id
