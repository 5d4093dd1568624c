"""Films and collections: the whole road against the truth that the invented world states, and its cost in requests."""

from __future__ import annotations

from typing import Any

import pytest

from plexgap.demo.truth import CollectionTruth
from plexgap.views.films import CollectionReport
from tests.scan.conftest import Install


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


@pytest.mark.parametrize("seed", [1, 2])
def test_full_scan_says_of_collections_what_the_world_states(install: Install, seed: int) -> None:
    installation = install(seed=seed)
    installation.scan()
    collections = {one.tmdb_id: one for one in installation.report.collections}
    shown = [truth for truth in installation.demo.world.collection_truths if truth.shown]
    assert {truth.tmdb_id: seen(collections[truth.tmdb_id]) for truth in shown} == {
        truth.tmdb_id: stated(truth) for truth in shown
    }
    assert set(collections) == {truth.tmdb_id for truth in shown}
