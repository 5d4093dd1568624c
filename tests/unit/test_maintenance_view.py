"""What the page Maintenance says of decisions, of what is kept on disk, and of a path that was tried."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from plexgap.config import paths_in
from plexgap.domain.decisions import Decisions, Ignore, Level, Override, TitleRef
from plexgap.domain.errors import ScanRunning, StoreError
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.library import Kind
from plexgap.jobs import keeping
from plexgap.jobs.keeping import Kept, Remembered
from plexgap.store.cache import Listings
from plexgap.store.decisions import DecisionStore
from plexgap.store.held import Counts
from plexgap.store.locks import scan_lock
from plexgap.views.maintenance import cleared, found, imported, maintenance, remembers

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


def ref(title: str, year: int | None = None, **ids: str) -> TitleRef:
    return TitleRef(
        frozenset(ExternalId(Source(name), value) for name, value in ids.items()),
        frozenset({f"plex://show/{title}"}),
        title,
        year,
    )


def ignored(title: str, days_ago: int = 1, **more: object) -> Ignore:
    values = {"level": Level.EPISODE, "season": 1, "numbers": (4,), **more}
    return Ignore(f"key-{title}", ref(title), made_at=NOW - timedelta(days=days_ago), **values)  # type: ignore[arg-type]


def test_decisions_are_counted_together_and_the_latest_stands_first() -> None:
    said = Override(ref("The Long Table", 2011, tvdb="300188"), NOW, tmdb_id=900412, echo="The Long Table (2011)")
    view = maintenance(Decisions((ignored("Paper Wolves", 50), ignored("Sundogs", 2)), (said,)), NOW, UTC)
    assert view.heading == "3 decisions of yours"
    assert [row.title for row in view.ignored] == ["Sundogs", "Paper Wolves"]
    assert view.ignored_note == "2, left out of every total"
    (row,) = view.corrected
    assert (row.title, row.what) == ("The Long Table (2011)", "is TMDB 900412, The Long Table (2011)")
    assert row.detail == "since 21 Nov 2026. Plex says TheTVDB 300188"
    assert view.quiet is None


def test_an_ignore_that_is_over_is_listed_and_counted_as_such() -> None:
    view = maintenance(Decisions((ignored("Sundogs", 60, until=date(2026, 11, 1)), ignored("Umbra"))), NOW, UTC)
    assert view.ignored_note == "2, left out of every total; 1 of them is over"
    assert "which is over" in view.ignored[1].detail


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"order": "dvd", "order_provider": Source.TVDB}, "judged in DVD order of TheTVDB"),
        ({"policy": "latest_season", "specials": False}, "only the latest season counts, its specials are left out"),
        ({"specials": True}, "its specials are listed"),
        ({"tmdb_id": 5, "kind": Kind.MOVIE}, "is TMDB 5"),
    ],
)
def test_everything_that_is_said_of_a_title_is_told(said: dict[str, object], what: str) -> None:
    override = Override(ref("Glasshouse"), NOW, **said)  # type: ignore[arg-type]
    view = maintenance(Decisions((), (override,)), NOW, UTC)
    assert view.corrected[0].what == what


def test_a_show_and_a_film_of_one_name_have_keys_of_their_own() -> None:
    both = tuple(Override(ref("Umbra"), NOW, tmdb_id=5, kind=kind) for kind in (Kind.SHOW, Kind.MOVIE))
    view = maintenance(Decisions((), both), NOW, UTC)
    assert len({row.key for row in view.corrected}) == 2
    assert view.corrected_note == "1 show and 1 film told apart or counted otherwise by you"


def test_without_decisions_the_page_says_what_will_stand_there() -> None:
    view = maintenance(Decisions(), NOW, UTC)
    assert view.heading == "No decisions yet"
    assert view.quiet is not None


@pytest.mark.parametrize(("asked", "many"), [("", 2), ("paper", 1), ("WOLVES s01", 1), ("recap", 1), ("nowhere", 0)])
def test_the_search_looks_at_title_episodes_and_reason(asked: str, many: int) -> None:
    ignores = (ignored("Paper Wolves"), ignored("Sundogs", reason="only a recap", level=Level.SHOW))
    assert len(found(maintenance(Decisions(ignores), NOW, UTC).ignored, asked)) == many


def test_what_is_remembered_is_told_with_its_size_and_age() -> None:
    old = datetime(2026, 10, 24, tzinfo=UTC)
    kept = Remembered(
        Kept(85, 6_100_000, old), Kept(872, 19_000_000, old), Kept(1, 4_800_000, old), Kept(1, 9000, old, NOW)
    )
    rows = remembers(kept, Counts(60, 2342, 812), datetime(2026, 11, 21, 11, tzinfo=UTC), NOW, UTC)
    assert [row.detail for row in rows] == [
        "85 titles, 6.1 MB, oldest from 24 Oct",
        "872 pictures, 19 MB, oldest from 24 Oct",
        "2,342 episodes, 812 films, 4.8 MB, read today 11:00",
        "9 kB, last used today 14:00",
    ]
    assert [row.clearable for row in rows] == [True, True, False, False]


def test_before_anything_is_kept_nothing_can_be_cleared() -> None:
    empty = Kept(0, 0, None)
    rows = remembers(Remembered(empty, empty, empty, empty), Counts(0, 0, 0), None, NOW, UTC)
    assert not any(row.clearable for row in rows)
    assert rows[2].detail.endswith("not read yet")


# ---------------------------------------------------------------- on disk


@pytest.fixture
def store(tmp_path: Path) -> DecisionStore:
    return DecisionStore(tmp_path / "decisions.json", lambda: NOW)


def test_what_an_import_brought_can_be_given_back(store: DecisionStore, tmp_path: Path) -> None:
    other = DecisionStore(tmp_path / "other.json", lambda: NOW)
    other.add_ignore(ignored("Sundogs"))
    other.set_override(Override(ref("Umbra"), NOW, tmdb_id=6))
    store.add_ignore(ignored("Paper Wolves"))
    store.set_override(Override(ref("Umbra"), NOW - timedelta(days=9), tmdb_id=5))
    before = store.load()
    taken = keeping.take_in(store, other.exported(), "other.json")
    assert imported(taken) == "1 ignore and 1 choice read."
    assert store.load().overrides[0].tmdb_id == 6
    keeping.give_back(store, taken)
    assert store.load() == before
    assert (
        imported(keeping.take_in(store, store.exported(), "own")) == "Nothing was added: all of it was there already."
    )


def later(title: str) -> dict[str, object]:
    """A decision of a plexgap that isn't there yet."""
    return {"key": title, "title": {"title": title}, "level": "universe", "made_at": "2027-01-01T00:00:00Z"}


