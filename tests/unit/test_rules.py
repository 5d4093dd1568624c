from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from plexgap.domain.decisions import Decisions, Ignore, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import Source, parse_guids
from plexgap.domain.verdicts import Absent, Standing
from plexgap.gaps import rules
from plexgap.gaps.rules import Rules
from tests.support import NOW, cases, show_item

TITLE = TitleRef(ids=parse_guids(["tmdb://1"]), guids=frozenset(), title="The Lantern Keepers", year=2019)
ABSENT = Absent(EpisodeNumber(2, 5), "Salt and Iron", date(2020, 1, 1), 20006)


@pytest.mark.parametrize("case", cases("standings"))
def test_standing_of_an_absent_episode(case: dict[str, Any]) -> None:
    now = datetime.fromisoformat(case["now"]) if "now" in case else NOW
    settings = Rules(recent_threshold_hours=case.get("threshold", 24), exclude_future=not case.get("future", False))
    found = rules.standing(case["air_date"], settings, now, ignored=case.get("ignored", False))
    assert found == Standing(case["standing"])


def test_standing_only_moves_forward_with_time() -> None:
    order = [Standing.UPCOMING, Standing.JUST_AIRED, Standing.MISSING]
    moments = [datetime(2026, 11, 19, tzinfo=UTC) + timedelta(hours=hour) for hour in range(72)]
    seen = [order.index(rules.standing(date(2026, 11, 20), Rules(), moment)) for moment in moments]
    assert seen == sorted(seen)
    assert set(seen) == {0, 1, 2}


def ignore(level: Level, **given: Any) -> Ignore:
    return Ignore(key="k", title=TITLE, level=level, made_at=NOW, **given)


@pytest.mark.parametrize(
    ("made", "covered"),
    [
        pytest.param(ignore(Level.SHOW), True, id="the show"),
        pytest.param(ignore(Level.SEASON, season=2), True, id="its season"),
        pytest.param(ignore(Level.SEASON, season=3), False, id="another season"),
        pytest.param(ignore(Level.EPISODE, season=2, numbers=(4, 5)), True, id="its number"),
        pytest.param(ignore(Level.EPISODE, season=2, numbers=(6,)), False, id="another number"),
        pytest.param(ignore(Level.EPISODE, season=2, numbers=(5,), order="dvd"), False, id="number in another order"),
        pytest.param(
            ignore(Level.EPISODE, season=9, numbers=(9,), episode_ids=frozenset({20006}), provider=Source.TMDB),
            True,
            id="its id wins over the number it had",
        ),
        pytest.param(
            ignore(Level.EPISODE, season=2, numbers=(5,), episode_ids=frozenset({777}), provider=Source.TMDB),
            False,
            id="the number now belongs to another episode",
        ),
        pytest.param(
            ignore(Level.EPISODE, season=2, numbers=(5,), episode_ids=frozenset({20006}), provider=Source.TVDB),
            True,
            id="an id of another catalogue says nothing, the number does",
        ),
    ],
)
def test_ignore_covers_an_episode(made: Ignore, covered: bool) -> None:
    found = rules.ignores_of(Decisions(ignores=(made,)), TITLE, NOW).covering(ABSENT, Source.TMDB, "aired")
    assert (found is not None) is covered


def test_ignore_with_an_end_date_counts_through_that_day() -> None:
    made = Decisions(ignores=(ignore(Level.SHOW, until=date(2026, 11, 21)),))
    last = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
    assert rules.ignores_of(made, TITLE, last).ignores
    assert not rules.ignores_of(made, TITLE, last + timedelta(minutes=1)).ignores


def test_widest_ignore_is_the_one_that_is_told() -> None:
    narrow, wide = ignore(Level.EPISODE, season=2, numbers=(5,)), ignore(Level.SHOW)
    found = rules.ignores_of(Decisions(ignores=(narrow, wide)), TITLE, NOW).covering(ABSENT, Source.TMDB, "aired")
    assert found is wide


@pytest.mark.parametrize(
    ("decided", "same"),
    [
        pytest.param(TITLE, True, id="equal id"),
        pytest.param(
            TitleRef(parse_guids(["tmdb://2"]), frozenset(), "The Lantern Keepers", 2019), False, id="other id"
        ),
        pytest.param(TitleRef(frozenset(), frozenset({"plex://show/a"}), "Other", None), True, id="equal guid"),
        pytest.param(TitleRef(frozenset(), frozenset(), "the lantern keepers", 2019, "tv"), True, id="had no id yet"),
        pytest.param(
            TitleRef(frozenset(), frozenset(), "The Lantern Keepers", 2019, "kids"), False, id="other section"
        ),
        pytest.param(TitleRef(frozenset(), frozenset(), "The Lantern Keepers", 1999, "tv"), False, id="other year"),
    ],
)
def test_decision_finds_its_title(decided: TitleRef, same: bool) -> None:
    assert rules.same_title(decided, rules.title_ref((show_item(guid="plex://show/a"),))) is same


def test_local_guid_is_no_identity_on_another_server() -> None:
    assert rules.title_ref((show_item(guid="local://12", guids=()),)).guids == frozenset()


def test_newest_override_is_in_force() -> None:
    older = Override(TITLE, NOW - timedelta(days=1), 7)
    newer = Override(TITLE, NOW, 9)
    assert rules.override_of(Decisions(overrides=(newer, older)), TITLE) is newer


def test_episode_that_came_due_after_plex_was_read_is_said_to_be() -> None:
    read = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert rules.came_due_since(date(2026, 11, 20), Rules(), read, NOW)
    assert not rules.came_due_since(date(2026, 11, 10), Rules(), read, NOW)
    assert not rules.came_due_since(date(2026, 11, 21), Rules(), read, NOW)
