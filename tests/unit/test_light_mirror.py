"""A second look at Plex: what of it is read, what is not, and that it misses nothing (design/mirror.md 1, 2)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from plexgap.domain.errors import Cancelled
from plexgap.domain.events import Change, Event, Progress
from plexgap.domain.library import Kind, Section
from tests.mirror_runs import Runs, films, shows
from tests.scripted import Answer, Asked
from tests.scripted_plex import Library, ScriptedPlex, attribute, episode, season, show
from tests.support import NOW

BUDGET_STILL = 2 + 3 * 2


@pytest.fixture
def plex() -> Iterator[ScriptedPlex]:
    with ScriptedPlex(shows(), films()) as server:
        yield server


@pytest.fixture
def runs(plex: ScriptedPlex, tmp_path: Path) -> Iterator[Runs]:
    """The mirror after a whole reading at noon, with what was asked for it forgotten."""
    made = Runs(tmp_path / "library.db", plex.url)
    made.now = lambda: NOW
    made.run()
    plex.asked.clear()
    yield made
    made.index.close()


def tv(plex: ScriptedPlex) -> Library:
    return plex.libraries[0]


def kinds(plex: ScriptedPlex) -> list[str]:
    """What was read beyond the looks: the type of each page of a listing, or the last word of the path."""
    pages = (asked for asked in plex.asked if ":desc" not in asked.query.get("sort", ""))
    return [asked.query.get("type") or asked.path.rpartition("/")[2] for asked in pages]


def rows_of(runs: Runs) -> dict[str, list[tuple[object, ...]]]:
    """Every table but the record of runs."""
    with closing(sqlite3.connect(runs.index._database.path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = (name for name in names if name not in ("run", "run_event", "mirror", "sqlite_sequence"))
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in kept}


def changes(runs: Runs) -> list[tuple[str, str, str]]:
    return [(event.kind, event.title, event.detail) for event in runs.told if isinstance(event, Change)]


# ---------------------------------------------------------------- nothing moved


def test_where_nothing_moved_nothing_is_read_and_nothing_written(plex: ScriptedPlex, runs: Runs) -> None:
    before = rows_of(runs)
    result = runs.light()
    assert len(plex.asked) == BUDGET_STILL
    assert rows_of(runs) == before
    assert (result.titles, result.read, result.written, result.failed) == (4, 0, 0, ())


def test_a_library_that_was_looked_at_is_known_as_of_that_look(runs: Runs) -> None:
    before = runs.index.seen()
    run_id = runs.index.begin_run("incremental", NOW + timedelta(hours=2))
    runs.index.note_sections(run_id, ["uuid-1"])
    assert runs.index.seen() == {**before, "uuid-1": NOW + timedelta(hours=2)}


@pytest.mark.parametrize(("hours", "reads"), [(23, []), (24, ["2", "3", "4", "1"]), (-1, ["2", "3", "4", "1"])])
def test_all_of_it_is_read_once_a_day(plex: ScriptedPlex, runs: Runs, hours: int, reads: list[str]) -> None:
    runs.now = lambda: NOW + timedelta(hours=hours)
    runs.light()
    assert sorted(kind for kind in kinds(plex) if len(kind) == 1) == sorted(reads)


def test_a_library_chosen_since_is_read_whole(plex: ScriptedPlex, tmp_path: Path) -> None:
    runs = Runs(tmp_path / "other.db", plex.url)
    runs.run(chosen=lambda sections: sections[:1])
    plex.asked.clear()
    assert runs.light().movies == 2
    assert [kind for kind in kinds(plex) if len(kind) == 1] == ["1"]
    runs.index.close()


# ---------------------------------------------------------------- one thing moved


def swap(library: Library) -> None:
    library.rows[4] = [*library.rows[4][1:], episode("103", "7", (1, 3), addedAt=1800000000)]


def move_counts(library: Library) -> None:
    library.rows[4].append(episode("202", "8", (1, 2)))
    library.rows[2][1] = show("8", leafCount=2)


def drop_one(library: Library) -> None:
    library.rows[4] = library.rows[4][1:]
    library.rows[2][0] = show("7", leafCount=1)


def touch(library: Library) -> None:
    library.rows[2][0] = show("7", leafCount=2, updatedAt=1800000000)


def upgrade(library: Library) -> None:
    library.rows[4][0] = episode("101", "7", (1, 1), "2160", file="/tv/7/101.2160.mkv", updatedAt=1800000000)


def rematch(library: Library) -> None:
    library.rows[2][0] = show("7", leafCount=2, guid="plex://show/other")


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        (swap, [("added", "Show 7", "Episode 103"), ("removed", "Show 7", "Episode 101")]),
        (move_counts, [("added", "Show 8", "Episode 202")]),
        (drop_one, [("removed", "Show 7", "Episode 101")]),
        (touch, []),
        (upgrade, [("upgraded", "Show 7", "1080p to 2160p")]),
        (rematch, [("updated", "Show 7", "")]),
    ],
)
def test_of_one_show_that_moved_the_leaves_are_read_and_no_others(
    plex: ScriptedPlex, runs: Runs, moves: Callable[[Library], None], told: list[tuple[str, str, str]]
) -> None:
    moves(tv(plex))
    tv(plex).changed += 1
    result = runs.light()
    assert kinds(plex) == ["", "sections", "2", "allLeaves", "sections"]
    assert len(plex.asked) <= BUDGET_STILL + 2
    assert sorted(changes(runs)) == sorted(told)
    assert (result.read, result.failed) == (1, ())
    plex.asked.clear()
    runs.light()
    assert len(plex.asked) == BUDGET_STILL


def test_a_file_that_no_show_and_no_time_tells_of_is_found_by_the_counter(plex: ScriptedPlex, runs: Runs) -> None:
    tv(plex).rows[4] += [episode(str(300 + n), "8", (2, n), addedAt=1800000000 + n) for n in range(60)]
    tv(plex).changed += 1
    runs.run()
    tv(plex).rows[4][0] = episode("101", "7", (1, 1), "2160", file="/tv/7/other.mkv")
    tv(plex).changed += 1
    runs.light()
    assert changes(runs) == [("upgraded", "Show 7", "1080p to 2160p")]


def test_a_show_that_waits_for_its_removal_explains_no_counter(plex: ScriptedPlex, runs: Runs) -> None:
    library = tv(plex)
    library.rows[4][:0] = [episode(str(300 + n), "7", (2, n), addedAt=1800000000 + n) for n in range(60)]
    library.rows[2][0] = show("7", leafCount=62)
    library.changed += 1
    runs.light()
    every, library.rows = library.rows, {}
    library.changed += 1
    runs.light()
    library.rows = {kind: [row for row in rows if not belongs(row, "8")] for kind, rows in every.items()}
    library.changed += 1
    assert runs.light().held_back == 1
    assert runs.warnings["TV Shows"].startswith("1 title is no longer in Plex. It still counts as held until")
    library.rows[4][60] = episode("101", "7", (1, 1), "2160", file="/tv/7/101.2160.mkv")
    library.changed += 1
    runs.light()
    assert changes(runs) == [("upgraded", "Show 7", "1080p to 2160p")]


def test_a_server_without_a_counter_is_asked_for_its_shows_each_time(plex: ScriptedPlex, runs: Runs) -> None:
    tv(plex).says_changes = False
    runs.light()
    plex.asked.clear()
    runs.light()
    assert [kind for kind in kinds(plex) if len(kind) == 1] == ["2"]
    drop_one(tv(plex))
    runs.light()
    assert changes(runs) == [("removed", "Show 7", "Episode 101")]


def test_a_counter_that_went_back_is_a_restored_server(plex: ScriptedPlex, runs: Runs) -> None:
    tv(plex).changed -= 50
    runs.light()
    assert sorted(kind for kind in kinds(plex) if len(kind) == 1) == ["2", "3", "4"]


def test_more_than_the_newest_rows_tell_is_read_whole(plex: ScriptedPlex, runs: Runs) -> None:
    tv(plex).rows[4] += [episode(str(500 + n), "8", (2, n), addedAt=1800000000 + n) for n in range(60)]
    tv(plex).rows[2][1] = show("8", leafCount=61)
    tv(plex).changed += 1
    assert runs.light().episodes == 63
    assert sorted(kind for kind in kinds(plex) if len(kind) == 1) == ["2", "3", "4"]


def test_a_new_season_is_read_with_its_episodes(plex: ScriptedPlex, runs: Runs) -> None:
    library = tv(plex)
    library.rows[3].append(season("71", "7", 2))
    library.rows[4].append(episode("111", "7", (2, 1), parentRatingKey="71"))
    library.rows[2][0] = show("7", leafCount=3, childCount=2)
    library.changed += 1
    runs.light()
    assert kinds(plex)[2:-1] == ["2", "allLeaves", "children"]
    assert runs.index.leaves(section(plex)).get("7", None) is not None
    assert runs.index.leaves(section(plex))["7"].seasons == {"70", "71"}


def test_a_show_without_episodes_any_more_is_believed_if_it_says_so_itself(plex: ScriptedPlex, runs: Runs) -> None:
    library = tv(plex)
    library.rows[4] = library.rows[4][2:]
    library.changed += 1
    said = show("7", leafCount=2, updatedAt=1800000000)
    library.rows[2][0] = said
    assert runs.light().failed == ("TV Shows",)
    library.rows[2][0] = show("7", leafCount=0)
    assert runs.light().failed == ()
    assert runs.index.counts().episodes == 1


def section(plex: ScriptedPlex) -> Section:
    library = tv(plex)
    return Section(library.key, f"uuid-{library.key}", library.title, Kind.SHOW)


# ---------------------------------------------------------------- watching


def test_what_was_watched_is_known_without_reading_anything(plex: ScriptedPlex, runs: Runs) -> None:
    tv(plex).rows[4][0] = episode("101", "7", (1, 1), viewCount=1, lastViewedAt=1800000000)
    tv(plex).rows[2][0] = show("7", leafCount=2, viewedLeafCount=1)
    assert runs.light().written == 1
    assert len(plex.asked) == BUDGET_STILL
    seen = "SELECT view_count FROM item JOIN item_state USING (item_id) WHERE rating_key = '101'"
    with closing(sqlite3.connect(runs.index._database.path)) as connection:
        assert connection.execute(seen).fetchone() == (1,)
    plex.asked.clear()
    assert runs.light().written == 0
    assert len(plex.asked) == BUDGET_STILL


def test_what_is_unwatched_again_is_found_when_shows_are_listed(plex: ScriptedPlex, runs: Runs) -> None:
    tv(plex).rows[4][0] = episode("101", "7", (1, 1), viewCount=1, lastViewedAt=1800000000)
    tv(plex).rows[2] = [show("7", leafCount=2, viewedLeafCount=1), show("8", leafCount=1, viewedLeafCount=0)]
    runs.light()
    tv(plex).rows[4][0] = episode("101", "7", (1, 1))
    tv(plex).rows[2][0] = show("7", leafCount=2, viewedLeafCount=0)
    tv(plex).rows[2][1] = show("8", leafCount=1, viewedLeafCount=0, updatedAt=1800000009)
    tv(plex).changed += 1
    assert runs.light().read == 2
    assert runs.index.leaves(section(plex))["7"].watched == 0


# ---------------------------------------------------------------- removals


def test_a_show_that_left_goes_with_its_episodes(plex: ScriptedPlex, runs: Runs) -> None:
    library = tv(plex)
    library.rows = {kind: [row for row in rows if not belongs(row, "8")] for kind, rows in library.rows.items()}
    library.changed += 1
    result = runs.light()
    assert (result.shows, result.episodes) == (1, 2)
    assert changes(runs) == [("removed", "Show 8", "")]


def belongs(row: str, show_key: str) -> bool:
    names = ("ratingKey", "parentRatingKey", "grandparentRatingKey")
    return any(attribute(row, name) == show_key for name in names)


def test_an_empty_listing_of_shows_takes_nothing_out(plex: ScriptedPlex, runs: Runs) -> None:
    tv(plex).rows = {}
    tv(plex).changed += 1
    result = runs.light()
    assert (result.held_back, result.shows, result.episodes) == (2, 2, 3)
    plex.asked.clear()
    assert runs.light().held_back == 2
    accepted = runs.light(accept=True)
    assert (accepted.held_back, accepted.shows) == (0, 0)


@pytest.mark.parametrize("new_key", ["7", "907"])
def test_a_show_in_another_library_has_moved(plex: ScriptedPlex, runs: Runs, new_key: str) -> None:
    """With its rating key, or under a new one with the same guid: nothing was removed, so nothing waits."""
    old = tv(plex)
    other = Library("3", title="Archive")
    plex.libraries.append(other)
    runs.run()
    leaves = [row for row in old.rows[4] if belongs(row, "7")]
    old.rows = {kind: [row for row in rows if not belongs(row, "7")] for kind, rows in old.rows.items()}
    other.rows = {
        2: [show(new_key, "Show 7", leafCount=2, guid="plex://show/7")],
        4: [
            episode(f"{attribute(row, 'ratingKey')}{'' if new_key == '7' else '9'}", new_key, (1, n))
            for n, row in enumerate(leaves, 1)
        ],
    }
    old.changed, other.changed = old.changed + 1, other.changed + 1
    result = runs.light()
    assert (result.shows, result.episodes, result.held_back) == (2, 3, 0)
    assert ("moved", "Show 7", "TV Shows to Archive") in changes(runs)
    assert [change[0] for change in changes(runs)] == ["moved"]


def stand_beside(plex: ScriptedPlex, runs: Runs, *, known: bool) -> Library:
    """A library that Plex is scanning, into which Show 7 came while the old one has it too; `known`: read before."""
    other = Library("3", title="Archive")
    plex.libraries.append(other)
    if known:
        runs.run()
    other.rows = {
        2: [show("907", "Show 7", leafCount=2, guid="plex://show/7", year=1999)],
        4: [episode(f"90{n}", "907", (1, n), addedAt=1800000000) for n in (1, 2)],
    }
    other.changed, other.refreshing = other.changed + 1, 1
    return other


def leave(library: Library, show_key: str) -> None:
    library.rows = {kind: [row for row in rows if not belongs(row, show_key)] for kind, rows in library.rows.items()}
    library.changed += 1


@pytest.mark.parametrize("everything", [True, False])
@pytest.mark.parametrize("known", [True, False], ids=["a known library", "a new library"])
@pytest.mark.parametrize("checks", [1, 3])
def test_a_show_that_moves_while_plex_scans_its_new_library_is_told_as_moved(
    plex: ScriptedPlex, runs: Runs, known: bool, checks: int, everything: bool
) -> None:
    """The checks meanwhile tell nothing of it: that library is not whole."""
    other = stand_beside(plex, runs, known=known)
    for _ in range(checks):
        runs.run(everything=everything)
        assert changes(runs) == []
    other.refreshing = 0
    leave(tv(plex), "7")
    result = runs.run(everything=everything)
    assert changes(runs) == [("moved", "Show 7", "TV Shows to Archive")]
    assert (result.shows, result.held_back) == (2, 0)
    runs.run(everything=everything)
    assert changes(runs) == []


@pytest.mark.parametrize("days", [6, 8])
def test_a_copy_in_a_library_that_is_never_whole_is_no_move_after_a_week(
    plex: ScriptedPlex, runs: Runs, days: int
) -> None:
    stand_beside(plex, runs, known=True)
    runs.run()
    runs.now = lambda: NOW + timedelta(days=days)
    leave(tv(plex), "7")
    runs.run()
    assert [kind for kind, *_ in changes(runs)] == ["moved" if days < 7 else "removed"]


def test_of_two_that_came_at_once_the_one_that_stays_is_no_successor(plex: ScriptedPlex, tmp_path: Path) -> None:
    """Both stood there before the first check, during which Plex scanned the library of one."""
    runs = Runs(tmp_path / "other.db", plex.url)
    runs.now = lambda: NOW
    stand_beside(plex, runs, known=False)
    runs.run()
    leave(tv(plex), "7")
    runs.run()
    assert changes(runs) == [("removed", "Show 7", "")]
    runs.index.close()


@pytest.mark.parametrize("everything", [True, False])
def test_a_copy_in_another_library_is_told_as_added_once_its_library_was_read(
    plex: ScriptedPlex, runs: Runs, everything: bool
) -> None:
    """As long as the library of the older one was not read, the show may have moved."""
    other = Library("0", title="Archive")
    plex.libraries.insert(0, other)
    runs.run()
    assert changes(runs) == []
    copy = [episode(f"90{n}", "907", (1, n), addedAt=1800000000) for n in (1, 2)]
    other.rows = {2: [show("907", "Show 7", leafCount=2, guid="plex://show/7", year=1999)], 4: copy}
    other.changed += 1
    added = [("added", "Show 7", "1999"), ("added", "Show 7", "Episode 901"), ("added", "Show 7", "Episode 902")]
    runs.run(everything=everything)
    assert changes(runs) == added
    other.rows[4].append(episode("903", "907", (1, 3), addedAt=1800000001))
    other.changed += 1
    runs.run(everything=everything)
    assert changes(runs) == [("added", "Show 7", "Episode 903")]


def test_what_left_long_ago_is_dropped_and_still_known_to_have_been_there(plex: ScriptedPlex, runs: Runs) -> None:
    drop_one(tv(plex))
    tv(plex).changed += 1
    runs.light()
    was = runs.index.gone(["7"])
    runs.now = lambda: NOW + timedelta(days=29)
    runs.light()
    assert count(runs, "item") == 9
    runs.now = lambda: NOW + timedelta(days=31)
    runs.light()
    assert (count(runs, "item"), count(runs, "removed")) == (8, 1)
    (now,), (before,) = runs.index.gone(["7"]), was
    assert [episode.rating_key for episode in now.episodes] == ["101"]
    assert now.episodes == tuple(replace(episode, files=()) for episode in before.episodes)


def count(runs: Runs, table: str) -> int:
    with closing(sqlite3.connect(runs.index._database.path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


# ---------------------------------------------------------------- cut off


def test_a_reading_that_was_cut_off_goes_on_where_it_stopped(plex: ScriptedPlex, runs: Runs) -> None:
    library = tv(plex)
    library.rows[4] += [episode(str(1000 + n), "8", (3, n)) for n in range(2500)]
    library.rows[2][1] = show("8", leafCount=2501)
    library.changed += 1

    def stop_after(event: Event) -> None:
        if isinstance(event, Progress) and event.done > 1500:
            runs.stop.set()

    with pytest.raises(Cancelled):
        runs.run(heard=stop_after)
    runs.stop.clear()
    plex.asked.clear()
    result = runs.light()
    starts = [int(a.headers["x-plex-container-start"]) for a in plex.asked if a.query.get("sort") == "addedAt:asc"]
    assert min(starts[:-1]) >= 1000
    assert (result.episodes, result.failed) == (2503, ())
    assert [change for change in changes(runs) if change[0] == "removed"] == []


def test_a_reading_that_was_cut_off_starts_again_where_plex_moved_since(plex: ScriptedPlex, runs: Runs) -> None:
    def stop_at_once(event: Event) -> None:
        if isinstance(event, Progress):
            runs.stop.set()

    with pytest.raises(Cancelled):
        runs.run(heard=stop_at_once)
    runs.stop.clear()
    drop_one(tv(plex))
    tv(plex).changed += 1
    plex.asked.clear()
    assert runs.light().episodes == 2
    assert sorted(kind for kind in kinds(plex) if len(kind) == 1) == ["2", "3", "4"]


def test_a_show_whose_leaves_fail_fails_its_library_and_is_read_next_time(plex: ScriptedPlex, runs: Runs) -> None:
    move_counts(tv(plex))
    tv(plex).changed += 1
    plex.before = lambda asked: Answer(status=503, body=b"") if asked.path.endswith("allLeaves") else None
    assert runs.light().failed == ("TV Shows",)
    plex.before = lambda asked: None
    result = runs.light()
    assert (result.failed, result.episodes) == ((), 4)


def test_a_look_that_fails_fails_its_library_alone(plex: ScriptedPlex, runs: Runs) -> None:
    def fail(asked: Asked) -> Answer | None:
        probing_films = asked.query.get("type") == "1" and ":desc" in asked.query["sort"]
        return Answer(status=503, body=b"") if probing_films else None

    plex.before = fail
    tv(plex).rows[2].append(show("9", leafCount=0))
    tv(plex).changed += 1
    result = runs.light()
    assert (result.failed, result.shows, result.movies) == (("Films",), 3, 2)


def test_a_look_at_one_show_explains_why_the_counter_moved(plex: ScriptedPlex, runs: Runs) -> None:
    move_counts(tv(plex))
    tv(plex).changed += 1
    leaves = [row for row in tv(plex).rows[4] if belongs(row, "8")]
    runs.looked_at(tv(plex).rows[2][1], leaves, NOW + timedelta(seconds=1))
    runs.light()
    assert [kind for kind in kinds(plex) if len(kind) == 1] == ["2"]
