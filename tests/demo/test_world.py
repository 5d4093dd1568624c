"""The invented world and its truth: the same from the same seed, every case in it, and consistent in itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from plexgap.demo.library import ShowEntry
from plexgap.demo.listed import Number
from plexgap.demo.reach import number_in, original_of
from plexgap.demo.truth import COLLECTION_TAGS, SHOW_TAGS, ShowTruth
from plexgap.demo.world import World, make_world
from plexgap.domain.verdicts import State

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
SEEDS = (1, 2, 40)


def made(seed: int = 1, episodes: int = 2_500, now: datetime = NOW) -> World:
    return make_world(seed=seed, episodes=episodes, now=lambda: now)


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return made(seed=request.param)


def items(world: World, truth: ShowTruth) -> list[ShowEntry]:
    found = [world.library.find(key) for key in truth.rating_keys]
    assert all(isinstance(item, ShowEntry) for item in found)
    return [item for item in found if isinstance(item, ShowEntry)]


def aired_by_number(world: World, truth: ShowTruth) -> dict[tuple[int, int], str | None]:
    assert truth.tmdb_id is not None
    return {episode.number: episode.air_date for episode in world.catalogue.shows[truth.tmdb_id].episodes()}


def judged_by_tmdb(world: World) -> Iterator[ShowTruth]:
    """Titles whose truth stands in TMDB's aired order."""
    for truth in world.truths:
        if truth.state in (State.GAPS, State.COMPLETE) and (truth.provider, truth.order) == ("tmdb", "aired"):
            yield truth


def test_every_tag_and_no_other_stands_in_the_default_library_of_every_seed(world: World) -> None:
    shows = {tag for truth in world.truths for tag in truth.tags}
    assert shows == SHOW_TAGS
    collections = {tag for truth in world.collection_truths for tag in truth.tags}
    films = {tag for truth in world.films_to_map for tag in truth.tags}
    assert collections | films >= COLLECTION_TAGS


def test_the_same_seed_makes_the_same_world_and_another_one_another() -> None:
    assert made(seed=3).truths == made(seed=3).truths
    first, second = made(seed=3), made(seed=4)
    assert len({t.title for t in first.truths} & {t.title for t in second.truths}) < 20
    assert {t.tmdb_id for t in first.truths} != {t.tmdb_id for t in second.truths}


def test_the_default_is_about_75_shows_2500_episodes_300_films() -> None:
    world = made()
    assert 70 <= len(world.truths) <= 80
    assert 2_450 <= world.episodes_held <= 2_550
    assert world.movies_held == 300
    assert [section.kind for section in world.library.sections] == ["movie", "show", "show", "movie", "artist"]


@pytest.mark.parametrize(("episodes", "shows"), [(17_000, 300), (100_000, 1_500)])
def test_a_large_world_has_its_size(episodes: int, shows: int) -> None:
    world = made(episodes=episodes)
    assert world.episodes_held == pytest.approx(episodes, rel=0.01)
    assert len(world.truths) == pytest.approx(shows, rel=0.1)
    # Flat: what is kept of an episode is a share of a run, not an object of its own.
    assert sum(len(section.runs) for section in world.library.sections) < episodes / 4


def test_stated_standings_agree_with_the_dates_that_tmdb_sends(world: World) -> None:
    for truth in judged_by_tmdb(world):
        days = aired_by_number(world, truth)
        assert all((days[number] or "") < TODAY.isoformat() for number in truth.missing), truth.title
        assert all(days[number] == TODAY.isoformat() for number in truth.just_aired), truth.title
        assert all((days[number] or "") > TODAY.isoformat() for number in truth.upcoming), truth.title
        for number in truth.undated:
            assert not is_day(days[number]) or "placeholder_date" in truth.tags, truth.title


def is_day(raw: str | None) -> bool:
    try:
        return date.fromisoformat(raw or "") is not None
    except ValueError:
        return False


def test_what_is_stated_as_absent_is_not_in_plex_and_all_else_is(world: World) -> None:
    """By the catalogue's own places, which runs keep: nothing here looks at ids, titles or dates."""
    for truth in judged_by_tmdb(world):
        if truth.tags & {"multi_episode_file", "three_segments"}:
            continue
        held = {
            (run.listed.season, run.listed.number + place)
            for item in items(world, truth)
            for run in item.runs
            if run.listed is not None
            for place in range(run.count)
        }
        absent = {*truth.missing, *truth.just_aired, *truth.upcoming, *truth.undated, *truth.missing_specials}
        assert held.isdisjoint(absent), truth.title
        listed = {*aired_by_number(world, truth), *world.catalogue.shows[truth.tmdb_id or 0].tvdb_only}
        assert held | absent == listed, truth.title


