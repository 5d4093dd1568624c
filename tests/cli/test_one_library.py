"""`--library`: what is printed is narrowed to one library, what is there is not. A title that another library holds a
part of lacks no more of it than without the option."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from plexgap.demo.world import World
from tests.cli.running import Cli

SAID = ("state", "reason", "held", "listed", "missing", "just_aired", "upcoming", "libraries", "extra")


def told(cli: Cli, *args: str) -> Mapping[str, Mapping[str, Any]]:
    """What is said of each show, by its rating keys."""
    done = cli(*args, "--format", "json")
    assert done.code in (0, 1, 3), done.err
    return {
        " ".join(show["plex_rating_keys"]): {name: show.get(name) for name in SAID}
        for show in json.loads(done.out)["shows"]
    }


@pytest.mark.parametrize("mode", ["incremental", "full"])
@pytest.mark.parametrize("library", ["Anime", "TV Shows"])
def test_episodes_of_one_library_are_judged_with_what_the_others_hold(
    library: str, mode: str, home: Cli, world: World
) -> None:
    before = told(home, "gaps")
    inside = told(home, "episodes", "--library", library, "--mode", mode)
    both = [truth for truth in world.truths if {"show_in_two_sections", "two_orders"} & set(truth.tags)]
    assert {" ".join(truth.rating_keys) for truth in both} <= inside.keys()
    assert inside == {keys: said for keys, said in before.items() if library in said["libraries"]}
    assert told(home, "gaps") == before
    assert told(home, "export", "json", "--library", library) == inside


def test_films_of_one_library_are_judged_with_what_the_others_hold(home: Cli, world: World) -> None:
    def lacking(*args: str) -> Mapping[int, list[int]]:
        found = json.loads(home(*args, "--format", "json").out)["collections"]
        return {one["tmdb_id"]: [film["tmdb_id"] for film in one["missing"]] for one in found}

    before = lacking("gaps")
    (truth,) = [truth for truth in world.collection_truths if "film_in_two_libraries" in truth.tags]
    inside = lacking("movies", "--library", "Movies 4K", "--mode", "full")
    assert inside == {truth.tmdb_id: before[truth.tmdb_id]}
    everywhere = lacking("movies", "--library", "Movies")
    assert everywhere.items() <= before.items()
    assert lacking("gaps") == before
