"""Plex into the mirror: requests, completeness, failures, and what a run tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.domain.errors import Cancelled, ConfigError, Rejected, StoreError, Unreachable
from plexgap.domain.events import Change, Event, Phase, PhaseDone, PhaseStarted, Progress, Total
from plexgap.domain.library import Kind, Section
from plexgap.store.index import Counts
from tests.mirror_runs import Ran, Runs, films, shows
from tests.scripted import Answer, Asked
from tests.scripted_plex import ScriptedPlex, container, episode, movie, show


@pytest.fixture
def plex() -> Iterator[ScriptedPlex]:
    with ScriptedPlex(shows(), films()) as server:
        yield server


@pytest.fixture
def runs(plex: ScriptedPlex, tmp_path: Path) -> Iterator[Runs]:
    made = Runs(tmp_path / "library.db", plex.url)
    yield made
    made.index.close()


# ---------------------------------------------------------------- a whole world


def test_the_demo_world_is_mirrored_whole_within_the_budget(tmp_path: Path) -> None:
    world = make_world(seed=1)
    with DemoServers(world) as demo:
        exports = demo.exports()
        runs = Runs(tmp_path / "library.db", exports["PLEX_BASE_URL"], exports["PLEX_TOKEN"])
        result = runs.run()
        requests = demo.knobs["plex"].count
        first_changes = runs.of(Change)
        again = runs.run()
    assert Counts(result.shows, result.episodes, result.movies) == Counts(
        world.shows_held, world.episodes_held, world.movies_held
    )
    assert (result.failed, result.held_back, first_changes) == ((), 0, [])
    assert all(item.readable for item in runs.index.shows())
    listings = sum(3 if section.kind is Kind.SHOW else 1 for section in runs.index.sections())
    further_pages = sum(total // 1000 for total in (world.episodes_held,))
    looks = 3 + 3 * len(runs.index.sections())  # connecting, the sections before and after, what each says of itself
    assert requests <= looks + listings + further_pages
    assert (again.written, runs.of(Change)) == (0, [])
    runs.index.close()


# ---------------------------------------------------------------- requests and events


def test_a_full_reading_asks_for_no_more_than_it_needs(plex: ScriptedPlex, runs: Runs) -> None:
    runs.run()
    asked = [asked.query.get("type", asked.path) for asked in plex.asked]
    assert [asked[:2], sorted(asked[2:8]), sorted(asked[8:11]), asked[11:]] == [
        ["/", "/library/sections"],
        ["1", "1", "1", "4", "4", "4"],  # what each section says of itself
        ["2", "3", "4"],  # at once
        ["1", "/library/sections"],
    ]


def test_shows_are_read_before_films_wherever_plex_lists_them(plex: ScriptedPlex, runs: Runs) -> None:
    runs.run(chosen=lambda sections: sections[::-1])
    types = [asked.query["type"] for asked in plex.asked if "type" in asked.query]
    assert types[-1] == "1"


def test_sections_of_other_kinds_or_not_chosen_are_not_read(plex: ScriptedPlex, runs: Runs) -> None:
    assert runs.run(kinds=[Kind.MOVIE]).movies == 2
    assert runs.index.counts() == Counts(0, 0, 2)
    runs.run(chosen=lambda sections: sections[:1])
    films = [asked for asked in plex.asked if asked.query.get("type") == "1"]
    assert len(films) == 4
    assert films == [asked for asked in plex.asked[:7] if asked.query.get("type") == "1"]
    assert runs.index.counts() == Counts(2, 3, 2)


def test_totals_stand_before_the_walk_and_progress_ends_there(runs: Runs) -> None:
    runs.run()
    assert isinstance(runs.told[0], PhaseStarted)
    assert isinstance(runs.told[-1], PhaseDone)
    told = [event for event in runs.told if isinstance(event, Total | Progress)]
    assert told[:2] == [Total(Phase.MIRROR, "TV Shows", 3), Total(Phase.MIRROR, "Films", 2)]
    assert [(e.library, e.done, e.total) for e in told[2:] if isinstance(e, Progress)] == [
        *[("TV Shows", 0, 3), ("TV Shows", 0, 3), ("TV Shows", 3, 3), ("TV Shows", 3, 3)],
        *[("Films", 2, 2), ("Films", 2, 2)],
    ]
    assert len(told) == 2 + 6


def test_what_changed_since_is_told(plex: ScriptedPlex, runs: Runs) -> None:
    runs.run()
    library = plex.libraries[0]
    library.rows[4] = [
        episode("101", "7", (1, 1), "4k"),
        episode("103", "7", (1, 3)),
        episode("201", "8", (1, 1)),
    ]
    result = runs.run()
    assert result.written == 2
    assert runs.of(Change) == [
        Change("added", "episode", "Show 7", 1, 3, "Episode 103"),
        Change("upgraded", "episode", "Show 7", 1, 1, "1080p to 4K"),
        Change("removed", "episode", "Show 7", 1, 2, "Episode 102"),
    ]


# ---------------------------------------------------------------- completeness


def _cut(plex: ScriptedPlex, kind: str, rows: int = 1) -> None:
    """Listings of this kind announce all their rows but stop after `rows`."""

    def cut(asked: Asked) -> Answer | None:
        if asked.query.get("type") != kind:
            return None
        whole = next(library for library in plex.libraries if int(kind) in library.rows).rows[int(kind)]
        start = int(asked.headers["x-plex-container-start"])
        page = whole[start:rows]
        return container("".join(page), size=len(page), totalSize=len(whole))

    plex.before = cut


def test_a_listing_cut_short_keeps_what_was_known_and_the_others_go_on(plex: ScriptedPlex, runs: Runs) -> None:
    runs.run()
    _cut(plex, "4")
    plex.libraries[1].rows[1] = [movie("5")]
    result = runs.run()
    assert result.failed == ("TV Shows",)
    assert result.episodes == 3
    assert result.movies == 1
    assert list(runs.warnings) == ["TV Shows"]
    assert runs.index.sections()[0].incomplete_reason == runs.warnings["TV Shows"]


def test_a_first_reading_that_was_cut_leaves_no_show_readable(plex: ScriptedPlex, runs: Runs) -> None:
    _cut(plex, "4")
    assert runs.run().failed == ("TV Shows",)
    assert [item.readable for item in runs.index.shows()] == [False, False]
    plex.before = lambda asked: None
    assert runs.run().failed == ()
    assert [item.readable for item in runs.index.shows()] == [True, True]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_section_that_plex_is_scanning_loses_nothing(plex: ScriptedPlex, runs: Runs, when: str) -> None:
    runs.run()
    library = plex.libraries[0]
    library.rows[4] = library.rows[4][:1]
    looks = iter([1, 1, 1] if when == "before" else [0, 1, 1])

    def refresh(asked: Asked) -> None:
        if asked.path == "/library/sections":
            library.refreshing = next(looks)

    plex.before = refresh
    result = runs.run()
    assert (result.failed, result.episodes) == (("TV Shows",), 3)
    assert "scanning" in runs.warnings["TV Shows"]
    library.refreshing, plex.before = 0, lambda asked: None
    assert runs.run().episodes == 1


def test_a_section_whose_scan_ended_meanwhile_is_read_once_more(plex: ScriptedPlex, runs: Runs) -> None:
    library = plex.libraries[0]
    library.refreshing = 1

    def end_of_its_scan(asked: Asked) -> None:
        if asked.query.get("type") == "4":
            library.refreshing = 0

    plex.before = end_of_its_scan
    assert runs.run().failed == ()
    pages = [asked for asked in plex.asked if asked.query.get("sort") == "addedAt:asc"]
    types = [asked.query["type"] for asked in pages]
    assert [sorted(types[:3]), types[3], sorted(types[4:])] == [["2", "3", "4"], "1", ["2", "3", "4"]]


def test_a_section_that_changed_while_it_was_read_is_read_once_more(plex: ScriptedPlex, runs: Runs) -> None:
    """One row removed and one added between two pages: the totals agree, and a row that is there stood on no page."""
    runs.run()
    library = plex.libraries[0]
    whole = library.rows[4]
    shifted = [whole[0], whole[2], episode("202", "8", (1, 2))]
    library.rows[4] = shifted  # 102 is on no page of the first look, though Plex still has it

    def after_the_listing(asked: Asked) -> None:
        if asked.query.get("type") == "4":
            library.changed = 101
        elif asked.path == "/library/sections" and library.changed == 101:
            library.rows[4] = [*whole, shifted[2]]

    plex.before = after_the_listing
    result = runs.run()
    assert (result.failed, result.episodes) == ((), 4)
    assert [change for change in runs.told if isinstance(change, Change) and change.kind == "removed"] == []


def test_many_titles_gone_at_once_wait_until_they_are_accepted(plex: ScriptedPlex, runs: Runs) -> None:
    plex.libraries[1].rows[1] = [movie(str(number)) for number in range(300, 400)]
    runs.run()
    plex.libraries[1].rows[1] = plex.libraries[1].rows[1][:50]
    result = runs.run()
    assert (result.held_back, result.movies) == (50, 100)
    assert runs.warnings["Films"].startswith(
        "50 titles are no longer in Plex. That is much at once, so they still count"
    )
    assert "--accept-removals" in runs.warnings["Films"]
    accepted = runs.run(accept=True)
    assert (accepted.held_back, accepted.movies, runs.warnings) == (0, 50, {})
    assert len(runs.of(Change)) == 50


def test_an_empty_library_and_a_missing_one_wait_too(plex: ScriptedPlex, runs: Runs) -> None:
    runs.run()
    plex.libraries[0].rows = {}
    films_library = plex.libraries.pop()
    result = runs.run()
    assert (result.held_back, result.episodes, result.movies) == (4, 3, 2)
    assert set(runs.warnings) == {"TV Shows", "Films"}
    plex.libraries.append(films_library)
    assert runs.run().held_back == 2
    plex.libraries.pop()
    assert runs.run(accept=True) == Ran((), 0, 0)


# ---------------------------------------------------------------- failures


def _failing(plex: ScriptedPlex, kind: str, status: int) -> None:
    def fail(asked: Asked) -> Answer | None:
        return Answer(status=status, body=b"<html/>", kind="text/html") if asked.query.get("type") == kind else None

    plex.before = fail


@pytest.mark.parametrize("status", [500, 503, 404, 400])
def test_a_section_that_fails_keeps_its_last_good_rows(plex: ScriptedPlex, runs: Runs, status: int) -> None:
    runs.run()
    _failing(plex, "3", status)
    result = runs.run()
    assert (result.failed, result.shows, result.episodes) == (("TV Shows",), 2, 3)
    assert all(item.readable for item in runs.index.shows())
    assert runs.warnings["TV Shows"]


def test_a_page_that_recovers_is_not_noticed(plex: ScriptedPlex, runs: Runs) -> None:
    left = iter([503, 503])

    def fail(asked: Asked) -> Answer | None:
        status = next(left, None) if asked.query.get("type") == "4" else None
        return Answer(status=status, body=b"") if status else None

    plex.before = fail
    assert runs.run().failed == ()


def test_a_server_that_goes_away_before_the_last_look_proves_nothing(plex: ScriptedPlex, runs: Runs) -> None:
    runs.run()
    plex.libraries[0].rows[4] = plex.libraries[0].rows[4][:1]
    looks = iter([None, Answer(status=503, body=b""), Answer(status=503, body=b""), Answer(status=503, body=b"")])
    plex.before = lambda asked: next(looks, None) if asked.path == "/library/sections" else None
    result = runs.run()
    assert (result.failed, result.episodes) == (("TV Shows", "Films"), 3)


def test_a_refused_token_ends_the_run(plex: ScriptedPlex, runs: Runs) -> None:
    runs.run()
    _failing(plex, "4", 401)
    with pytest.raises(Rejected):
        runs.run()
    assert runs.index.counts() == Counts(2, 3, 2)


def test_an_unreachable_server_ends_the_run(runs: Runs) -> None:
    with ScriptedPlex() as closed:
        runs.url = closed.url
    with pytest.raises(Unreachable):
        runs.run()


def test_a_library_that_does_not_exist_ends_the_run_before_anything_is_read(plex: ScriptedPlex, runs: Runs) -> None:
    def none_of(sections: Sequence[Section]) -> Sequence[Section]:
        raise ConfigError("library_name", f"not among {[section.title for section in sections]}")

    with pytest.raises(ConfigError, match="TV Shows"):
        runs.run(chosen=none_of)
    assert plex.paths == ["/", "/library/sections"]


def test_a_stopped_run_keeps_what_it_wrote_and_the_next_one_is_whole(plex: ScriptedPlex, runs: Runs) -> None:
    runs.run()
    plex.libraries[0].rows[2].append(show("9", leafCount=1))
    plex.libraries[0].rows[4].append(episode("901", "9", (1, 1)))

    def stop_at_the_first_progress(event: Event) -> None:
        if isinstance(event, Progress):
            runs.stop.set()

    with pytest.raises(Cancelled):
        runs.run(heard=stop_at_the_first_progress)
    readable = {item.rating_key: item.readable for item in runs.index.shows()}
    assert readable == {"7": True, "8": True, "9": False}  # of 9 the show was written, its episode not yet
    runs.stop.clear()
    assert runs.run().failed == ()
    assert all(item.readable for item in runs.index.shows())
    assert runs.index.counts() == Counts(3, 4, 2)


def test_an_index_that_cant_be_written_ends_the_run(runs: Runs, tmp_path: Path) -> None:
    def spoil(event: Event) -> None:
        if isinstance(event, Total):
            runs.index.close()
            (tmp_path / "library.db-wal").unlink(missing_ok=True)
            (tmp_path / "library.db").write_bytes(b"spoilt" * 1000)

    with pytest.raises(StoreError):
        runs.run(heard=spoil)
