"""`--library`: what is printed is narrowed to one library, what is there is not. A title that another library holds a
part of lacks no more of it than without the option."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import World, make_world
from tests.cli.running import Cli
from tests.support import FEW_FILMS, unlimited

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


def test_films_of_one_library_are_judged_with_what_the_others_hold(tmp_path: Path) -> None:
    """Of a collection that is whole, one film lies in each of two libraries."""
    world = make_world(1, films=FEW_FILMS)
    truth = next(truth for truth in world.collection_truths if (truth.held, truth.listed) == (2, 2))
    second = world.catalogue.collections[truth.tmdb_id].parts[1]
    with DemoServers(world) as demo:
        demo.change.move_to_library(world.catalogue.films[second].title, "Movies 4K")
        home = Cli.at(unlimited(tmp_path), demo.exports())

        def lacking(*args: str) -> Mapping[int, list[int]]:
            found = json.loads(home(*args, "--format", "json").out)["collections"]
            return {one["tmdb_id"]: [film["tmdb_id"] for film in one["missing"]] for one in found}

        everywhere = lacking("scan", "--only", "movies")
        assert everywhere[truth.tmdb_id] == []
        for library in ("Movies", "Movies 4K"):
            inside = lacking("movies", "--library", library, "--mode", "full")
            assert truth.tmdb_id in inside
            assert all(inside[number] == everywhere[number] for number in inside)
        assert lacking("gaps") == everywhere
