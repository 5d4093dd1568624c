"""Bad input and failing services: each with its own sentence, nothing lost, nothing unknown shown as an answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from plexgap import wiring
from plexgap.domain import events
from plexgap.domain.errors import ConfigError, PlexgapError, Rejected, ScanRunning, Unreachable
from plexgap.domain.events import RunStatus
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import State
from plexgap.jobs import choices
from plexgap.jobs.scan import Mode, ScanPlan
from tests.scan.conftest import Install, Installation
from tests.scan.test_modes import gaps, ordinary


def test_wrong_plex_token_is_said_to_be_refused(install: Install) -> None:
    installation = install(plex_token="wrong-token-0123456789")
    with pytest.raises(Rejected) as refused:
        installation.scan()
    assert "Plex" in refused.value.advice
    assert "token" in refused.value.advice
    assert "wrong-token" not in str(refused.value) + refused.value.advice
    run = installation.report.last_run
    assert run is not None
    assert (run.status, run.advice) == (RunStatus.FAILED, refused.value.advice)
    assert run.before is None


def test_wrong_tmdb_key_ends_the_scan_and_keeps_what_plex_gave(install: Install) -> None:
    installation = install(tmdb_api_key="0123456789abcdef0123456789abcdef")
    with pytest.raises(Rejected) as refused:
        installation.scan()
    assert "TMDB refused this key" in refused.value.advice
    assert installation.house.index.counts().episodes == installation.demo.world.episodes_held
    assert installation.report.tally.not_checked_yet == installation.report.tally.shows


def test_missing_keys_are_asked_for_before_anything_else(install: Install) -> None:
    installation = install(tmdb_api_key="", tvdb_api_key="")
    with pytest.raises(ConfigError) as problem:
        installation.scan()
    assert "TMDB key" in problem.value.advice
    assert installation.asked("plex") == 0


def test_plex_that_is_away_changes_nothing(checked: Installation) -> None:
    before, seen = gaps(checked), checked.report.library_seen_at
    checked.demo.refuse("plex")
    with pytest.raises(Unreachable) as away:
        checked.scan()
    assert "Plex can't be reached" in away.value.advice
    assert gaps(checked) == before
    assert checked.report.last_run is not None
    assert checked.report.last_run.before == seen


def test_library_that_does_not_exist_is_said_with_those_that_do(install: Install) -> None:
    installation = install(library_name="TV Showz")
    with pytest.raises(ConfigError) as problem:
        installation.scan()
    there = [section.title for section in installation.house.index.sections() if section.kind is Kind.SHOW]
    assert there
    assert all(f'"{title}"' in problem.value.advice for title in there)
    assert '"TV Showz"' in problem.value.advice


@pytest.mark.parametrize("kind", ["status", "html"])
def test_shows_whose_lookup_failed_are_unknown_and_heal(install: Install, kind: str) -> None:
    installation = install()
    failing = [truth for truth in installation.demo.world.truths if "archived_gaps" in truth.tags][:3]
    ids = "|".join(str(truth.tmdb_id) for truth in failing)
    installation.demo.knobs["tmdb"].add(kind, rf"/3/tv/({ids})\?", count=None)
    done = installation.scan()
    assert done.status is RunStatus.PARTIAL
    unknown = [show for show in installation.report.shows if show.state is State.UNKNOWN]
    assert {show.title for show in unknown} == {truth.title for truth in failing}
    assert installation.report.tally.unknown == 3
    assert all(show.reason and "TMDB" in show.reason for show in unknown)
    assert not any(show.missing for show in unknown)
    installation.demo.reset()
    assert installation.scan(None).status is RunStatus.OK
    assert installation.report.tally.unknown == 0


def test_two_shows_of_one_name_that_fail_are_two_on_record(checked: Installation) -> None:
    failing = [truth for truth in checked.demo.world.truths if "same_name" in truth.tags]
    assert len({truth.title for truth in failing}) < len(failing)
    checked.demo.knobs["tmdb"].add(
        "html", rf"/3/tv/({'|'.join(str(truth.tmdb_id) for truth in failing)})\?", count=None
    )
    checked.scan()
    (record,) = checked.house.index.run_records(1, 9)
    assert record.unchecked == {"show": len(failing)}
    assert checked.report.tally.unknown == len(failing)


def test_failed_lookup_is_no_reason_to_search_and_a_failed_search_no_reason_to_ask_the_person(
    install: Install,
) -> None:
    installation = install()
    (merged,) = [truth for truth in installation.demo.world.truths if "merged_at_tmdb" in truth.tags]
    knobs = installation.demo.knobs["tmdb"]
    knobs.add("html", r"/3/tv/3\d{3}\?", count=None)
    installation.scan()
    assert installation.show(merged.title).state is State.UNKNOWN
    assert not any("/search/" in entry.path and merged.title in entry.path for entry in knobs.requests)
    installation.demo.reset()
    knobs.add("html", r"/3/search/tv", count=None)
    installation.scan(None)
    assert installation.show(merged.title).state is State.UNKNOWN
    assert "TMDB" in (installation.show(merged.title).reason or "")
    installation.demo.reset()
    installation.scan(None)
    assert installation.show(merged.title).state is State.COMPLETE


def test_failed_lookup_keeps_the_last_good_answer_against_what_is_held_now(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    season, number = checked.show(title).missing[0].number
    others = checked.show(title).missing[1:]
    checked.demo.change.add_episode(title, season, number)
    checked.demo.knobs["tmdb"].add("html", f"/3/tv/{checked.show(title).show_id}", count=None)
    checked.scan(Mode.FULL)
    show = checked.show(title)
    assert (show.state, show.stale) == (State.UNKNOWN, True)
    assert [line.number for line in show.missing] == [line.number for line in others]
    assert show.checked_at is not None


def test_outage_half_way_leaves_the_rest_unknown_and_does_not_take_minutes(install: Install) -> None:
    installation = install()
    installation.demo.knobs["tmdb"].add("reset", r"/3/tv/", count=None, skip=20)
    done = installation.scan()
    report = installation.report
    assert done.status is RunStatus.PARTIAL
    assert report.tally.unknown >= 30
    assert report.tally.complete + report.tally.with_gaps >= 15
    assert not report.complete


@pytest.mark.parametrize("retry_after", [None, "1"])
def test_being_asked_to_slow_down_is_obeyed_and_told(install: Install, retry_after: str | None) -> None:
    installation = install()
    installation.demo.knobs["tmdb"].add("status", r"/3/tv/", count=2, status=429, retry_after=retry_after)
    told = [event for event in installation.events() if isinstance(event, events.RateLimited)]
    assert told
    assert told[0].service == "TMDB"
    assert installation.report.tally.unknown == 0


def test_short_listing_takes_nothing_out_and_adds_no_gap(checked: Installation) -> None:
    before = gaps(checked)
    checked.demo.change.set_short("TV Shows", 40)
    done = checked.scan()
    assert done.status is RunStatus.PARTIAL
    assert "TV Shows" in done.advice
    assert gaps(checked) == before


def test_first_reading_that_was_short_says_missing_of_nothing(install: Install) -> None:
    installation = install()
    installation.demo.change.set_short("TV Shows", 40)
    installation.scan()
    shows = [show for show in installation.report.shows if show.libraries == ("TV Shows",)]
    assert shows
    assert not any(show.missing for show in shows)
    assert {show.state for show in shows} <= {State.UNKNOWN, State.NEEDS_MAPPING}
    installation.demo.change.set_short("TV Shows", 0)
    installation.scan(None)
    assert installation.report.tally.unknown == 0


def test_empty_listing_takes_nothing_out(checked: Installation) -> None:
    held = checked.house.index.counts()
    before = gaps(checked)
    checked.demo.change.empty_section("TV Shows")
    done = checked.scan()
    assert done.status is RunStatus.PARTIAL
    assert checked.house.index.counts() == held
    assert gaps(checked) == before


def test_library_plex_is_scanning_itself_loses_nothing(checked: Installation) -> None:
    title = ordinary(checked, "archived_complete")
    checked.demo.change.remove_episode(title, 1, 2)
    checked.demo.change.set_refreshing("TV Shows", on=True)
    checked.scan()
    assert not checked.show(title).missing
    checked.demo.change.set_refreshing("TV Shows", on=False)
    checked.scan()
    assert [line.number for line in checked.show(title).missing] == [(1, 2)]


def test_large_removal_is_held_back_until_it_is_accepted(checked: Installation) -> None:
    shows = [show.title for show in checked.report.shows if show.libraries == ("TV Shows",)]
    gone = list(dict.fromkeys(shows))[:25]
    for title in gone:
        checked.demo.change.remove_show(title)
    done = checked.scan()
    assert done.status is RunStatus.PARTIAL
    (waiting,) = checked.report.held_back
    assert waiting.section == "TV Shows"
    assert waiting.count >= 25
    assert {show.title for show in checked.report.shows} >= set(gone)
    assert not checked.report.complete
    assert checked.scan(accept_removals=True).status is RunStatus.OK
    assert not {show.title for show in checked.report.shows} & set(gone)


def test_a_single_removal_that_is_held_back_is_said_in_the_singular(checked: Installation) -> None:
    """The last title of a library: an empty listing proves nothing."""
    first, *others = list(checked.demo.world.library.titled("Anime").entries)
    for entry in others:
        checked.demo.change.remove_show(entry.title, entry.year)
    checked.scan()
    checked.demo.change.remove_show(first.title, first.year)
    done = checked.scan()
    assert done.advice == "1 title is no longer in Plex; it still counts as held until you accept it."


def test_stopped_scan_keeps_what_was_done_and_another_may_start(install: Install) -> None:
    installation = install()
    installation.demo.knobs["tmdb"].set_latency(0.05)
    stop = threading.Event()
    done: events.Event | None = None
    for event in installation.events(stop=stop):
        done = event
        if isinstance(event, events.Progress) and event.phase is events.Phase.COMPARE and event.done >= 10:
            stop.set()
    assert isinstance(done, events.RunDone)
    assert done.status is RunStatus.STOPPED
    tally, run = installation.report.tally, installation.report.last_run
    assert 0 < tally.not_checked_yet < tally.shows
    assert run is not None
    assert run.before is None
    assert installation.scan(None).status is RunStatus.OK
    assert installation.report.tally.not_checked_yet == 0


def test_second_scan_is_refused_while_one_runs(checked: Installation) -> None:
    running = checked.events()
    next(running)
    next(running)
    with pytest.raises(ScanRunning) as busy:
        list(wiring.run_scan(checked.house, ScanPlan(), threading.Event(), wait_s=0.0))
    assert "a test" in busy.value.advice
    running.close()  # type: ignore[attr-defined]
    run = checked.report.last_run
    assert run is not None
    assert (run.status, run.advice) == (RunStatus.STOPPED, "")
    assert checked.scan().status is RunStatus.OK


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        pytest.param(
            "library.db", lambda data: b"this is no database, but it is long enough to look like one" * 40, id="db"
        ),
        pytest.param("decisions.json", lambda data: data[: len(data) // 2], id="decisions"),
    ],
)
def test_broken_file_is_set_aside_and_said(checked: Installation, name: str, spoil: Callable[[bytes], bytes]) -> None:
    before = gaps(checked)
    choices.ignore(checked.house.decisions, checked.report.shows[0], now=checked.clock())
    choices.ignore(checked.house.decisions, checked.report.shows[1], now=checked.clock())
    path = checked.house.paths.home / name
    checked.house.close()
    path.write_bytes(spoil(path.read_bytes()))
    checked.open()
    checked.scan(None)
    assert any(name in notice for notice in (*checked.house.state.notices, *checked.house.decisions.notices)) or any(
        "mirror" in notice for notice in checked.house.state.notices
    )
    assert list(path.parent.glob(f"{name}.broken-*"))
    assert len(checked.report.ignores) >= 1
    assert {key for key, _ in gaps(checked).items()} == set(before)


def test_no_secret_stands_in_any_file_of_the_home(install: Install) -> None:
    key = "0123456789abcdef0123456789abcdef"
    installation = install()
    token = installation.demo.world.plex_token
    installation.scan()
    installation.open(tmdb_api_key=key)
    with pytest.raises(PlexgapError):
        installation.scan()
    files = [path for path in installation.home.rglob("*") if path.is_file()]
    assert len(files) > 50
    secrets = [token.encode(), key.encode(), installation.demo.world.tmdb_read_token.encode()]
    assert not [path for path in files for secret in secrets if secret in path.read_bytes()]


def test_listings_are_compact_readable_and_without_people(checked: Installation) -> None:
    path = next((checked.house.paths.cache / "tmdb").glob("tv-*.json"))
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["fetched_at"]
    assert "guest_stars" not in path.read_text(encoding="utf-8")
    assert path.stat().st_size < 20_000


def test_id_that_could_not_be_looked_up_makes_unknown_not_unmapped(install: Install) -> None:
    installation = install()
    installation.demo.knobs["tmdb"].add("html", r"/3/find/", count=None)
    installation.scan()
    by_id = [t for t in installation.demo.world.truths if t.tags & {"tvdb_guid_only", "imdb_guid_only"}]
    assert by_id
    assert {installation.show(truth.title).state for truth in by_id} == {State.UNKNOWN}
