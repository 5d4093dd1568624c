"""The commands about films and collections, against the invented library behind its real servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plexgap.demo.servers import DemoServers
from plexgap.demo.truth import CollectionTruth
from plexgap.demo.world import World
from tests.cli.running import Cli


def truth_of(world: World, tag: str) -> CollectionTruth:
    return next(truth for truth in world.collection_truths if tag in truth.tags)


def found(cli: Cli, truth: CollectionTruth) -> dict[str, Any]:
    made = json.loads(cli("gaps", "--only", "movies", "--format", "json").out)
    (one,) = [one for one in made["collections"] if one["tmdb_id"] == truth.tmdb_id]
    assert isinstance(one, dict)
    return one


def title(world: World, number: int) -> str:
    return world.catalogue.films[number].title


def test_movies_scans_the_films_alone_and_prints_what_collections_lack(
    tmp_path: Path, demo: DemoServers, world: World
) -> None:
    cli = Cli.at(tmp_path, demo.exports())
    done = cli("movies", "--format", "json")
    made = json.loads(done.out)
    assert done.code == 1
    assert (made["shows"], made["mode"], made["suspect"]) == ([], "full", [])
    stated = {truth.tmdb_id: list(truth.missing) for truth in world.collection_truths if truth.shown}
    assert {one["tmdb_id"]: [film["tmdb_id"] for film in one["missing"]] for one in made["collections"]} == stated
    assert [one["kind"] for one in made["needs_mapping"]] == ["movie"]
    truth = truth_of(world, "one_of_many")
    lines = cli("movies", "-v").out.splitlines()
    start = lines.index(f"{truth.name} (missing 5 of 6):")
    film = world.catalogue.films[truth.missing[0]]
    assert lines[start + 1] == f"    - {film.title} ({film.year})"
    assert not any("episode" in line or "show" in line for line in lines)


def test_movies_of_one_library_are_those_alone(home: Cli, world: World) -> None:
    done = home("movies", "--library", "movies 4k", "--format", "json")
    truth = truth_of(world, "film_in_two_libraries")
    assert {one["tmdb_id"] for one in json.loads(done.out)["collections"]} == {truth.tmdb_id}
    assert home("movies", "--library", "Cartoons").code == 2


def test_only_says_which_kind_is_printed(scanned: tuple[Cli, Any]) -> None:
    cli, made = scanned
    both = json.loads(cli("gaps", "--format", "json").out)
    shows = json.loads(cli("gaps", "--only", "shows", "--format", "json").out)
    movies = json.loads(cli("gaps", "--only", "movies", "--format", "json").out)
    assert both["collections"] == movies["collections"] == made["collections"] != []
    assert both["shows"] == shows["shows"] != []
    assert shows["collections"] == movies["shows"] == []


def test_an_ignored_film_and_an_ignored_collection_come_back(home: Cli, world: World) -> None:
    truth = truth_of(world, "one_of_many")
    film = title(world, truth.missing[0])
    done = home("ignore", film, "--movie", "--reason", "a recap")
    assert (done.code, done.out) == (0, f"Ignored the film {film} ({world.catalogue.films[truth.missing[0]].year}).\n")
    assert [one["reason"] for one in found(home, truth)["ignored"]] == ["a recap"]
    assert len(found(home, truth)["missing"]) == 4
    done = home("ignore", truth.name.removesuffix(" Collection"), "--collection", "--until", "2199-01-01")
    assert done.out == f"Ignored the whole collection {truth.name} until 2199-01-01.\n"
    assert (found(home, truth)["state"], len(found(home, truth)["ignored"])) == ("complete", 5)
    assert home("unignore", truth.name, "--collection").code == 0
    assert len(found(home, truth)["missing"]) == 4
    told = json.loads(home("unignore", film, "--movie", "--format", "json").out)
    assert [one["level"] for one in told["ignores"]] == ["movie"]
    assert len(found(home, truth)["missing"]) == 5
    again = home("unignore", film, "--movie")
    assert (again.code, again.out) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--movie", "--collection"), "either --movie or --collection"),
        (("--movie", "--season", "1"), "no seasons and no episodes"),
        (("--movie",), "There is no title"),
        (("--collection",), "There is no title"),
    ],
)
def test_what_can_not_be_ignored_is_said(home: Cli, arguments: tuple[str, ...], told: str) -> None:
    done = home("ignore", "Nothing Of That Name", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_a_film_is_what_the_person_says_until_that_is_taken_back(home: Cli, world: World) -> None:
    truth = truth_of(world, "one_of_many")
    (unmapped,) = [film for film in world.films_to_map if film.found_by_title is None]
    number = truth.missing[0]
    done = home("override", unmapped.title, "--movie", "--tmdb", number)
    film = world.catalogue.films[number]
    assert done.out == f"{unmapped.title} is now TMDB {number}: {film.title} ({film.year}).\n"
    assert found(home, truth)["held"] == truth.held + 1
    assert home("override", unmapped.title, "--movie", "--clear").code == 0
    assert found(home, truth)["held"] == truth.held
    assert home("override", unmapped.title, "--movie", "--clear").code == 2
    assert home("override", unmapped.title, "--movie", "--tmdb", 999_999_999).code == 2
    refused = home("override", unmapped.title, "--movie", "--order", "dvd")
    assert (refused.code, "only --tmdb" in refused.err) == (2, True)


def test_why_is_answered_for_a_collection_and_for_a_film_without_an_id(scanned: tuple[Cli, Any], world: World) -> None:
    cli, _ = scanned
    truth = truth_of(world, "one_of_many")
    why = cli("gaps", "--why", truth.name).out
    assert why.startswith(
        f"{truth.name}: gaps\n  Collection {truth.tmdb_id} of TMDB: 1 of 6 released films are held.\n"
    )
    assert f"TMDB lists it as film {truth.missing[0]} of {truth.name}" in why
    (unmapped,) = [film for film in world.films_to_map if film.found_by_title is None]
    assert "TMDB knows no film of its name" in cli("gaps", "--why", unmapped.title).out
    narrowed = json.loads(cli("gaps", "--why", truth.name, "--format", "json").out)
    assert ([one["tmdb_id"] for one in narrowed["collections"]], narrowed["shows"]) == ([truth.tmdb_id], [])