def test_what_is_stated_in_another_order_is_absent_and_all_else_is_in_plex(world: World) -> None:
    """By the places the show was made with, which runs and orders keep."""
    told = [truth for truth in world.truths if truth.provider == "tvdb" or truth.order != "aired"]
    assert len(told) >= 11
    for truth in told:
        show = items(world, truth)[0].show
        held = {
            (run.listed.season, run.listed.number + place)
            for item in items(world, truth)
            for run in item.runs
            if run.listed is not None
            for place in range(run.count)
        }
        absent = {original_of(truth, show, Number(*number)) for number in truth.missing}
        assert len(absent) == len(truth.missing)
        assert held.isdisjoint(absent), truth.title
        everything = {number for season in show.seasons for number in season.numbers}
        assert held | absent | set(truth.missing_specials) == everything, truth.title
        assert all(number_in(truth, show, show.original(n).episode_id) in truth.missing for n in absent), truth.title
        assert truth.listed - truth.held == len(truth.missing), truth.title


def test_without_a_tvdb_key_each_show_is_judged_by_tmdb_or_not_at_all(world: World) -> None:
    for truth in world.truths:
        without = truth.with_keys(tvdb=False)
        assert without.provider == "tmdb", truth.title
        assert (without.rating_keys, without.tags) == (truth.rating_keys, truth.tags)
        if truth.provider == "tmdb":
            assert without is truth
        elif without.state in (State.GAPS, State.COMPLETE):
            assert without.listed - without.held == len(without.missing), truth.title
            assert set(without.missing) <= set(aired_by_number(world, without)) or without.order != "aired"
    states = {truth.without_tvdb.state for truth in world.truths if truth.without_tvdb is not None}
    assert states == {State.GAPS, State.COMPLETE, State.SUSPECT, State.NEEDS_MAPPING}


def test_what_needs_mapping_is_not_at_thetvdb_either(world: World) -> None:
    for truth in world.truths:
        if truth.state is State.NEEDS_MAPPING:
            assert items(world, truth)[0].show.tvdb_id is None, truth.title


def test_stated_counts_add_up(world: World) -> None:
    for truth in judged_by_tmdb(world):
        assert truth.listed - truth.held == len(truth.missing) + len(truth.just_aired), truth.title
        assert (truth.state is State.GAPS) == bool(truth.missing), truth.title


def test_every_collections_parts_are_held_missing_announced_or_filtered(world: World) -> None:
    held = {film.film.tmdb_id for section in world.library.sections for film in section.films}
    for truth in world.collection_truths:
        if "collection_deleted" in truth.tags:
            continue
        parts = {part: world.catalogue.films[part] for part in world.catalogue.collections[truth.tmdb_id].parts}
        filtered = {part for part, film in parts.items() if film.adult or film.video}
        assert len(held & set(parts)) == truth.held, truth.tags
        assert len(truth.missing) == truth.listed - truth.held, truth.tags
        assert held.isdisjoint({*truth.missing, *truth.announced})
        assert set(parts) == (held & set(parts)) | {*truth.missing, *truth.announced} | filtered, truth.tags


def test_films_and_shows_share_numbers_but_not_titles(world: World) -> None:
    shared = set(world.catalogue.films) & set(world.catalogue.shows)
    assert len(shared) > 20
    assert all(world.catalogue.films[number].title != world.catalogue.shows[number].name for number in shared)


def test_dates_move_with_the_day_so_that_something_airs_tomorrow() -> None:
    for day in (NOW, NOW + timedelta(days=200), datetime(2028, 2, 29, 23, 59, tzinfo=UTC)):
        world = made(now=day)
        tomorrow, today = (day.date() + timedelta(days=1)).isoformat(), day.date().isoformat()
        days = {
            raw: truth.title
            for truth in judged_by_tmdb(world)
            for number, raw in aired_by_number(world, truth).items()
            if number in (*truth.upcoming, *truth.just_aired)
        }
        assert tomorrow in days
        assert today in days


def test_rows_come_in_the_order_they_were_added_and_no_key_comes_twice(world: World) -> None:
    keys: list[int] = []
    for section in world.library.sections:
        rows = list(section.episodes(0, section.episode_count))
        assert [run.added for run, _ in rows] == sorted(run.added for run, _ in rows)
        keys += [run.key + place for run, place in rows]
        keys += [item.key for item in section.entries] + [season.key for season in section.seasons]
        keys += [film.key for film in section.films] + [thing.key for thing in section.music]
    assert len(keys) == len(set(keys))
    assert all(world.library.find(str(key)) is not None for key in keys)


def test_the_truth_is_made_without_the_comparison() -> None:
    """No file of the demo may know how the program judges."""
    import plexgap.demo

    for file in Path(plexgap.demo.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = node.module if isinstance(node, ast.ImportFrom) else None
            assert not (name or "").startswith(("plexgap.gaps", "plexgap.jobs", "plexgap.sources", "plexgap.store"))
