from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexgap.domain.catalogue import Listing
from plexgap.domain.films import CollectionListing, ListedFilm
from plexgap.gaps import freshness
from tests.support import NOW, listing

DAYS = st.integers(-40, 60).map(lambda days: NOW.date() + timedelta(days=days))
MOMENTS = st.timedeltas(timedelta(days=-3), timedelta(days=40)).map(lambda after: NOW + after)


def lifetime(kept: Listing, today: date) -> timedelta:
    """The words of design/gaps.md 8, for one day."""
    days = [episode.air_date for episode in kept.episodes if episode.air_date is not None]
    if any(abs(day - today) <= timedelta(days=3) for day in days):
        return timedelta(hours=6)
    return timedelta(days=30) if freshness.is_archived(kept.status) else timedelta(hours=24)


def collection_lifetime(kept: CollectionListing, today: date) -> timedelta:
    days = [part.release_date for part in kept.parts if part.release_date is not None]
    is_due = any(timedelta() <= day - today <= timedelta(days=30) for day in days)
    return timedelta(hours=24) if is_due else timedelta(days=7)


def moments_until(fetched: datetime, now: datetime, each: timedelta) -> list[datetime]:
    """Every moment up to `now` at which a lifetime can have changed, or have ended, and `now` itself."""
    midnights, day = [], fetched.replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= now:
        midnights.append(day)
        day += timedelta(days=1)
    ends = [fetched + lasting for lasting in (each, timedelta(hours=24), timedelta(days=7), timedelta(days=30))]
    return [moment for moment in (*midnights, *ends, now) if fetched <= moment <= now]


@pytest.mark.parametrize(
    ("status", "air_date", "lasts"),
    [
        pytest.param("Ended", date(2020, 1, 1), timedelta(days=30), id="archived"),
        pytest.param("Canceled", date(2020, 1, 1), timedelta(days=30), id="canceled with one l"),
        pytest.param("Cancelled", date(2020, 1, 1), timedelta(days=30), id="cancelled with two"),
        pytest.param("Returning Series", date(2020, 1, 1), timedelta(hours=24), id="ongoing"),
        pytest.param("", date(2020, 1, 1), timedelta(hours=24), id="unknown status is ongoing"),
        pytest.param("Returning Series", date(2026, 11, 24), timedelta(hours=6), id="due in three days"),
        pytest.param("Returning Series", date(2026, 11, 18), timedelta(hours=6), id="aired three days ago"),
        pytest.param("Returning Series", date(2026, 11, 17), timedelta(hours=24), id="aired four days ago"),
        pytest.param("Returning Series", date(2026, 11, 26), timedelta(hours=24), id="due in five days"),
        pytest.param("Ended", date(2026, 11, 20), timedelta(hours=6), id="archived but its finale was yesterday"),
        pytest.param("Ended", date(2026, 12, 10), timedelta(days=15, hours=12), id="until three days before a finale"),
        pytest.param("Ended", date.min, timedelta(days=30), id="the first day that there is"),
        pytest.param("Ended", date.max, timedelta(days=30), id="the last one"),
    ],
)
def test_how_long_a_listing_holds(status: str, air_date: date, lasts: timedelta) -> None:
    kept = listing("1x1", status=status, default_date=air_date)
    assert freshness.fresh_until(kept) == kept.fetched_at + lasts
    assert freshness.is_fresh(kept, kept.fetched_at + lasts - timedelta(microseconds=1))
    assert not freshness.is_fresh(kept, kept.fetched_at + lasts)


@given(st.lists(DAYS, max_size=4), st.sampled_from(["Ended", "Returning Series"]), MOMENTS)
def test_listing_holds_while_no_moment_since_found_it_too_old(days: list[date], status: str, now: datetime) -> None:
    dates = {f"1x{number}": day for number, day in enumerate(days, 1)}
    kept = listing(" ".join(["2x1", *dates]), dates=dates, status=status)
    held = [
        moment - kept.fetched_at < lifetime(kept, moment.date())
        for moment in moments_until(kept.fetched_at, now, timedelta(hours=6))
    ]
    assert freshness.is_fresh(kept, now) == (now >= kept.fetched_at and all(held))


@given(st.lists(DAYS, max_size=4), MOMENTS)
def test_collection_holds_while_no_moment_since_found_it_too_old(days: list[date], now: datetime) -> None:
    kept = CollectionListing(9, "", tuple(ListedFilm(each, "", day) for each, day in enumerate(days, 1)), NOW)
    held = [
        moment - NOW < collection_lifetime(kept, moment.date())
        for moment in moments_until(NOW, now, timedelta(hours=24))
    ]
    assert freshness.collection_is_fresh(kept, now) == (now >= NOW and all(held))


def test_listing_from_the_future_is_not_trusted() -> None:
    assert not freshness.is_fresh(listing("1x1", fetched_at=NOW + timedelta(minutes=1)), NOW)


def test_what_has_not_changed_holds_as_if_fetched_then_but_thirty_days_at_most() -> None:
    kept = listing("1x1", status="Returning Series", default_date=date(2020, 1, 1))
    assert freshness.renewed_until(kept, NOW + timedelta(days=2)) == NOW + timedelta(days=3)
    assert freshness.renewed_until(kept, NOW + timedelta(days=29, hours=12)) == NOW + timedelta(days=30)
    due = listing("1x1", status="Returning Series", default_date=date(2026, 11, 27))
    assert freshness.renewed_until(due, NOW + timedelta(days=2)) == datetime(2026, 11, 24, tzinfo=UTC)


def test_nothing_is_kept_longer_than_six_months() -> None:
    kept = listing("1x1")
    assert freshness.may_be_kept(kept, NOW + timedelta(days=181))
    assert not freshness.may_be_kept(kept, NOW + timedelta(days=182))
