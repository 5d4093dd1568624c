"""The whole road against the truth that the invented world states of itself."""

from __future__ import annotations

from typing import Any

import pytest

from plexgap.demo.truth import ShowTruth
from plexgap.demo.world import DEFAULT_EPISODES, DEFAULT_FILMS
from plexgap.domain.ids import Source, first_id
from plexgap.domain.verdicts import Standing, State
from plexgap.views.report import EpisodeLine, ShowReport
from tests.scan.conftest import Install, Installation


def numbers(lines: tuple[EpisodeLine, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((line.number.season, line.number.number) for line in lines)


def seen(show: ShowReport) -> dict[str, Any]:
    """What the scan says of a show, in the words of a truth."""
    told: dict[str, Any] = {
        "title": show.title,
        "state": show.state,
        "rating_keys": frozenset(show.rating_keys),
        "libraries": frozenset(show.libraries),
    }
    if show.state in (State.NEEDS_MAPPING, State.SUSPECT):
        return told
    return told | {
        "tmdb_id": int(known) if (known := first_id(show.ids, Source.TMDB)) is not None else None,
        "group": show.group,
        "missing": numbers(show.missing),
        "just_aired": numbers(show.of(Standing.JUST_AIRED)),
        "upcoming": numbers(show.of(Standing.UPCOMING)),
        "undated": numbers(show.of(Standing.UNDATED)),
        "held": show.held,
        "listed": show.listed,
    }


def stated(truth: ShowTruth) -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": truth.title,
        "state": truth.state,
        "rating_keys": frozenset(truth.rating_keys),
        "libraries": frozenset(truth.libraries),
    }
    if truth.state in (State.NEEDS_MAPPING, State.SUSPECT):
        return told
    return told | {
        name: getattr(truth, name)
        for name in ("tmdb_id", "group", "missing", "just_aired", "upcoming", "undated", "held", "listed")
    }


@pytest.mark.parametrize(
    ("seed", "episodes"),
    [
        pytest.param(1, DEFAULT_EPISODES, id="the default library"),
        pytest.param(2, DEFAULT_EPISODES, id="a second seed"),
        pytest.param(1, 17_000, id="17,000 episodes"),
    ],
)
def test_full_scan_says_what_the_world_states(install: Install, seed: int, episodes: int) -> None:
    installation = install(seed=seed, episodes=episodes, films=DEFAULT_FILMS)
    installation.scan()
    shows = {key: show for show in installation.report.shows for key in show.rating_keys}
    judged = installation.demo.world.truths
    assert {truth.title: seen(shows[truth.rating_keys[0]]) for truth in judged} == {
        truth.title: stated(truth) for truth in judged
    }
    assert len(installation.report.shows) == len(installation.demo.world.truths)


def test_title_that_two_shows_have_is_asked_about_with_both(install: Install) -> None:
    installation = install()
    installation.scan()
    world = installation.demo.world
    (truth,) = [truth for truth in world.truths if "two_of_that_name" in truth.tags]
    ids = {other.tmdb_id for other in world.truths if "same_name" in other.tags}
    shows = {key: show for show in installation.report.shows for key in show.rating_keys}
    show = shows[truth.rating_keys[0]]
    assert {candidate.show_id for candidate in show.candidates} == ids
    assert {candidate.title for candidate in show.candidates} == {truth.title}
    assert show.reason == "Plex knows no id for it, and two series fit its name."
    unmapped = [other for other in world.truths if other.state is State.NEEDS_MAPPING]
    for other in unmapped:
        assert other.reason_hint in (shows[other.rating_keys[0]].reason or "")


def test_specials_count_apart_and_only_when_wanted(install: Install) -> None:
    installation = install()
    installation.scan()
    (truth,) = [t for t in installation.demo.world.truths if t.missing_specials][:1]
    before = installation.show(truth.title)
    assert before.specials is None
    installation.open(**{"options.exclude_specials": False})
    after = installation.show(truth.title)
    assert after.specials is not None
    assert numbers(after.specials.missing) == truth.missing_specials
    assert (after.held, after.listed) == (before.held, before.listed)


@pytest.mark.parametrize("policy", ["everything", "from_first_held", "held_seasons", "from:S02E04", "latest_season"])
def test_policy_says_what_is_wanted_of_a_show(checked: Installation, policy: str) -> None:
    (truth,) = checked.demo.world.tagged("policy")
    checked.open(**{"options.missing_policy": policy})
    show = checked.show(truth.title)
    assert numbers(show.missing) == truth.by_policy[policy]
    assert show.listed - show.held == len(show.missing)


def test_numbers_of_the_tally_add_up(install: Install) -> None:
    installation = install()
    installation.scan()
    tally = installation.report.tally
    assert tally.shows == tally.complete + tally.with_gaps + tally.need_you
    assert tally.with_gaps == tally.shows_ongoing + tally.shows_archived
    gaps = [show for show in installation.report.shows if show.state is State.GAPS]
    assert tally.missing_ongoing + tally.missing_archived == sum(len(show.missing) for show in gaps)
