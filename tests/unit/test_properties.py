"""What must hold of every library, whatever it looks like."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plexgap.domain.catalogue import Listing
from plexgap.domain.errors import Unreachable
from plexgap.domain.ids import Source
from plexgap.domain.library import HeldEpisode, HeldShow
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps.orders import Way
from plexgap.gaps.rules import Rules, standing
from tests.support import show_item
from tests.title_bed import Broadcast, Shelf, Told, told

BROADCAST = Broadcast()
OFTEN = settings(max_examples=60, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Library:
    """A show and what Plex holds of it; `order`: the numbers of its files."""

    aired: str
    order: str
    held: HeldShow

    def shelf(self) -> Shelf:
        return Shelf.of(BROADCAST, {"aired": self.aired}, {"aired": self.aired, "absolute": self.order})

    def told(self, *parts: HeldShow) -> Told:
        return told(list(parts or (self.held,)), self.shelf())


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    """Seasons of 3 to 8 episodes, held in aired numbers or counted through; ids, titles and dates known or not."""
    lengths = draw(st.lists(st.integers(3, 8), min_size=1, max_size=4))
    aired = " ".join(f"{season}x1-{length}" for season, length in enumerate(lengths, start=1))
    counted = f"1x1-{sum(lengths)}"
    without = draw(st.sets(st.integers(1, sum(lengths)), max_size=sum(lengths) // 3))
    held = BROADCAST.held(
        draw(st.sampled_from([aired, counted])),
        without=without,
        ids=draw(st.sampled_from([(), (Source.TMDB,)])),
        titles=draw(st.booleans()),
        dates=draw(st.booleans()),
    )
    return Library(aired, counted, held)


def part(episode: HeldEpisode) -> int:
    """Which broadcast part a held episode is: its rating key ends in it."""
    return int(episode.rating_key.rpartition("-")[2])


def missing(found: Told) -> set[int]:
    """The parts that are said to be missing."""
    first = {Source.TMDB: 1_000, Source.TVDB: 5_000}[found.provider]
    known = {absent.number: (absent.episode_id or 0) - first for absent in found.comparison.absent}
    return {known[number] for number in found.missing}


@OFTEN
@given(libraries(), st.randoms(use_true_random=False))
def test_no_held_episode_is_missing_whatever_the_order_of_inputs(library: Library, dice: Random) -> None:
    found = library.told()
    shuffled = list(library.held.episodes)
    dice.shuffle(shuffled)
    again = library.told(HeldShow(library.held.item, tuple(shuffled)))
    assert (again.state, again.missing, again.order) == (found.state, found.missing, found.order)
    if found.state is not State.SUSPECT:
        assert not missing(found) & {part(episode) for episode in library.held.episodes}


@OFTEN
@given(libraries(), st.data())
def test_adding_a_held_episode_never_adds_a_gap(library: Library, data: st.DataObject) -> None:
    whole = library.held.episodes
    left = data.draw(st.integers(0, len(whole) - 1))
    fewer = library.told(HeldShow(library.held.item, whole[:left] + whole[left + 1 :]))
    found = library.told()
    if State.SUSPECT not in (fewer.state, found.state):
        assert missing(found) <= missing(fewer)


@OFTEN
@given(libraries(), st.data())
def test_union_of_two_half_libraries_equals_the_whole(library: Library, data: st.DataObject) -> None:
    first = data.draw(st.sets(st.sampled_from(library.held.episodes)))
    second = [episode for episode in library.held.episodes if episode not in first]
    ordered = [episode for episode in library.held.episodes if episode in first]
    halves = [
        HeldShow(library.held.item, tuple(ordered)),
        HeldShow(show_item("2"), tuple(replace(e, rating_key=f"2-{part(e)}") for e in second)),
    ]
    both, whole = library.told(*halves), library.told()
    if State.SUSPECT not in (both.state, whole.state) and (both.provider, both.order) == (whole.provider, whole.order):
        assert missing(both) == missing(whole)


@dataclass
class Flaky(Shelf):
    """A shelf whose questions of a number fail."""

    failing: frozenset[int] = frozenset()

    def listing(self, way: Way) -> Listing | None:
        found = super().listing(way)
        if len(self.asked) in self.failing:
            raise Unreachable("TheTVDB", "no connection")
        return found


@OFTEN
@given(libraries(), st.frozensets(st.integers(1, 4)))
def test_failed_lookup_never_turns_into_another_verdict(library: Library, failing: frozenset[int]) -> None:
    plain = library.shelf()
    flaky = Flaky(plain.listings, plain.groups, failing=failing)
    try:
        found = told([library.held], flaky)
    except Unreachable:
        return
    right = library.told()
    assert (found.state, found.missing, found.order) == (right.state, right.missing, right.order)


@contextmanager
def zone(name: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.__setitem__("TZ", before)
        time.tzset()


@pytest.mark.parametrize("name", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"])
@OFTEN
@given(library=libraries())
def test_verdict_does_not_depend_on_the_machines_time_zone(name: str, library: Library) -> None:
    right = library.told()
    with zone(name):
        found = library.told()
    assert (found.state, found.missing, found.order) == (right.state, right.missing, right.order)


LATER = (Standing.UPCOMING, Standing.JUST_AIRED, Standing.MISSING)
DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@given(
    DAYS,
    DAYS,
    st.integers(0, 24 * 3600 - 1),
    st.integers(0, 400 * 24 * 3600),
    st.integers(0, 72),
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_later_moment_only_moves_upcoming_to_just_aired_to_missing(
    aired: date, day: date, second: int, passed: int, hours: int
) -> None:
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
    rules = Rules(recent_threshold_hours=hours)
    before, after = (standing(aired, rules, moment) for moment in (now, now + timedelta(seconds=passed)))
    assert LATER.index(before) <= LATER.index(after)
