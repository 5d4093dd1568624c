"""Films and collections: the whole road against the truth that the invented world states, and its cost in requests."""

from __future__ import annotations

from typing import Any

import pytest

from plexgap.demo.truth import COLLECTION_TAGS, CollectionTruth, FilmTruth
from plexgap.demo.world import DEFAULT_FILMS
from plexgap.domain.events import RunDone, RunStatus
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import State
from plexgap.jobs.scan import Mode
from plexgap.views.films import CollectionReport
from tests.scan.conftest import Install, Installation

FILMS = Kind.MOVIE


def seen(collection: CollectionReport) -> dict[str, Any]:
    """What the scan says of a collection, in the words of a truth."""
    return {
        "name": collection.name,
        "state": collection.state,
        "held": collection.held,
        "listed": collection.listed,
        "missing": tuple(line.tmdb_id for line in collection.missing),
        "announced": tuple(line.tmdb_id for line in collection.announced),
    }


def stated(truth: CollectionTruth) -> dict[str, Any]:
    return {name: getattr(truth, name) for name in ("name", "state", "held", "listed", "missing", "announced")}


def truth_of(installation: Installation, tag: str) -> CollectionTruth:
    return next(truth for truth in installation.demo.world.collection_truths if tag in truth.tags)


def collection(installation: Installation, number: int) -> CollectionReport:
    return next(one for one in installation.report.collections if one.tmdb_id == number)


def films(installation: Installation, mode: Mode | None = Mode.FULL, **plan: Any) -> RunDone:
    """A check of films alone."""
    return installation.scan(mode, only=FILMS, **plan)


def states(installation: Installation) -> dict[int, dict[str, Any]]:
    return {one.tmdb_id: seen(one) for one in installation.report.collections}


def asked(installation: Installation, pattern: str) -> int:
    return len(installation.demo.knobs["tmdb"].matching(pattern))


# ---------------------------------------------------------------- the truth


@pytest.mark.parametrize(("seed", "count"), [(1, 300), (2, 300), (3, 2_000)])
def test_full_scan_says_of_collections_what_the_world_states(install: Install, seed: int, count: int) -> None:
    installation = install(seed=seed, films=count)
    films(installation)
    shown = [truth for truth in installation.demo.world.collection_truths if truth.shown]
    assert states(installation) == {truth.tmdb_id: stated(truth) for truth in shown}
    tally = installation.report.films.tally
    assert tally.collections == tally.complete + tally.with_gaps + tally.unknown
    assert tally.missing == sum(len(truth.missing) for truth in shown)
    assert tally.announced == sum(len(truth.announced) for truth in shown)
    assert tally.unknown == tally.unknown_films == 0


def test_films_without_an_id_are_found_by_title_or_need_mapping(install: Install) -> None:
    installation = install()
    films(installation)
    truths: tuple[FilmTruth, ...] = installation.demo.world.films_to_map
    unmapped = {film.rating_keys: film for film in installation.report.films.open}
    assert set(unmapped) == {truth.rating_keys for truth in truths if truth.found_by_title is None}
    assert {film.state for film in unmapped.values()} == {State.NEEDS_MAPPING}
    checks = installation.house.index.film_checks()
    (found,) = [truth for truth in truths if truth.found_by_title is not None]
    assert checks[found.rating_keys[0]].film_id == found.found_by_title
    assert checks[found.rating_keys[0]].reason == "Found by its title and year. Plex knows no id for it."


def test_a_film_counts_once_whatever_its_editions_and_libraries(install: Install) -> None:
    installation = install()
    films(installation)
    for tag, copies in (("film_twice_in_editions", 2), ("film_in_two_libraries", 2)):
        first, *_ = collection(installation, truth_of(installation, tag).tmdb_id).lines
        assert len(first.rating_keys) == copies
    first, *_ = collection(installation, truth_of(installation, "film_in_two_libraries").tmdb_id).lines
    assert first.libraries == ("Movies", "Movies 4K")


def test_a_collection_that_tmdb_deleted_is_no_gap_and_not_unknown(install: Install) -> None:
    installation = install()
    done = films(installation)
    truth = truth_of(installation, "collection_deleted")
    assert truth.tmdb_id not in states(installation)
    assert [gone.tmdb_id for gone in installation.report.films.gone] == [truth.tmdb_id]
    assert done.status is RunStatus.OK


def test_missing_films_lead_to_their_page_by_imdb_id(install: Install) -> None:
    installation = install()
    films(installation)
    truth = truth_of(installation, "one_of_many")
    for line in collection(installation, truth.tmdb_id).missing:
        film = installation.demo.world.catalogue.films[line.tmdb_id]
        assert line.imdb_id == film.imdb_id
        assert [link.url for link in line.links] == [f"https://debridmediamanager.com/movie/{film.imdb_id}"]


def test_every_case_of_films_and_collections_is_in_the_world(install: Install) -> None:
    world = install().demo.world
    tags = [truth.tags for truth in world.collection_truths] + [truth.tags for truth in world.films_to_map]
    assert frozenset().union(*tags) >= COLLECTION_TAGS


# ---------------------------------------------------------------- what it costs


def test_first_scan_asks_far_less_than_a_question_for_each_film(install: Install) -> None:
    installation = install(films=2_000)
    films(installation)
    world = installation.demo.world
    begun = len(world.collection_truths)
    assert (world.movies_held, begun) == (2_000, 208)
    looked_up = asked(installation, r"^/3/(find|search)/")
    details = sum(len(one.missing) for one in installation.report.collections)
    about_films = asked(installation, r"^/3/movie/") - details
    # One film of each collection, and each film of none.
    assert (about_films, looked_up, details) == (1_408, 4, 109)
    assert asked(installation, r"^/3/collection/") == begun
    assert installation.asked("tmdb") == about_films + looked_up + begun + details < 0.8 * (2_000 + begun)


@pytest.mark.parametrize("mode", [Mode.INCREMENTAL, Mode.REFRESH])
def test_a_second_scan_within_freshness_asks_nothing_and_writes_nothing(install: Install, mode: Mode) -> None:
    installation = install(films=DEFAULT_FILMS)
    films(installation)
    before = states(installation)
    installation.forget_requests()
    installation.clock.pass_by(hours=20)
    done = films(installation, mode)
    assert installation.asked("tmdb") == 0
    assert states(installation) == before
    assert done.stats is not None
    assert done.stats.rows_written == 0
