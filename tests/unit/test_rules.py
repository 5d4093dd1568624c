from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from plexgap.domain.decisions import Decisions, Ignore, IgnoredEpisode, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import Source, parse_guids
from plexgap.domain.verdicts import Absent, Standing
from plexgap.gaps import rules
from plexgap.gaps.rules import Rules
from tests.support import NOW, cases, numbers, show_item

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


def known(told: dict[str, Any]) -> IgnoredEpisode:
    aired = numbers(told["aired"])[0] if "aired" in told else None
    return IgnoredEpisode(
        told.get("number"), parse_guids(told.get("ids", ())), aired, told.get("title", ""), told.get("date")
    )


def way(told: dict[str, Any]) -> tuple[Source | None, str | None]:
    """The catalogue and its order: "tvdb dvd"."""
    if "in" not in told:
        return None, None
    provider, order = told["in"].split()
    return Source(provider), order


@pytest.mark.parametrize("case", cases("ignores"))
def test_ignore_covers_an_episode(case: dict[str, Any]) -> None:
    provider, order = way(case["made"])
    made = ignore(
        Level(case["made"].get("level", "episode")),
        season=case["made"].get("season"),
        episodes=tuple(known(each) for each in case["made"].get("episodes", ())),
        provider=provider,
        order=order,
    )
    told = case["seen"]
    provider, order = way(told)
    own = next(int(each.value) for each in parse_guids(told["ids"]) if each.source is provider)
    seen = Absent(
        number=numbers(told["number"])[0],
        title=told.get("title", ""),
        air_date=told.get("date"),
        episode_id=own,
        ids=frozenset(each for each in parse_guids(told["ids"]) if each.source is not provider),
        aired=numbers(told["aired"])[0] if "aired" in told else None,
    )
    found = rules.ignores_of(Decisions(ignores=(made,)), TITLE, NOW).covering(seen, provider, order)
    assert (found is made) is case["covered"]


def test_ignore_with_an_end_date_counts_through_that_day() -> None:
    made = Decisions(ignores=(ignore(Level.SHOW, until=date(2026, 11, 21)),))
    last = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
    assert rules.ignores_of(made, TITLE, last).ignores
    assert not rules.ignores_of(made, TITLE, last + timedelta(minutes=1)).ignores


def test_widest_ignore_is_the_one_that_is_told() -> None:
    narrow = ignore(Level.EPISODE, season=2, episodes=(IgnoredEpisode(5),))
    wide = ignore(Level.SHOW)
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


def test_title_without_an_id_is_found_in_any_section_once_its_own_is_not_here() -> None:
    decided = TitleRef(frozenset(), frozenset(), "Harbour Tapes", 2019, "gone")
    there = rules.title_ref((show_item(title="Harbour Tapes", guid="local://12", guids=()),))
    assert not rules.same_title(decided, there)
    assert not rules.same_title(rules.here(decided, frozenset({"gone", "tv"})), there)
    assert rules.same_title(rules.here(decided, frozenset({"tv"})), there)
    assert not rules.same_title(replace(rules.here(decided, frozenset({"tv"})), year=2020), there)


def test_title_with_an_id_is_known_by_that_wherever_its_section_went() -> None:
    decided = TitleRef(parse_guids(["tmdb://2"]), frozenset(), "The Lantern Keepers", 2019, "gone")
    assert rules.here(decided, frozenset({"tv"})) is decided
    assert not rules.same_title(rules.here(decided, frozenset({"tv"})), rules.title_ref((show_item(),)))


def test_newest_override_is_in_force() -> None:
    older = Override(TITLE, NOW - timedelta(days=1), 7)
    newer = Override(TITLE, NOW, 9)
    assert rules.override_of(Decisions(overrides=(newer, older)), TITLE) is newer


def test_what_was_said_of_one_item_counts_for_the_title_it_belongs_to() -> None:
    tapes = show_item("2", title="Harbour Tapes", guid="local://2", guids=())
    items = (show_item("1"), tapes)
    older = Override(rules.title_ref((tapes,)), NOW - timedelta(days=1), 7)
    assert rules.said_of(Decisions(overrides=(older,)), items) is older
    whole = Override(TITLE, NOW - timedelta(days=2), policy="held_seasons")
    assert rules.said_of(Decisions(overrides=(older, whole)), items) is whole
    assert rules.said_of(Decisions(), items) is None


def test_episode_that_came_due_after_plex_was_read_is_said_to_be() -> None:
    read = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert rules.came_due_since(date(2026, 11, 20), Rules(), read, NOW)
    assert not rules.came_due_since(date(2026, 11, 10), Rules(), read, NOW)
    assert not rules.came_due_since(date(2026, 11, 21), Rules(), read, NOW)
