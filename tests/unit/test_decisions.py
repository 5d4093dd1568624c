from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from plexgap.domain.decisions import Decisions, Ignore, Level, Override, TitleRef
from plexgap.domain.errors import StoreError
from plexgap.domain.ids import ExternalId, Source
from plexgap.store.decisions import DecisionStore

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LANTERN = TitleRef(
    ids=frozenset({ExternalId(Source.TMDB, "5"), ExternalId(Source.IMDB, "tt0000005")}),
    guids=frozenset({"plex://show/aa"}),
    title="The Lantern Keepers",
    year=2015,
)
WOLVES = TitleRef(ids=frozenset({ExternalId(Source.TVDB, "7")}), guids=frozenset(), title="Wölfe & <b>Papier</b>")


def ignore(key: str, title: TitleRef = LANTERN) -> Ignore:
    return Ignore(
        key=key,
        title=title,
        level=Level.EPISODE,
        made_at=NOW,
        season=1,
        numbers=(3, 110),
        episode_ids=frozenset({900, 901}),
        provider=Source.TMDB,
        order="aired",
        until=date(2027, 1, 1),
        reason="only the recap",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "decisions.json"


@pytest.fixture
def open_store(path: Path) -> Callable[[], DecisionStore]:
    return lambda: DecisionStore(path, lambda: NOW)


OpenStore = Callable[[], DecisionStore]


def test_without_a_file_nothing_is_decided_and_nothing_is_written(open_store: OpenStore, path: Path) -> None:
    assert open_store().load() == Decisions()
    assert not path.exists()


def test_every_field_comes_back_as_it_was_kept(open_store: OpenStore) -> None:
    kept = ignore("one")
    override = Override(WOLVES, NOW, 42, "Wölfe (2019)")
    store = open_store()
    store.add_ignore(kept)
    store.set_override(override)
    assert open_store().load() == Decisions((kept,), (override,))


def test_the_file_is_private_and_readable_by_a_person(open_store: OpenStore, path: Path) -> None:
    open_store().add_ignore(ignore("one", WOLVES))
    assert path.stat().st_mode & 0o777 == 0o600
    assert '\n    "title": "Wölfe & <b>Papier</b>",\n' in path.read_text(encoding="utf-8")


def test_an_ignore_taken_back_is_returned_and_gone(open_store: OpenStore) -> None:
    store = open_store()
    store.add_ignore(ignore("one"))
    store.add_ignore(ignore("two"))
    assert store.remove_ignore("one") == ignore("one")
    assert store.remove_ignore("one") is None
    assert open_store().load().ignores == (ignore("two"),)


def test_an_override_replaces_the_one_of_the_same_title_only(open_store: OpenStore) -> None:
    store = open_store()
    store.set_override(Override(LANTERN, NOW, 1))
    store.set_override(Override(WOLVES, NOW, 2))
    same = replace(LANTERN, ids=frozenset({ExternalId(Source.TMDB, "5")}), guids=frozenset())
    store.set_override(Override(same, NOW, 3))
    assert [override.tmdb_id for override in store.load().overrides] == [3, 2]
    assert store.clear_override(LANTERN) == Override(same, NOW, 3)
    assert store.clear_override(LANTERN) is None
    assert [override.tmdb_id for override in open_store().load().overrides] == [2]


def test_what_another_process_wrote_is_seen_and_kept(open_store: OpenStore) -> None:
    one, other = open_store(), open_store()
    one.load()
    other.add_ignore(ignore("other"))
    one.add_ignore(ignore("one"))
    assert [kept.key for kept in one.load().ignores] == ["other", "one"]
    assert other.load() == one.load()


def _add_many(path: Path, prefix: str) -> None:
    store = DecisionStore(path, lambda: NOW)
    for number in range(15):
        store.add_ignore(ignore(f"{prefix}-{number}"))


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_add_many, args=(path, name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    kept = {entry.key for entry in DecisionStore(path, lambda: NOW).load().ignores}
    assert kept == {f"{name}-{number}" for name in ("a", "b") for number in range(15)}


@pytest.mark.parametrize(
    "broken", [b"", b'{"version": 1, "ignores": [', b"[]", b"{}", b'{"version": 1, "ignores": 5}', b"\xff"]
)
def test_a_broken_file_is_set_aside_and_the_last_good_copy_used(
    open_store: OpenStore, path: Path, broken: bytes
) -> None:
    open_store().add_ignore(ignore("one"))
    open_store().add_ignore(ignore("two"))
    path.write_bytes(broken)
    store = open_store()
    assert [kept.key for kept in store.load().ignores] == ["one", "two"]
    assert path.with_name("decisions.json.broken-20261121T080000").read_bytes() == broken
    (notice,) = store.notices
    assert "decisions.json.broken-20261121T080000" in notice
    assert "last good copy is used instead, with 2 decisions" in notice
    again = open_store()
    assert len(again.load().ignores) == 2
    assert again.notices == ()


def test_a_notice_is_handed_on_so_that_a_later_page_can_show_it(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not json")
    kept: list[str] = []
    store = DecisionStore(path, lambda: NOW, kept.append)
    assert store.load() == Decisions()
    assert kept == list(store.notices)
    assert "begin anew" in kept[0]


def test_a_broken_copy_beside_a_broken_file_is_set_aside_too(open_store: OpenStore, path: Path) -> None:
    open_store().add_ignore(ignore("one"))
    path.write_bytes(b"{")
    path.with_name("decisions.json.last").write_bytes(b"{")
    assert open_store().load() == Decisions()
    assert path.with_name("decisions.json.last.broken-20261121T080000").exists()


def test_a_vanished_file_is_restored_from_its_copy(open_store: OpenStore, path: Path) -> None:
    store = open_store()
    store.add_ignore(ignore("one"))
    path.unlink()
    assert [kept.key for kept in store.load().ignores] == ["one"]
    assert path.exists()
    assert "was gone" in store.notices[0]


def test_a_change_made_on_a_broken_file_joins_the_last_good_copy(open_store: OpenStore, path: Path) -> None:
    open_store().add_ignore(ignore("one"))
    path.write_bytes(b"{")
    open_store().add_ignore(ignore("two"))
    assert [kept.key for kept in open_store().load().ignores] == ["one", "two"]


def test_a_good_edit_by_hand_becomes_the_copy(open_store: OpenStore, path: Path) -> None:
    open_store().add_ignore(ignore("one"))
    document = json.loads(path.read_text(encoding="utf-8"))
    document["ignores"][0]["reason"] = "by hand"
    path.write_text(json.dumps(document), encoding="utf-8")
    open_store().load()
    path.write_bytes(b"{")
    assert open_store().load().ignores[0].reason == "by hand"


def test_unknown_fields_and_later_kinds_of_decision_are_kept_on_rewrite(open_store: OpenStore, path: Path) -> None:
    open_store().add_ignore(ignore("one"))
    document = json.loads(path.read_text(encoding="utf-8"))
    document["policies"] = [{"policy": "held_seasons"}]
    document["ignores"][0]["colour"] = "red"
    document["ignores"][0]["title"]["nick"] = "keepers"
    later = {"key": "later", "title": {"title": "Alien"}, "level": "collection", "made_at": "2027-01-01T00:00:00Z"}
    document["ignores"].append(later)
    path.write_text(json.dumps(document), encoding="utf-8")
    store = open_store()
    store.add_ignore(ignore("two"))
    store.set_override(Override(WOLVES, NOW, 1))
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["policies"] == document["policies"]
    assert written["ignores"][:2] == document["ignores"]
    assert [kept.key for kept in store.load().ignores] == ["one", "two"]
    assert "1 decision that can't be read" in store.notices[0]


def test_a_file_of_a_later_version_is_refused_and_left_alone(open_store: OpenStore, path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"version": 2, "ignores": []}', encoding="utf-8")
    with pytest.raises(StoreError) as refused:
        open_store().load()
    with pytest.raises(StoreError):
        open_store().add_ignore(ignore("one"))
    assert "newer plexgap" in refused.value.advice
    assert path.read_text(encoding="utf-8") == '{"version": 2, "ignores": []}'
    assert [p.name for p in path.parent.iterdir() if "broken" in p.name] == []


def test_a_moment_without_a_zone_counts_as_utc(open_store: OpenStore, path: Path) -> None:
    open_store().add_ignore(ignore("one"))
    path.write_text(path.read_text(encoding="utf-8").replace("08:00:00Z", "08:00:00"), encoding="utf-8")
    assert open_store().load().ignores[0].made_at == NOW


def test_a_file_that_is_not_replaced_is_not_read_again(open_store: OpenStore) -> None:
    store = open_store()
    store.add_ignore(ignore("one"))
    first = store.load()
    assert all(one is other for one, other in zip(first.ignores, store.load().ignores, strict=True))
