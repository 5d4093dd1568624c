from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from plexgap.domain.decisions import Decisions, Ignore, IgnoredEpisode, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import StoreError
from plexgap.domain.ids import ExternalId, Source
from plexgap.store.decisions import DecisionStore, Imported

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
        episodes=(
            IgnoredEpisode(
                3,
                frozenset({ExternalId(Source.TMDB, "900"), ExternalId(Source.TVDB, "77")}),
                EpisodeNumber(2, 1),
                "Salt & <i>Iron</i>",
                date(2020, 1, 1),
            ),
            IgnoredEpisode(110, frozenset({ExternalId(Source.TMDB, "901")})),
        ),
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
    override = Override(WOLVES, NOW, 42, 77, "dvd", Source.TVDB, "from:S02E05", specials=False, echo="Wölfe (2019)")
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
    "broken",
    [b"", b'{"version": 1, "ignores": [', b"[]", b"[" * 100_000, b"{}", b'{"version": 1, "ignores": 5}', b"\xff"],
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
    later = {"key": "later", "title": {"title": "Alien"}, "level": "actor", "made_at": "2027-01-01T00:00:00Z"}
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


# ---------------------------------------------------------------- older files, and what can't be read


def _write(path: Path, **document: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"version": 1, **document}), encoding="utf-8")


def test_an_older_file_keeps_its_overrides_and_the_ids_of_its_ignores(open_store: OpenStore, path: Path) -> None:
    title = {"title": "The Lantern Keepers", "year": 2015, "ids": ["tmdb://5"], "guids": [], "section_uuid": ""}
    old = {"title": title, "made_at": "2026-11-20T10:00:00Z"}
    ignored = {"level": "episode", "season": 2, "numbers": [3, 4], "episode_ids": [900, 901], "provider": "tmdb"}
    _write(
        path,
        ignores=[{**old, **ignored, "key": "k", "order": "aired", "until": None, "reason": ""}],
        overrides=[{**old, "tmdb_id": 42, "echo": "Keepers (2015)"}],
    )
    (kept,), (override,) = open_store().load().ignores, open_store().load().overrides
    both = frozenset({ExternalId(Source.TMDB, "900"), ExternalId(Source.TMDB, "901")})
    assert kept.episodes == (IgnoredEpisode(3, both), IgnoredEpisode(4, both))
    assert (override.tmdb_id, override.echo, override.order, override.specials) == (42, "Keepers (2015)", "", None)


def test_an_older_plexgap_finds_in_the_file_what_it_reads(open_store: OpenStore, path: Path) -> None:
    open_store().add_ignore(ignore("one"))
    (written,) = json.loads(path.read_text(encoding="utf-8"))["ignores"]
    assert (written["numbers"], written["episode_ids"]) == ([3, 110], [900, 901])


@pytest.mark.parametrize(
    "said", [{}, {"tmdb_id": 0}, {"tmdb_id": 5, "order": "../up"}, {"policy": "when_it_rains"}, {"specials": "perhaps"}]
)
def test_a_choice_that_cannot_be_read_is_kept_and_has_no_effect(
    open_store: OpenStore, path: Path, said: dict[str, object]
) -> None:
    _write(path, overrides=[{"title": {"title": "Alien"}, "made_at": "2027-01-01T00:00:00Z", **said}])
    store = open_store()
    assert store.load().overrides == ()
    store.add_ignore(ignore("one"))
    assert len(json.loads(path.read_text(encoding="utf-8"))["overrides"]) == 1
    assert "1 decision that can't be read" in store.notices[0]


# ---------------------------------------------------------------- to another installation


HOME = TitleRef(frozenset(), frozenset(), "Harbour Tapes", 2019, "old-section")


def _store(path: Path, *sections: str) -> DecisionStore:
    return DecisionStore(path, lambda: NOW, sections=lambda: frozenset(sections))


def test_what_is_exported_is_taken_in_whole_and_the_same_twice_is_once(path: Path, tmp_path: Path) -> None:
    old, new = _store(path), _store(tmp_path / "new" / "decisions.json")
    old.add_ignore(ignore("one"))
    old.add_ignore(ignore("two", WOLVES))
    old.set_override(Override(WOLVES, NOW, tvdb_id=7, order="dvd", order_provider=Source.TVDB))
    data = old.exported()
    assert new.take_in(data, "the file") == Imported(2, 1, 0, 0)
    assert new.load() == old.load()
    before = (tmp_path / "new" / "decisions.json").read_bytes()
    assert new.take_in(data, "the file") == Imported(2, 1, 3, 0)
    assert (tmp_path / "new" / "decisions.json").read_bytes() == before
    assert set(json.loads(before)) == {"version", "ignores", "overrides"}


