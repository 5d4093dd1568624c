"""A clock that was set back hides nothing and takes nothing out."""

from __future__ import annotations

from plexgap.domain.events import RunStatus
from plexgap.domain.verdicts import State
from tests.scan.conftest import Installation
from tests.scan.test_modes import gaps, ordinary


def test_clock_that_was_set_back_hides_no_failure(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    checked.clock.pass_by(hours=-30)
    checked.demo.knobs["tmdb"].add("html", f"/3/tv/{checked.show(title).show_id}", count=None)
    done = checked.scan()
    assert not checked.report.held_back
    assert checked.show(title).state is State.UNKNOWN
    checked.demo.reset()
    checked.scan()
    assert checked.show(title).state is State.GAPS
    assert done.status is RunStatus.PARTIAL


def test_clock_that_was_set_back_an_hour_takes_nothing_out(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    before = gaps(checked)
    checked.rescan(title)
    missing = checked.show(title).missing[0].number
    checked.clock.pass_by(hours=-1)
    checked.demo.change.add_episode(title, *missing)
    checked.scan()
    assert not checked.report.held_back
    assert set(gaps(checked)) == set(before)
    assert missing not in [line.number for line in checked.show(title).missing]
