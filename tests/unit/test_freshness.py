from __future__ import annotations

from datetime import date, timedelta

import pytest

from plexgap.gaps import freshness
from tests.support import NOW, listing


@pytest.mark.parametrize(
    ("status", "air_date", "lifetime"),
    [
        pytest.param("Ended", date(2020, 1, 1), timedelta(days=30), id="archived"),
        pytest.param("Canceled", date(2020, 1, 1), timedelta(days=30), id="canceled with one l"),
        pytest.param("Cancelled", date(2020, 1, 1), timedelta(days=30), id="cancelled with two"),
        pytest.param("Returning Series", date(2020, 1, 1), timedelta(hours=24), id="ongoing"),
        pytest.param("", date(2020, 1, 1), timedelta(hours=24), id="unknown status is ongoing"),
        pytest.param("Returning Series", date(2026, 11, 24), timedelta(hours=6), id="due in three days"),
        pytest.param("Returning Series", date(2026, 11, 18), timedelta(hours=6), id="aired three days ago"),
        pytest.param("Returning Series", date(2026, 11, 25), timedelta(hours=24), id="due in four days"),
        pytest.param("Ended", date(2026, 11, 20), timedelta(hours=6), id="archived but its finale was yesterday"),
    ],
)
def test_lifetime_of_a_listing(status: str, air_date: date, lifetime: timedelta) -> None:
    kept = listing("1x1", status=status, default_date=air_date)
    assert freshness.lifetime(kept, NOW.date()) == lifetime


def test_listing_is_stale_exactly_at_its_end() -> None:
    kept = listing("1x1", status="Ended")
    assert freshness.is_fresh(kept, NOW + timedelta(days=30) - timedelta(seconds=1))
    assert not freshness.is_fresh(kept, NOW + timedelta(days=30))


def test_listing_from_the_future_is_not_trusted() -> None:
    assert not freshness.is_fresh(listing("1x1", fetched_at=NOW + timedelta(minutes=1)), NOW)


def test_nothing_is_kept_longer_than_six_months() -> None:
    kept = listing("1x1")
    assert freshness.may_be_kept(kept, NOW + timedelta(days=181))
    assert not freshness.may_be_kept(kept, NOW + timedelta(days=182))
