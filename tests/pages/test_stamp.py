"""When an open page is drawn anew by itself: what moves its stamp, and what leaves it alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from plexgap.domain.decisions import Ignore, Level
from plexgap.domain.events import RunStatus, Stats
from plexgap.store.locks import scan_lock
from plexgap.ui.resources import PLACES, Place, report, stamp
from tests.pages.conftest import Open

pytestmark = pytest.mark.usefixtures("checked")


@pytest.fixture
def place(open_app: Open) -> Place:
    open_app()
    return PLACES.present()


def at(place: Place, moment: datetime) -> Place:
    return replace(place, house=replace(place.house, parts=replace(place.house.parts, now=lambda: moment)))


def test_a_check_of_another_process_moves_it_as_it_begins_and_as_it_ends(place: Place) -> None:
    house, seen = place.house, [stamp(place, UTC)]
    with scan_lock(house.scan_lock, "the schedule"):
        run = house.index.begin_run("incremental", house.now(), "the schedule")
        seen.append(stamp(place, UTC))
        house.index.renew_checks([])
        assert stamp(place, UTC) == seen[-1]
        house.index.finish_run(run, RunStatus.OK, Stats(), "", house.now())
        seen.append(stamp(place, UTC))
    assert len(set(seen)) == 3


def test_a_check_of_another_process_that_is_cut_off_moves_it(place: Place) -> None:
    house = place.house
    house.index.begin_run("full", house.now(), "the command line")
    with scan_lock(house.scan_lock, "the command line"):
        before = stamp(place, UTC)
    assert stamp(place, UTC) != before


def test_a_decision_made_elsewhere_moves_it(place: Place) -> None:
    before = stamp(place, UTC)
    ref = next(show.ref for show in report(place).shows if show.missing)
    place.house.decisions.add_ignore(Ignore("elsewhere", ref, Level.SHOW, place.house.now()))
    assert stamp(place, UTC) != before


def test_the_age_of_the_last_check_moves_it_with_its_words(place: Place) -> None:
    run = place.house.index.last_run()
    assert run is not None
    assert run.finished_at is not None
    minute = run.finished_at.replace(second=0, microsecond=0)
    seen = [stamp(at(place, minute + timedelta(seconds=after)), UTC) for after in (59, 119, 120, 179, 180)]
    assert [one == other for one, other in pairwise(seen)] == [True, False, True, False]