@pytest.mark.parametrize("here", [(), (later("Sundogs"),)])
def test_what_came_of_a_later_plexgap_is_given_back_too(here: Sequence[dict[str, object]], tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    path.write_text(json.dumps({"version": 1, "ignores": here, "overrides": []}), encoding="utf-8")
    store = DecisionStore(path, lambda: NOW)
    data = json.dumps({"version": 1, "ignores": [later("Sundogs"), later("Umbra")], "overrides": [later("Umbra")]})
    taken = keeping.take_in(store, data.encode(), "other.json")
    assert taken.changed
    assert not keeping.take_in(store, data.encode(), "other.json").changed
    store.add_ignore(ignored("Karsholm"))
    keeping.give_back(store, taken)
    kept = json.loads(path.read_bytes())
    assert [entry for entry in kept["ignores"] if entry["level"] == "universe"] == list(here)
    assert kept["overrides"] == []
    assert [ignore.title.title for ignore in store.load().ignores] == ["Karsholm"]


def change(store: DecisionStore) -> None:
    store.set_override(Override(ref("Umbra"), NOW + timedelta(hours=1), tmdb_id=7))
    store.add_ignore(ignored("Sundogs", 0, reason="mine"))


def clear(store: DecisionStore) -> None:
    store.clear_override(ref("Umbra"))
    store.remove_ignore("key-Sundogs")


@pytest.mark.parametrize("decide", [change, clear])
def test_what_was_decided_since_an_import_stays_when_it_is_given_back(
    decide: Callable[[DecisionStore], None], store: DecisionStore, tmp_path: Path
) -> None:
    other = DecisionStore(tmp_path / "other.json", lambda: NOW)
    other.add_ignore(ignored("Sundogs"))
    other.add_ignore(ignored("Karsholm"))
    other.set_override(Override(ref("Umbra"), NOW, tmdb_id=6))
    store.add_ignore(ignored("Sundogs", 9))
    store.set_override(Override(ref("Umbra"), NOW - timedelta(days=9), tmdb_id=5))
    taken = keeping.take_in(store, other.exported(), "other.json")
    decide(store)
    now = store.load()
    keeping.give_back(store, taken)
    kept = tuple(ignore for ignore in now.ignores if ignore.key != "key-Karsholm")
    assert store.load() == Decisions(kept, now.overrides)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"version": 1}', b'{"version": 1, "kind": "x", "ignores": []}'])
def test_a_file_of_something_else_changes_nothing(store: DecisionStore, data: bytes) -> None:
    store.add_ignore(ignored("Paper Wolves"))
    before = store.load()
    with pytest.raises(StoreError) as refused:
        keeping.take_in(store, data, "photo.json")
    assert "photo.json is no file of plexgap's decisions" in refused.value.advice
    assert store.load() == before


def test_pictures_are_counted_and_cleared_but_never_while_a_check_runs(tmp_path: Path) -> None:
    paths, lock = paths_in(tmp_path), tmp_path / "scan.lock"
    for shelf in ("tv_image", "movie_image"):
        (paths.images / shelf).mkdir(parents=True)
        (paths.images / shelf / "1.thumb.webp").write_bytes(b"1234")
    listings = Listings(paths.cache)
    kept = keeping.remembered(listings, paths)
    assert (kept.pictures.many, kept.pictures.bytes) == (2, 8)
    with scan_lock(lock, "the schedule"), pytest.raises(ScanRunning):
        keeping.clear_pictures(paths.images, lock)
    assert keeping.clear_pictures(paths.images, lock) == 2
    assert keeping.remembered(listings, paths).pictures.many == 0
    assert cleared("pictures", 2) == "2 pictures cleared. Each is asked for again when it is shown."
