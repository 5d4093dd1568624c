"""What `demo --verify` counts: a report that says what the world states, and ones that don't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plexgap.demo.truth import ShowTruth
from plexgap.demo.verify import Verified, verified
from plexgap.domain.verdicts import State
from tests.scan.conftest import Installation


@pytest.fixture
def judged(checked: Installation) -> tuple[ShowTruth, ...]:
    return checked.demo.world.truths


def one_with_gaps(truths: tuple[ShowTruth, ...]) -> ShowTruth:
    return next(truth for truth in truths if len(truth.missing) > 2)


def held_against(checked: Installation, *truths: ShowTruth) -> Verified:
    """The report's titles of these truths alone."""
    keys = {key for truth in truths for key in truth.rating_keys}
    report = checked.report
    shows = tuple(show for show in report.shows if keys.intersection(show.rating_keys))
    return verified(1, truths, replace(report, shows=shows))


def whats(found: Verified) -> set[str]:
    return {one.what for one in found.differences}


def test_report_that_says_what_is_stated_is_exact_in_every_tag(
    checked: Installation, judged: tuple[ShowTruth, ...]
) -> None:
    truths = [truth for truth in judged if truth.provider == "tmdb"]
    found = held_against(checked, *truths)
    assert found.exact, found.differences
    assert found.tags["total"].titles == len(truths)
    assert {score.missing.precision for score in found.tags.values()} == {1.0}
    assert {score.states.recall for score in found.tags.values()} == {1.0}


def test_episode_called_missing_that_is_held_lowers_precision(
    checked: Installation, judged: tuple[ShowTruth, ...]
) -> None:
    truth = one_with_gaps(judged)
    fewer = replace(truth, missing=truth.missing[1:])
    found = held_against(checked, fewer)
    assert whats(found) == {"missing"}
    assert found.tags["total"].missing.precision == pytest.approx(1 - 1 / len(truth.missing))
    assert found.tags["total"].missing.recall == 1.0


def test_missing_episode_that_is_not_told_lowers_recall(checked: Installation, judged: tuple[ShowTruth, ...]) -> None:
    truth = one_with_gaps(judged)
    more = replace(truth, missing=(*truth.missing, (99, 1)))
    found = held_against(checked, more)
    assert whats(found) == {"missing"}
    assert found.tags["total"].missing.precision == 1.0
    assert found.tags["total"].missing.recall == pytest.approx(len(truth.missing) / len(more.missing))


def test_another_state_is_told_under_every_tag_of_the_title(
    checked: Installation, judged: tuple[ShowTruth, ...]
) -> None:
    truth = one_with_gaps(judged)
    found = held_against(checked, replace(truth, state=State.UNKNOWN))
    assert whats(found) == {"state"}
    assert all(found.tags[tag].states.recall == 0 for tag in truth.tags)


def test_title_that_the_report_leaves_out_is_told(checked: Installation, judged: tuple[ShowTruth, ...]) -> None:
    found = verified(1, judged[:1], replace(checked.report, shows=()))
    assert [(one.what, one.told) for one in found.differences] == [("titles", "0")]
    assert found.tags["total"].states.recall == 0


def test_title_that_nobody_stated_is_told(checked: Installation, judged: tuple[ShowTruth, ...]) -> None:
    found = verified(1, (), checked.report)
    assert len(found.differences) == len(checked.report.shows)
    assert whats(found) == {"title"}