def test_of_two_about_the_same_the_newer_stands(path: Path, tmp_path: Path) -> None:
    here, there = _store(path), _store(tmp_path / "new" / "decisions.json")
    later = NOW + timedelta(hours=1)
    here.set_override(Override(LANTERN, NOW, 1))
    here.set_override(Override(WOLVES, later, 2))
    here.add_ignore(ignore("here"))
    there.set_override(Override(replace(LANTERN, guids=frozenset()), later, policy="held_seasons"))
    there.set_override(Override(WOLVES, NOW, 9))
    there.add_ignore(replace(ignore("made-anew"), made_at=later, until=None))
    assert here.take_in(there.exported(), "the file") == Imported(1, 2, 1, 0)
    kept = here.load()
    assert {(o.title.title, o.tmdb_id, o.policy) for o in kept.overrides} == {
        (LANTERN.title, None, "held_seasons"),
        (WOLVES.title, 2, ""),
    }
    assert [(one.key, one.until) for one in kept.ignores] == [("made-anew", None)]


def test_a_plain_decisions_file_can_be_taken_in_too(open_store: OpenStore, path: Path, tmp_path: Path) -> None:
    open_store().add_ignore(ignore("one"))
    new = _store(tmp_path / "new" / "decisions.json")
    assert new.take_in(path.read_bytes(), "the file").ignores == 1
    assert new.load() == open_store().load()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "line 1"),
        (b'{"version": 1, "ignores": [', "line 1"),
        (b"PK\x03\x04\xff", "no text"),
        (b"[]", "no file of plexgap's decisions"),
        (b"[" * 100_000, "no file of plexgap's decisions"),
        (b'{"version": ' + b"1" * 10_000 + b"}", "no file of plexgap's decisions"),
        (b'{"version": 1, "shows": []}', "something else"),
        (b'{"kind": "watch history", "version": 1, "ignores": []}', "something else"),
        (b'{"version": 1, "ignores": [{"name": "Alien"}]}', "entry 1 of its ignores"),
        (b'{"version": 2, "ignores": []}', "newer plexgap"),
    ],
)
def test_a_broken_or_foreign_file_is_refused_and_changes_nothing(
    open_store: OpenStore, path: Path, data: bytes, word: str
) -> None:
    open_store().add_ignore(ignore("one"))
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        open_store().take_in(data, "the file")
    assert word in refused.value.advice
    assert "Nothing was changed" in refused.value.advice
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir() if "broken" in entry.name] == []


def test_decisions_of_a_later_kind_travel_untouched(path: Path, tmp_path: Path) -> None:
    later = {"key": "later", "title": {"title": "Alien"}, "level": "actor", "made_at": "2027-01-01T00:00:00Z"}
    _write(path, ignores=[later])
    new = _store(tmp_path / "new" / "decisions.json")
    assert new.take_in(_store(path).exported(), "the file") == Imported(0, 0, 0, 1)
    assert new.take_in(_store(path).exported(), "the file") == Imported(0, 0, 1, 1)
    assert json.loads((tmp_path / "new" / "decisions.json").read_text(encoding="utf-8"))["ignores"] == [later]


def test_half_a_character_is_kept_as_it_is(open_store: OpenStore, path: Path, tmp_path: Path) -> None:
    open_store().add_ignore(replace(ignore("one"), reason="half \ud83d"))
    new = _store(tmp_path / "new" / "decisions.json")
    assert new.take_in(open_store().exported(), "the file").ignores == 1
    assert new.load() == open_store().load()


def test_a_title_without_an_id_is_known_in_a_library_whose_sections_are_others(path: Path) -> None:
    _store(path, "old-section").add_ignore(Ignore("home", HOME, Level.SHOW, NOW))
    assert _store(path, "old-section", "more").load().ignores[0].title.section_uuid == "old-section"
    assert _store(path, "new-section").load().ignores[0].title.section_uuid == ""


def test_its_section_is_not_forgotten_when_something_else_is_decided(path: Path) -> None:
    _store(path, "old-section").set_override(Override(HOME, NOW, policy="held_seasons"))
    moved = _store(path, "new-section")
    moved.set_override(Override(LANTERN, NOW, 1))
    assert _store(path, "old-section").load().overrides[0].title == HOME
    there = replace(HOME, section_uuid="new-section")
    assert moved.clear_override(there) == Override(replace(HOME, section_uuid=""), NOW, policy="held_seasons")
    assert [one.title for one in moved.load().overrides] == [LANTERN]


def test_sections_that_come_to_be_known_later_are_looked_at_then(path: Path) -> None:
    sections: set[str] = set()
    store = DecisionStore(path, lambda: NOW, sections=lambda: frozenset(sections))
    store.add_ignore(Ignore("home", HOME, Level.SHOW, NOW))
    assert store.load().ignores[0].title.section_uuid == ""
    sections.add("old-section")
    assert store.load().ignores[0].title.section_uuid == "old-section"


def test_a_file_that_is_not_replaced_is_not_read_again(open_store: OpenStore) -> None:
    store = open_store()
    store.add_ignore(ignore("one"))
    first = store.load()
    assert all(one is other for one, other in zip(first.ignores, store.load().ignores, strict=True))
