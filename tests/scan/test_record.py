"""The record of a run, while it runs and after it."""

from __future__ import annotations

from plexgap.domain.events import Change, RunStatus
from plexgap.jobs.scan import Mode
from tests.cli.running import with_gaps
from tests.scan.conftest import Install


def test_what_changed_is_on_record_before_the_run_is_over_and_stays_when_it_is_left(install: Install) -> None:
    installation = install()
    installation.scan()
    truth = with_gaps(installation.demo.world)
    season, number = truth.missing[0]
    installation.demo.change.add_episode(truth.title, season, number)
    going = installation.events(Mode.INCREMENTAL)
    for event in going:
        if isinstance(event, Change):
            break
    index = installation.house.index
    run = index.last_run(finished=False)
    assert run is not None
    assert run.status is RunStatus.RUNNING
    before = index.run(run.run_id)
    assert before is not None
    assert [noted.event for noted in before.noted] == [event]
    going.close()  # type: ignore[attr-defined]
    record = index.run(run.run_id)
    assert record is not None
    assert (record.run.status, record.run.stats.changes) == (RunStatus.STOPPED, 1)
