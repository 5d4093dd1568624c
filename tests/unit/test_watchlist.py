"""Which titles a watchlist puts in scope, and the file in which it is kept."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from plexgap.domain.errors import StoreError
from plexgap.domain.ids import ExternalId, Source, parse_guids
from plexgap.domain.library import Kind
from plexgap.domain.watchlist import Watchlist, WatchlistItem
from plexgap.gaps.match import Title, group_titles
from plexgap.gaps.watchlist import narrowed, to_look_up
from plexgap.store.watchlist import WatchlistStore
from tests.support import NOW, cases, show_item


def listed(case: dict[str, Any]) -> Watchlist:
    return Watchlist(
        shows=tuple(
            WatchlistItem(letter, f"plex://show/{letter}", Kind.SHOW, title, year, parse_guids(*ids))
            for letter, (title, year, *rest) in case["list"].items()
            for ids in [rest or [[]]]
        ),
        read_at=NOW,
        looked_up={letter: parse_guids(ids) for letter, ids in case.get("looked_up", {}).items()},
    )


def library(case: dict[str, Any]) -> tuple[Title, ...]:
    def guid(text: str, key: str) -> str:
        if text == "legacy":
            return f"com.plexapp.agents.thetvdb://{key}?lang=en"
        return text if not text or "://" in text else f"plex://show/{text}"

    return group_titles(
        show_item(str(key), title=title, year=year, guid=guid(letter, str(key)), guids=ids)
        for key, (title, year, letter, ids) in case["library"].items()
    )


@pytest.mark.parametrize("case", cases("watchlist"))
def test_shows_that_a_watchlist_names(case: dict[str, Any]) -> None:
    titles, shows_of = library(case), {str(key): show for key, show in case.get("shows_of", {}).items()}
    found = narrowed(titles, listed(case), shows_of)
    assert [int(key) for title in found.titles for key in title.rating_keys] == case["scope"]
    assert found.found == case.get("found", len(case["scope"]))
    assert [item.rating_key for item in to_look_up(titles, listed(case))] == case.get("ask", [])


@pytest.mark.parametrize("case", cases("watchlist"))
def test_scope_does_not_depend_on_the_order_of_the_list_or_the_library(case: dict[str, Any]) -> None:
    shows_of = {str(key): show for key, show in case.get("shows_of", {}).items()}
    turned = {**case, "list": dict(reversed(case["list"].items())), "library": case["library"]}
    before = narrowed(library(case), listed(case), shows_of)
    after = narrowed(tuple(reversed(library(case))), listed(turned), shows_of)
    assert (set(after.titles), after.found) == (set(before.titles), before.found)


# The file

LIST = Watchlist(
    shows=(
        WatchlistItem("5d9c", "plex://show/5d9c", Kind.SHOW, 'Der Fährmann "zwei" 🛶', 2019),
        WatchlistItem(
            *("5d9d", "plex://show/5d9d", Kind.SHOW, "Umbra", None), ids=frozenset({ExternalId(Source.TMDB, "7")})
        ),
    ),
    read_at=datetime(2026, 11, 21, 8, 30, 5, 123456, tzinfo=UTC),
    looked_up={"5d9c": frozenset({ExternalId(Source.IMDB, "tt0903747")}), "5d9e": frozenset()},
    problem="plex.tv did not answer.",
    is_old=True,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "watchlist.json"


def test_list_comes_back_as_it_was_saved(path: Path) -> None:
    assert WatchlistStore(path).load() is None
    WatchlistStore(path).save(LIST)
    assert WatchlistStore(path).load() == LIST


def test_what_somebody_wants_to_watch_is_the_users_alone_and_can_be_read_by_a_person(path: Path) -> None:
    WatchlistStore(path).save(LIST)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "Der Fährmann" in path.read_text(encoding="utf-8")


def test_stamp_moves_with_every_save(path: Path) -> None:
    store = WatchlistStore(path)
    assert store.stamp() is None
    store.save(LIST)
    first = store.stamp()
    store.save(LIST)
    assert first is not None
    assert store.stamp() != first


def test_dropped_list_is_gone(path: Path) -> None:
    store = WatchlistStore(path)
    store.save(LIST)
    assert store.drop()
    assert store.load() is None
    assert not store.drop()


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda text: text[:40], id="cut off"),
        pytest.param(lambda text: text.replace('"form": 1', '"form": 2'), id="of a later form"),
        pytest.param(lambda text: text.replace('"shows": [', '"shows": [7, '), id="with something else in it"),
        pytest.param(lambda text: json.dumps({"form": 1}), id="without its list"),
    ],
)
def test_file_that_cannot_be_understood_counts_as_absent_and_is_replaced(broken: Any, path: Path) -> None:
    store = WatchlistStore(path)
    store.save(LIST)
    path.write_text(broken(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert store.load() is None
    store.save(LIST)
    assert store.load() == LIST


def test_list_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StoreError, match=r"watchlist\.json"):
        WatchlistStore(tmp_path / "cache" / "watchlist.json").save(LIST)
